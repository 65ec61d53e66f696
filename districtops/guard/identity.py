"""Who is asking: open sign-ins kept in the database, so that one can be ended and a copied cookie dies with it.

Flask-Login keeps the browser's side; this is the only module that speaks to it.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from districtops import clock
from districtops.guard import audit
from districtops.guard.tenancy import NOBODY, Scope, across_districts, enter
from districtops.kit.browser import browser_of
from districtops.kit.db import db, writing
from districtops.models import FailedSignIn, Grant, Role, SignedInSession, User

SEEN_EVERY = dt.timedelta(minutes=1)
"""``seen_at`` is written at most this often: else every page would be a write."""
FAILURES_KEPT = dt.timedelta(days=90)
"""A count of vain attempts that nobody added to for so long is dropped: most belong to names that do not exist."""


@dataclass(frozen=True)
class SignedIn:
    """A signed-in person as plain values, taken once at the start of a request."""

    user: User
    key: str
    grants: tuple[tuple[Role, str | None], ...]
    scope: Scope
    row: SignedInSession

    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The random key of this sign-in, which the signed cookie carries; never the person's id."""
        return self.key

    @property
    def is_authenticated(self) -> bool:
        """Whether nothing is missing. Somebody who still owes the code of their app is nobody to every page."""
        return self.user.second_factor_seed is None or self.row.passed_second_factor

    @property
    def must_choose_password(self) -> bool:
        """Whether the password is a one-time one, given by an administrator."""
        return self.user.one_time_until is not None

    @property
    def must_set_up_second_factor(self) -> bool:
        """Whether the office asks this person for a second factor that they do not have yet."""
        asked = current_app.config["SECOND_FACTOR"]
        if self.user.second_factor_seed is not None or asked == "off":
            return False
        return asked == "everybody" or any(role is Role.ADMINISTRATOR for role, _ in self.grants)

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


def _present() -> SignedIn | None:
    person = current_user._get_current_object() if current_user else None
    return person if isinstance(person, SignedIn) else None


def visitor() -> SignedIn | None:
    """Who is signed in, if anybody."""
    person = _present()
    return person if person is not None and person.is_authenticated else None


def visitor_id() -> int | None:
    """The id of who is signed in, as rows keep who entered them."""
    person = visitor()
    return person.user.id if person else None


def half_signed_in() -> SignedIn | None:
    """Who gave the right password and still owes the code of their app, if anybody. They may see nothing else."""
    person = _present()
    return person if person is not None and not person.is_authenticated else None


def open_session(user: User, *, failures: int = 0, passed: bool = False) -> None:
    """Sign a person in under a new key. Whatever the browser's session held before is gone, an open sign-in too.

    ``passed`` says that the code of their app was right; somebody who has an app and did not show it is half signed in.
    """
    close_session()
    key = secrets.token_urlsafe(32)
    moment = clock.now()
    db.session.execute(delete(SignedInSession).where(SignedInSession.opened_at < moment - _longest()))
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.last_at < moment - FAILURES_KEPT))
    browser, system = browser_of(request.user_agent.string)
    row = SignedInSession(
        digest=keyed_digest(key),
        user_id=user.id,
        opened_at=moment,
        seen_at=moment,
        address=(request.remote_addr or "")[:45] or None,
        browser=browser,
        system=system,
        passed_second_factor=passed,
        previous_at=user.last_signed_in_at,
        failures_before=failures,
    )
    db.session.add(row)
    person = _signed_in(user, key, row)
    if person.is_authenticated:
        keep_in_silence(user, last_signed_in_at=moment)
        audit.note("signed in", "user_account", user.id, by=person.scope)
    # Flask-Login refuses nobody whose account is open, and half signed in is a state that it does not know.
    login_user(person)


def keep_in_silence(user: User, **values: Any) -> None:
    """Write columns of a person that belong to signing in: no change of the office's data, and no new version, which
    would make a form stale that somebody has open."""
    db.session.execute(
        update(User).where(User.id == user.id).values(**values),
        execution_options={
            **across_districts("sign-in: the scope is not known yet"),
            "synchronize_session": False,
        },
    )


