"""Rows of the modules for tests: each function takes the Maker, and every default is an ordinary, honest value."""
