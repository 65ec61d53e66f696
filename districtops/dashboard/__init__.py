"""The first page: what all modules say about themselves, and small helps that every page uses."""

from districtops.dashboard.views import blueprint

__all__ = ["blueprint"]
