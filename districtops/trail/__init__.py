"""The trail: what auditors read of the record of changes, and how it is verified."""

from districtops.trail.views import blueprint

__all__ = ["blueprint"]
