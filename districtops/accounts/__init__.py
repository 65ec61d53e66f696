"""Accounts: signing in and out, one's own settings, and the people of a district with what they were granted."""

from districtops.accounts.views import blueprint

__all__ = ["blueprint"]
