"""A form that arrives twice is carried out once: a double click, a lost answer, eight sends at the same moment.

Every form of a page carries a random key. The first arrival keeps it in the same transaction as what it saves; a later
one is led to where the first was led. The key counts for one person and one address, for seven days.
"""

import datetime as dt
import hashlib
import secrets

from flask import Flask, abort, current_app, flash, g, redirect, request
from flask_babel import gettext
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from districtops import clock
from districtops.guard.access import PUBLIC, SIGNED_IN, mark_of
from districtops.guard.identity import keyed_digest, visitor
from districtops.kit.db import db
from districtops.kit.text import _l
from districtops.models import SentForm

FIELD = "once"
KEPT_FOR = dt.timedelta(days=7)
UNSEEN = frozenset({FIELD, "csrf_token"})

SENT_BEFORE = _l(
    "This form was sent and saved before, with other contents. If you want to save this as well, send it once more; "
    "if not, leave the page."
)


def key() -> str:
    """A new key, for a form that is being shown: 30 random digits."""
    return f"{secrets.randbelow(10**30):030d}"


def claim() -> Response | None:
    """Before the view: keep the form's key, or answer in its place when the same form was answered before.

    What only concerns the reader (their language, their password) may be sent as often as they like. The insert waits
    for whoever sends the same form at this moment: SQLite has one writer, PostgreSQL waits at the unique key.
    """
    person, sent = visitor(), request.form.get(FIELD) if request.method == "POST" else None
    mark = mark_of(current_app, request.endpoint) if request.endpoint else None
    if not sent or person is None or mark in (None, PUBLIC, SIGNED_IN):
        return None
    row = SentForm(digest=keyed_digest(f"{person.user.id} {request.path} {sent}"), content=_content(), at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        before = db.session.execute(select(SentForm).where(SentForm.digest == row.digest)).scalar_one_or_none()
        if before is None or before.location is None:
            abort(409)
        if before.content == row.content:
            flash(gettext("This form arrived twice. It was saved once."), "info")
            return redirect(before.location, 303)
        g.sent_differently = True
        return None
    g.sent_form = row
    return None


def was_sent_differently() -> bool:
    """Whether this form was answered before, with other contents: the reader went back and changed it."""
    return bool(g.get("sent_differently"))


def remember(response: Response) -> None:
    """After the view, before the commit: keep where the answer led, and drop what is older than seven days."""
    row: SentForm | None = g.get("sent_form")
    if row is not None:
        row.location = response.location or request.full_path.rstrip("?")
        db.session.execute(delete(SentForm).where(SentForm.at < clock.now() - KEPT_FOR))


def _content() -> str:
    """A digest of what was typed and of the names of the files that came with it."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in UNSEEN]
    files = [(name, file.filename) for name, file in request.files.items(multi=True)]
    return hashlib.sha256(repr([sorted(typed), sorted(files)]).encode()).hexdigest()


def init_app(app: Flask) -> None:
    """Attach the hook, and the key that the form templates ask for."""
    app.before_request(claim)
    app.jinja_env.globals["once_key"] = key
