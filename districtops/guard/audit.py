"""The record of changes: every row that is added, changed or removed, written in the same transaction; and what was
seen or taken away, written before it is handed out.

It listens to the session, so that a new module cannot forget it. A table stays out only by saying why in
``__silent__``; a column stays out with ``info={"silent": True}``; of columns marked ``personal`` or ``secret`` only
the fact that they changed is kept.
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session, SessionTransaction, UOWTransaction

from districtops import clock
from districtops.guard import chain, tenancy
from districtops.kit.db import Base, db, writing
from districtops.kit.text import Words

Change = tuple[Base, str, dict[str, Any]]


class AppendOnly(RuntimeError):
    """A row that may only be added was about to be changed or removed."""


def init_app() -> None:
    """Listen to every session, once however many applications a process makes."""
    for target, name, listener in (
        (Mapper, "mapper_configured", _keep_old_values),
        (db.session, "before_flush", _collect),
        (db.session, "after_flush", _record),
        (db.session, "after_transaction_create", _remember),
        (db.session, "after_soft_rollback", _forget),
        (db.session, "before_commit", _link),
    ):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener)


def note(
    act: str,
    table: str,
    row_id: int = 0,
    what: dict[str, Any] | None = None,
    by: tenancy.Scope | None = None,
    program_id: int | None = None,
) -> None:
    """Record something that is no change of a row: that it was seen, exported, or that somebody signed in.

    ``act`` is one of history.ACTS, ``table`` a table's or a list's name, ``what`` like ``ChangeRecord.changes`` and
    without personal values. In a request that may write it is stored with the request's work, else on its own
    before the answer is handed out. A reader of several districts leaves it in each of them. ``by`` is for an act that
    makes the scope of whoever does it, ``program_id`` the program on whose page the entry is told.
    """
    limits = by or tenancy.scope()
    places: tuple[int | None, ...] = tuple(sorted(limits.districts)) if limits.home is None else (limits.home,)
    entries = (_entry(district, act, table, row_id, program_id, what or {}) for district in places or (None,))
    _records().extend({**entry, "actor_id": limits.user_id} for entry in entries)


def write_notes() -> None:
    """Store what was noted in a request that may not write, after everything else of it was forgotten."""
    noted = db.session().info.pop("records", [])
    db.session.rollback()
    if noted:
        token = writing.set(True)
        try:
            _records().extend(noted)
            db.session.commit()
        finally:
            writing.reset(token)


def _keep_old_values(mapper: Mapper[Any], class_: type[Any]) -> None:
    # Else the old value of an expired attribute is not loaded, and a diff would say "nothing -> new".
    for attribute in mapper.column_attrs:
        getattr(class_, attribute.key).impl.active_history = True


def _collect(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    found: list[Change] = session.info.setdefault("changes", [])
    for row in session.deleted:
        _refuse_if_append_only(row)
        found.append((row, "removed", _values(row, new=False)))
    for row in session.dirty:
        if session.is_modified(row, include_collections=False):
            _refuse_if_append_only(row)
            found.append((row, "changed", _differences(row)))
    found.extend((row, "added", _values(row, new=True)) for row in session.new)


def _record(session: Session, _context: UOWTransaction) -> None:
    found: list[Change] = session.info.pop("changes", [])
    _records(session).extend(
        _entry(
            getattr(row, "district_id", None),
            act,
            row.__tablename__,
            row.id,
            row.id if row.__tablename__ == "program" else getattr(row, "program_id", None),
            changes,
        )
        for row, act, changes in found
        if changes and not hasattr(row, "__silent__")
    )


def _entry(
    district: int | None, act: str, table: str, row_id: int, program_id: int | None, changes: dict[str, Any]
) -> dict[str, Any]:
    limits = db.session().info.get("scope")
    in_request = has_request_context()
    return {
        "district_id": district,
        "at": clock.now(),
        "actor_id": limits.user_id if limits else None,
        "address": request.remote_addr if in_request else None,
        "request_id": g.get("request_id") if in_request else None,
        "act": act,
        "table_name": table,
        "row_id": row_id,
        "program_id": program_id,
        "changes": changes,
    }


def _records(session: Session | None = None) -> list[dict[str, Any]]:
    """What this session has to record when it commits."""
    found: list[dict[str, Any]] = (session or db.session()).info.setdefault("records", [])
    return found


def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("savepoints", {})[transaction] = len(_records(session))


def _forget(session: Session, previous: SessionTransaction) -> None:
    """What a savepoint that is rolled back did, or the whole transaction, is recorded no more."""
    session.info.pop("changes", None)
    del _records(session)[session.info.get("savepoints", {}).pop(previous, 0) if previous.nested else 0 :]


def _link(session: Session) -> None:
    """Last before the commit. Chains are taken in the order of their numbers, so that no two wait for each other."""
    if session.in_nested_transaction():
        return
    session.flush()
    found = session.info.pop("records", [])
    session.info.pop("savepoints", None)
    for number in sorted({entry["district_id"] or 0 for entry in found}):
        tenancy.raise_fence(session, tenancy.EVERY if number == 0 else str(number))
        chain.append(session.connection(), number, [e for e in found if (e["district_id"] or 0) == number])


def _refuse_if_append_only(row: Base) -> None:
    if getattr(row, "__append_only__", False):
        raise AppendOnly(f"a {type(row).__name__} is never changed or removed; add a row that corrects it")


def _recorded_columns(row: Base) -> list[tuple[str, dict[Any, Any]]]:
    mapper = inspect(type(row))
    return [
        (attribute.key, attribute.columns[0].info)
        for attribute in mapper.column_attrs
        if attribute.key != "id" and not attribute.columns[0].info.get("silent")
    ]


def _values(row: Base, *, new: bool) -> dict[str, Any]:
    kept = {}
    for key, info in _recorded_columns(row):
        value = getattr(row, key)
        if value is not None:
            shown = None if _hidden(info) else _plain(value)
            kept[key] = [None, shown] if new else [shown, None]
    return kept


def _differences(row: Base) -> dict[str, Any]:
    kept = {}
    for key, info in _recorded_columns(row):
        history = inspect(row).attrs[key].history
        if history.has_changes():
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old != new:
                kept[key] = [None, None] if _hidden(info) else [_plain(old), _plain(new)]
    return kept


def _hidden(info: dict[Any, Any]) -> bool:
    return bool(info.get("personal") or info.get("secret"))


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Words):
        return {"en": value.en, "ko": value.ko}
    return value
