"""What residents say about a playground, and what became of it."""
