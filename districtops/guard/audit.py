"""The record of changes: every row that is added, changed or removed, written in the same transaction.

It listens to the session, so that a new module cannot forget it. A table stays out only by saying why in
``__silent__``; a column stays out with ``info={"silent": True}``; of columns marked ``personal`` or ``secret`` only
the fact that they changed is kept.
"""

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

from flask import g, has_request_context
from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from districtops import clock
from districtops.kit.db import Base, db
from districtops.kit.text import Words
from districtops.models import ChangeRecord

Change = tuple[Base, str, dict[str, Any]]


class AppendOnly(RuntimeError):
    """A row that may only be added was about to be changed or removed."""


def init_app() -> None:
    """Listen to every session, once however many applications a process makes."""
    for target, name, listener in (
        (Mapper, "mapper_configured", _keep_old_values),
        (db.session, "before_flush", _collect),
        (db.session, "after_flush", _record),
        (db.session, "after_soft_rollback", _forget),
    ):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener)


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
    scope = session.info.get("scope")
    moment = clock.now()
    records = [
        {
            "district_id": getattr(row, "district_id", None),
            "at": moment,
            "actor_id": scope.user_id if scope else None,
            "request_id": g.get("request_id") if has_request_context() else None,
            "act": act,
            "table_name": row.__tablename__,
            "row_id": row.id,
            "program_id": row.id if row.__tablename__ == "program" else getattr(row, "program_id", None),
            "changes": changes,
        }
        for row, act, changes in found
        if changes and not hasattr(row, "__silent__")
    ]
    if records:
        session.connection().execute(insert(ChangeRecord), records)


def _forget(session: Session, _previous: Any) -> None:
    session.info.pop("changes", None)


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
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Words):
        return {"en": value.en, "ko": value.ko}
    return value
