"""Award and matching lines, and what becomes of an award."""
