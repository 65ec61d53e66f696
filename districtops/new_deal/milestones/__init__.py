"""The dated steps of projects: which are late, by how much, and why."""
