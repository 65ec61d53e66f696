"""A project's contracts and when their money falls due."""
