"""What this database is: not set up yet, an office's own, or a demonstration with its as-of date."""

from flask import current_app, g, request
from sqlalchemy import select

from districtops.kit.db import db
from districtops.models import Installation


def installation() -> Installation | None:
    """The one row that says what this database is; None before it is set up. Asked once a request."""
    if "installation" not in g:
        g.installation = db.session.execute(select(Installation)).scalar_one_or_none()
    found: Installation | None = g.installation
    return found


def is_demonstration() -> bool:
    """Whether the database holds the demonstration, with its known passwords."""
    found = installation()
    return found is not None and found.demonstration


def pin_today() -> None:
    """A demonstration shows the day it was made for, unless the setting names another one."""
    config = current_app.config
    if request.endpoint != "static" and config.get("TODAY_SETTING") is None:
        found = installation()
        config["TODAY"] = found.as_of if found is not None and found.demonstration else None
