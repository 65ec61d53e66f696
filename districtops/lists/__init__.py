"""What every list of every module gets without asking: its page and files, chosen columns, saved views."""