def close_session() -> None:
    """Sign the visitor out: the key in the browser, and in every copy of its cookie, is worth nothing now."""
    person = _present()
    if person is not None:
        db.session.execute(delete(SignedInSession).where(SignedInSession.digest == keyed_digest(person.key)))
        if person.is_authenticated:
            audit.note("signed out", "user_account", person.user.id, by=person.scope)
    logout_user()
    session.clear()


def open_sessions_of(user: User) -> Sequence[SignedInSession]:
    """The sign-ins of a person that still open a page, the one last used first. The person was read within the
    reader's districts, or is the reader."""
    rows = db.session.execute(
        select(SignedInSession)
        .where(SignedInSession.user_id == user.id)
        .order_by(SignedInSession.seen_at.desc(), SignedInSession.id.desc())
    ).scalars()
    return [row for row in rows if not _is_over(row)]


def close_one_session(user: User, row_id: int) -> bool:
    """End one open sign-in of a person. False when it is not theirs or has ended already."""
    found = db.session.execute(
        select(SignedInSession).where(SignedInSession.id == row_id, SignedInSession.user_id == user.id)
    ).scalar_one_or_none()
    if found is None:
        return False
    db.session.delete(found)
    audit.note("sign-ins ended", "user_account", user.id)
    return True


def close_sessions_of(user: User, *, but: str | None = None) -> None:
    """End every open sign-in of a person, except the one with the key ``but``."""
    kept = keyed_digest(but) if but else ""
    db.session.execute(
        delete(SignedInSession).where(SignedInSession.user_id == user.id, SignedInSession.digest != kept)
    )
    audit.note("sign-ins ended", "user_account", user.id)


def _longest() -> dt.timedelta:
    return dt.timedelta(hours=current_app.config["SESSION_HOURS"])


def _is_over(row: SignedInSession) -> bool:
    moment = clock.now()
    idle = dt.timedelta(minutes=current_app.config["IDLE_MINUTES"])
    return moment - row.opened_at > _longest() or moment - row.seen_at > idle


def _load(key: str) -> SignedIn | None:
    found = db.session.execute(
        select(SignedInSession).where(SignedInSession.digest == keyed_digest(key)),
        execution_options=across_districts("sign-in: the scope is not known yet"),
    ).scalar_one_or_none()
    if found is None or _is_over(found):
        return None
    user = db.session.execute(
        select(User).where(User.id == found.user_id),
        execution_options=across_districts("sign-in: the scope is not known yet"),
    ).scalar_one_or_none()
    if user is None or not user.active:
        return None
    moment = clock.now()
    if moment - found.seen_at > SEEN_EVERY:
        g.seen = (found.id, moment)
    return _signed_in(user, key, found)


def note_seen(response: Response) -> Response:
    """Write when the sign-in was last seen, in a transaction of its own after the request's: a form that is refused is
    rolled back, and was work all the same. While the database is busy it is left to the next request, because an answer
    that stands must not turn into a fault."""
    seen = g.pop("seen", None)
    if seen is not None:
        row_id, moment = seen
        token = writing.set(True)
        try:
            with suppress(OperationalError), db.engine.begin() as connection:
                connection.execute(update(SignedInSession).where(SignedInSession.id == row_id).values(seen_at=moment))
        finally:
            writing.reset(token)
    return response


def _signed_in(user: User, key: str, row: SignedInSession) -> SignedIn:
    rows = db.session.execute(
        select(Grant.role, Grant.module, Grant.district_id).where(Grant.user_id == user.id, Grant.ended_at.is_(None)),
        execution_options=across_districts("sign-in: a person's own grants make the scope"),
    ).all()
    if user.district_id is None:
        scope = Scope(frozenset(grant.district_id for grant in rows), user_id=user.id)
    else:
        rows = [grant for grant in rows if grant.district_id == user.district_id]
        scope = Scope(frozenset({user.district_id}), home=user.district_id, user_id=user.id)
    return SignedIn(user, key, tuple((grant.role, grant.module) for grant in rows), scope, row)


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
