"""Accounts: signing in and out, one's own settings, and the people of a district with what they were granted."""

from districtops.accounts import people_sign_ins, second_factor, sign_in
from districtops.accounts.views import blueprint

# Their views are added to the blueprints when they are imported.
__all__ = ["blueprint", "people_sign_ins", "second_factor", "sign_in"]
