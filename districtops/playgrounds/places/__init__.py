"""The playgrounds themselves, and their zones."""
