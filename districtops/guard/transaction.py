"""The request is the transaction: an unsafe request that succeeds commits once, everything else is rolled back."""

from collections.abc import Callable
from contextvars import Token

from flask import Flask, g, request
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from districtops.guard import audit, once
from districtops.kit.db import Base, db, writing
from districtops.kit.forms import Form, VersionedForm
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


STALE = _l(
    "Somebody saved this after you had opened it. Nothing of yours is lost: compare the two versions on this page, "
    "then save yours or leave the page to keep what is stored."
)

CONSTRAINT_MESSAGES: dict[str, tuple[str, str | None]] = {}
"""Constraint name -> (message, field): how a violated constraint reads on a form."""


def explains(constraint: str, message: str, field: str | None = None) -> None:
    """Give a database constraint the words and the field under which a form shows it."""
    CONSTRAINT_MESSAGES[constraint] = (message, field)


def save(form: Form, act: Callable[[], object], *, version: str | None = None) -> bool:
    """Do ``act`` whole or not at all when the form was sent and is right.

    ``version`` is the present version of the row that a VersionedForm edits. A refusal, by a rule or by the database,
    is shown on the form; so is a save from an older version. Everything typed is kept.
    """
    if not form.validate_on_submit():
        return False
    if once.was_sent_differently():
        form.refuse(once.SENT_BEFORE)
        return False
    if isinstance(form, VersionedForm) and version is not None and form.is_stale(version):
        form.refuse(STALE)
        return False
    try:
        with db.session.begin_nested():
            act()
            db.session.flush()
    except RuleBroken as refusal:
        form.refuse(refusal.message, refusal.field)
    except StaleDataError:
        form.stale = True
        form.refuse(STALE)
    except IntegrityError as error:
        form.refuse(*_explanation(error))
    else:
        return True
    return False


def _explanation(error: IntegrityError) -> tuple[str, str | None]:
    default = (_l("This does not fit with what is already recorded. Check the values and save again."), None)
    return CONSTRAINT_MESSAGES.get(_violated(error) or "", default)


def _violated(error: IntegrityError) -> str | None:
    """The name of the violated constraint. PostgreSQL tells it; SQLite tells a CHECK's name or a key's columns."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    kind, _, rest = str(error.orig).partition(" constraint failed: ")
    if kind != "UNIQUE":
        return rest
    table = Base.metadata.tables.get(rest.partition(".")[0])
    columns = {part.strip().partition(".")[2] for part in rest.split(",")}
    for constraint in table.constraints if table is not None else ():
        if isinstance(constraint, UniqueConstraint) and {column.name for column in constraint.columns} == columns:
            return str(constraint.name)
    return None


def begin() -> None:
    """Before the first query: only a request that may write takes the writer's place."""
    token: Token[bool] = writing.set(request.method not in SAFE_METHODS)
    g.writing_before = token


def finish(response: Response) -> Response:
    """After the view: commit what an unsafe request did well, forget everything else but the record of a view."""
    if request.method in SAFE_METHODS and response.status_code < 400:
        audit.write_notes()
    elif response.status_code < 400:
        once.remember(response)
        db.session.commit()
    else:
        db.session.rollback()
    return response


def _restore(_error: BaseException | None) -> None:
    token = g.pop("writing_before", None)
    if token is not None:
        writing.reset(token)


def init_app(app: Flask) -> None:
    """Attach the hooks. ``begin`` runs first of all, ``finish`` first after the view."""
    app.before_request(begin)
    app.after_request(finish)
    app.teardown_request(_restore)
