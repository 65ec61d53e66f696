"""The record of changes in words: what happened to a row, by whom and when, readable years later."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import Enum, select
from sqlalchemy.orm import ColumnProperty

from districtops.kit.db import Base, db
from districtops.kit.locale import day, won_exact
from districtops.kit.text import WordsType, _l, in_language
from districtops.models import ChangeRecord, Department, User

ACTS = {
    "added": _l("%(what)s added"),
    "changed": _l("%(what)s changed"),
    "removed": _l("%(what)s removed"),
}
NAMED_TABLES: dict[str, type[Department] | type[User]] = {"department": Department, "user_account": User}


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a history."""

    at: dt.datetime
    who: str
    text: str


def history(records: Sequence[ChangeRecord]) -> list[HistoryEntry]:
    """The records in words, in their order. Two queries, however many records there are."""
    names = _names(records)
    return [
        HistoryEntry(
            record.at, names.get(("user_account", record.actor_id), gettext("the system")), _sentence(record, names)
        )
        for record in records
    ]


def _columns(table: str) -> dict[str, Any]:
    mapper = next(m for m in Base.registry.mappers if getattr(m.local_table, "name", None) == table)
    return {p.key: p.columns[0] for p in mapper.iterate_properties if isinstance(p, ColumnProperty)}


def _label(table: str) -> str:
    mapper = next(m for m in Base.registry.mappers if getattr(m.local_table, "name", None) == table)
    return str(getattr(mapper.class_, "__label__", table))


def _names(records: Iterable[ChangeRecord]) -> dict[tuple[str, Any], str]:
    wanted: dict[str, set[int]] = {table: set() for table in NAMED_TABLES}
    for record in records:
        if record.actor_id is not None:
            wanted["user_account"].add(record.actor_id)
        columns = _columns(record.table_name)
        for key, values in record.changes.items():
            table = columns[key].info.get("names") if key in columns else None
            if table:
                wanted[table].update(value for value in values if value is not None)
    found = {}
    for table, ids in wanted.items():
        if ids:
            model: Any = NAMED_TABLES[table]
            for row in db.session.execute(select(model).where(model.id.in_(ids))).scalars():
                found[(table, row.id)] = row.name
    return found


def _sentence(record: ChangeRecord, names: dict[tuple[str, Any], str]) -> str:
    columns = _columns(record.table_name)
    parts = []
    for key, (old, new) in record.changes.items():
        column = columns.get(key)
        label = str(column.info.get("label", key)) if column is not None else key
        if old is None and new is None:
            parts.append(label)
        elif record.act == "changed":
            parts.append(f"{label}: {_shown(column, old, names)} → {_shown(column, new, names)}")
        elif (value := new if record.act == "added" else old) not in (False, ""):
            parts.append(f"{label}: {_shown(column, value, names)}")
    head = str(ACTS[record.act]) % {"what": _label(record.table_name)}
    return f"{head} · {'; '.join(parts)}" if parts else head


def _shown(column: Any, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None:
        return gettext("empty")
    if column is None:
        return str(value)
    if table := column.info.get("names"):
        return names.get((table, value), gettext("no longer known"))
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return str(column.type.enum_class(value).label)  # type: ignore[attr-defined]
    if isinstance(column.type, WordsType):
        return in_language(value.get("en"), value.get("ko"))
    if column.name.endswith("_won"):
        return won_exact(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if column.type.python_type is dt.date:
        return day(dt.date.fromisoformat(value))
    return str(value)
