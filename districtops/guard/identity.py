"""Who is asking: open sign-ins kept in the database, so that one can be ended and a copied cookie dies with it.

Flask-Login keeps the browser's side; this is the only module that speaks to it.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import delete, select, update
from werkzeug.wrappers import Response

from districtops import clock
from districtops.guard import audit
from districtops.guard.tenancy import NOBODY, Scope, across_districts, enter
from districtops.kit.db import db, writing
from districtops.models import Grant, Role, SignedInSession, User

SEEN_EVERY = dt.timedelta(minutes=1)
"""``seen_at`` is written at most this often: else every page would be a write."""


@dataclass(frozen=True)
class SignedIn:
    """A signed-in person as plain values, taken once at the start of a request."""

    user: User
    key: str
    grants: tuple[tuple[Role, str | None], ...]
    scope: Scope

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The random key of this sign-in, which the signed cookie carries; never the person's id."""
        return self.key

    @property
    def must_choose_password(self) -> bool:
        """Whether the password is a one-time one, given by an administrator."""
        return self.user.one_time_until is not None

    @property
    def display_name(self) -> str:
        """The name in the reader's language."""
        return self.user.name

    @property
    def department_name(self) -> str:
        """The division or team, empty when none is recorded."""
        return self.user.department.name if self.user.department else ""

    @property
    def initial(self) -> str:
        """The first letter of the name, for the round picture."""
        return self.user.name[:1]


def keyed_digest(text: str) -> str:
    """A digest that nobody without the installation's key can compute or reverse."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def visitor() -> SignedIn | None:
    """Who is signed in, if anybody."""
    person = current_user
    return person._get_current_object() if person and person.is_authenticated else None


def open_session(user: User) -> None:
    """Sign a person in under a new key. Whatever the browser's session held before is gone."""
    key = secrets.token_urlsafe(32)
    moment = clock.now()
    db.session.execute(delete(SignedInSession).where(SignedInSession.opened_at < moment - _longest()))
    db.session.add(SignedInSession(digest=keyed_digest(key), user_id=user.id, opened_at=moment, seen_at=moment))
    session.clear()
    person = _signed_in(user, key)
    audit.note("signed in", "user_account", user.id, by=person.scope)
    login_user(person)


def close_session() -> None:
    """Sign the visitor out: the key in the browser, and in every copy of its cookie, is worth nothing now."""
    person = visitor()
    if person is not None:
        db.session.execute(delete(SignedInSession).where(SignedInSession.digest == keyed_digest(person.key)))
        audit.note("signed out", "user_account", person.user.id)
    logout_user()
    session.clear()


def close_sessions_of(user: User, *, but: str | None = None) -> None:
    """End every open sign-in of a person, except the one with the key ``but``."""
    kept = keyed_digest(but) if but else ""
    db.session.execute(
        delete(SignedInSession).where(SignedInSession.user_id == user.id, SignedInSession.digest != kept)
    )


def _longest() -> dt.timedelta:
    return dt.timedelta(hours=current_app.config["SESSION_HOURS"])


def _load(key: str) -> SignedIn | None:
    found = db.session.execute(
        select(SignedInSession).where(SignedInSession.digest == keyed_digest(key)),
        execution_options=across_districts("sign-in: the scope is not known yet"),
    ).scalar_one_or_none()
    moment = clock.now()
    if found is None or moment - found.opened_at > _longest():
        return None
    if moment - found.seen_at > dt.timedelta(minutes=current_app.config["IDLE_MINUTES"]):
        return None
    user = db.session.execute(
        select(User).where(User.id == found.user_id),
        execution_options=across_districts("sign-in: the scope is not known yet"),
    ).scalar_one_or_none()
    if user is None or not user.active:
        return None
    if moment - found.seen_at > SEEN_EVERY:
        g.seen = (found.id, moment)
    return _signed_in(user, key)


def note_seen(response: Response) -> Response:
    """Write when the sign-in was last seen, in a transaction of its own after the request's: a form that is refused is
    rolled back, and was work all the same."""
    seen = g.pop("seen", None)
    if seen is not None:
        row_id, moment = seen
        token = writing.set(True)
        try:
            with db.engine.begin() as connection:
                connection.execute(update(SignedInSession).where(SignedInSession.id == row_id).values(seen_at=moment))
        finally:
            writing.reset(token)
    return response


def _signed_in(user: User, key: str) -> SignedIn:
    rows = db.session.execute(
        select(Grant.role, Grant.module, Grant.district_id).where(Grant.user_id == user.id, Grant.ended_at.is_(None)),
        execution_options=across_districts("sign-in: a person's own grants make the scope"),
    ).all()
    if user.district_id is None:
        scope = Scope(frozenset(row.district_id for row in rows), user_id=user.id)
    else:
        rows = [row for row in rows if row.district_id == user.district_id]
        scope = Scope(frozenset({user.district_id}), home=user.district_id, user_id=user.id)
    return SignedIn(user, key, tuple((row.role, row.module) for row in rows), scope)


def scope_the_session() -> None:
    """Before anything else of a request: load the visitor and show the session their districts only."""
    enter(NOBODY)
    # A style sheet is the same for everybody; asking the database for each would cost more than sending it.
    person = None if request.endpoint == "static" else visitor()
    if person is not None:
        # The rows loaded at sign-in stay: they are the visitor's own.
        db.session().info["scope"] = person.scope


def init_app(app: Flask) -> None:
    """Attach Flask-Login."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    # The key itself dies with the session; binding it to a browser's name would sign people out at every update.
    manager.session_protection = None
