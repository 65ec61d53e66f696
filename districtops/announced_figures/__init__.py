"""Announced figures: what the office told the public, checked against what the modules' rows say."""

from districtops.announced_figures.views import blueprint

__all__ = ["blueprint"]
