"""Measures the product against the goals of its speed, as ratios in one run: ``make bench``."""
