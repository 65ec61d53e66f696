"""What residents say about a project or the programme, and what becomes of it."""
