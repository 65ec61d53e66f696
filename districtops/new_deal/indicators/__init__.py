"""What shows that a project worked, read day by day."""
