"""Calls: found, shown to divisions, answered."""
