"""The blueprint that all pages of the playgrounds share."""

from flask import Blueprint

from districtops.guard.identity import visitor

blueprint = Blueprint("playgrounds", __name__, url_prefix="/playgrounds")


def me() -> int | None:
    """The id of who is signed in."""
    person = visitor()
    return person.user.id if person else None
