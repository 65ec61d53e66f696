"""What keeps an installation safe: backups, restoring them, and whether the server stands as it should."""
