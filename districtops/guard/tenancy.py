"""District isolation: a session sees and writes the rows of its scope, and nothing without one.

The scope is plain values, set once before the first query of a request or command. Reading the signed-in user from
inside these events would query, which would call them again.

Two fences, which know nothing of each other: the session adds the condition to every statement, and on PostgreSQL the
database itself shows no other row (row-level security, guard.protection), whatever the statement says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction, with_loader_criteria

from districtops.kit.db import db, is_sqlite
from districtops.models import DistrictScoped, User


class NoScope(RuntimeError):
    """A query ran before the session was told whose rows it may see."""


class ForeignDistrict(RuntimeError):
    """A row of another district was about to be written. Never a reader's mistake: a defect of ours or an attack."""


@dataclass(frozen=True)
class Scope:
    """Whose rows a session sees. ``home`` is the one district it may write, if any; ``user_id`` may always change
    their own settings."""

    districts: frozenset[int]
    home: int | None = None
    user_id: int | None = None


NOBODY = Scope(frozenset())

FENCE = "districtops.districts"
"""The setting of a PostgreSQL transaction that names the districts whose rows the database shows it."""

EVERY = "every"
"""The value of FENCE under which the database shows the rows of all districts."""


def enter(scope: Scope) -> None:
    """Set the scope of the current session. Rows loaded under another scope are forgotten."""
    session = db.session()
    if session.info.get("scope") not in (None, scope):
        session.expunge_all()
    session.info["scope"] = scope


def scope() -> Scope:
    """The scope of the current session. Raises NoScope when none was set."""
    found = db.session().info.get("scope")
    if found is None:
        raise NoScope("enter() a scope before the first query")
    return found  # type: ignore[no-any-return]


@contextmanager
def within(district_id: int, user_id: int | None = None) -> Iterator[None]:
    """Work as one district, for commands and tests; the scope before is restored afterwards."""
    session = db.session()
    before = session.info.get("scope")
    enter(Scope(frozenset({district_id}), home=district_id, user_id=user_id))
    try:
        yield
        session.flush()
    finally:
        session.info["scope"] = before


@contextmanager
def narrowed_to(district_id: int) -> Iterator[None]:
    """Read one of the scope's districts alone, for a while: what is computed then is that district's, and no sum over
    all that the reader sees. Raises NoScope for a district that is not the reader's."""
    session = db.session()
    before = scope()
    if district_id not in before.districts:
        raise NoScope(f"district {district_id} is not in the scope")
    session.info["scope"] = replace(before, districts=frozenset({district_id}))
    try:
        yield
    finally:
        session.info["scope"] = before


def across_districts(reason: str) -> dict[str, Any]:
    """Execution options that lift the filter for one statement. Only sign-in and commands may; a test lists them."""
    return {"across_districts": reason}


def with_deleted(reason: str) -> dict[str, Any]:
    """Execution options under which one statement finds deleted records of the scope too, and what hangs on them."""
    return {"with_deleted": reason}


@contextmanager
def writing_across(reason: str) -> Iterator[None]:
    """Lift the refusal of foreign rows for a while. Only commands may; a test lists them."""
    session = db.session()
    session.info["writing_across"] = reason
    try:
        yield
        session.flush()
    finally:
        del session.info["writing_across"]


def raise_fence(session: Session, districts: str) -> None:
    """Let the database show this transaction the rows of these districts only: their ids with commas, or EVERY."""
    # Before the look at what holds now: a transaction that begins here knows of no fence.
    connection = session.connection()
    if session.info.get("fence") != districts and not is_sqlite(connection):
        connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": FENCE, "value": districts})
        session.info["fence"] = districts


def _named(districts: frozenset[int]) -> str:
    return ",".join(str(district) for district in sorted(districts))


@event.listens_for(db.session, "after_begin")
def _no_fence_yet(session: Session, _transaction: SessionTransaction, _connection: Connection) -> None:
    session.info.pop("fence", None)


@event.listens_for(db.session, "after_soft_rollback")
def _fence_before(session: Session, _previous: SessionTransaction) -> None:
    # A savepoint that is rolled back takes back what was set since.
    session.info.pop("fence", None)


@event.listens_for(db.session, "do_orm_execute")
def _fence_statements(state: ORMExecuteState) -> None:
    limits: Scope | None = state.session.info.get("scope")
    if state.execution_options.get("across_districts"):
        raise_fence(state.session, EVERY)
    elif limits is not None:
        raise_fence(state.session, _named(limits.districts))


@event.listens_for(db.session, "do_orm_execute")
def limit_to_scope(state: ORMExecuteState) -> None:
    """Add the district's condition to every statement of the session, or refuse it. Deleted records are not shown."""
    if state.execution_options.get("across_districts"):
        return
    limits = state.session.info.get("scope")
    if limits is None:
        raise NoScope("enter() a scope before the first query")
    if state.is_insert or (state.is_update and isinstance(state.parameters, list)):
        # Neither passes through a filter or the flush below.
        raise ForeignDistrict("bulk writes go past the district filter: add and change objects instead")
    districts = tuple(limits.districts)
    # Relationship loads are limited too: skipping them, as the documented recipe does, leaves a hole.
    if state.execution_options.get("with_deleted"):
        shown = with_loader_criteria(DistrictScoped, lambda cls: cls.district_id.in_(districts), include_aliases=True)
    else:
        shown = with_loader_criteria(DistrictScoped, lambda cls: cls.shown(districts), include_aliases=True)
    state.statement = state.statement.options(shown)


@event.listens_for(db.session, "before_flush")
def _refuse_foreign_rows(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    limits: Scope | None = session.info.get("scope")
    # Asked once: the session gathers its new rows anew each time, which a request for ten thousand would feel.
    new = session.new
    rows = [row for row in (*new, *session.dirty, *session.deleted) if isinstance(row, DistrictScoped)]
    if session.info.get("writing_across"):
        raise_fence(session, EVERY)
        return
    for row in rows:
        if limits is None:
            raise NoScope(f"a {type(row).__name__} was written without a scope")
        district: int | None = row.district_id
        if row in new and district is None and limits.home is not None:
            district = row.district_id = limits.home
        # Where it lies now and, when it moves, where it lay.
        districts = {district, *inspect(row).attrs.district_id.history.deleted}
        if districts == {None} and isinstance(row, User) and row.id is not None and row.id == limits.user_id:
            continue
        if limits.home is None or districts != {limits.home}:
            raise ForeignDistrict(f"a {type(row).__name__} of district {district} cannot be written here")
    if rows and limits is not None:
        # Somebody of no district changes their own settings: the row belongs to none.
        raise_fence(session, EVERY if limits.home is None else str(limits.home))
