"""What will be left of the money at the end of the year, and what becomes of it."""
