"""The daily log: who came, and what happened."""
