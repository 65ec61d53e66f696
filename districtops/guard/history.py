"""The record of changes in words: what happened to a row, by whom and when, readable years later."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext
from sqlalchemy import Enum, select
from sqlalchemy.orm import ColumnProperty, Mapper

from districtops.guard.tenancy import with_deleted
from districtops.kit.db import Base, UtcDateTime, db
from districtops.kit.locale import day, moment, won_exact
from districtops.kit.text import WordsType, _l, in_language
from districtops.models import Department, Program, User

ACTS = {
    "added": _l("%(what)s added"),
    "changed": _l("%(what)s changed"),
    "removed": _l("%(what)s removed"),
    "viewed": _l("%(what)s viewed"),
    "exported": _l("%(what)s exported"),
    "signed in": _l("Signed in"),
    "signed out": _l("Signed out"),
    "sign-ins ended": _l("Open sign-ins ended"),
}
"""An act as a sentence. An act that stands here is one that ``audit.note`` may record."""

LISTS: dict[str, tuple[str, Mapping[str, str]]] = {"change_record": (_l("Entry of the record of changes"), {})}
"""What was seen or taken away, where it is no record of a table: a list's name, its title, the labels of its
filters."""

TOLD: dict[tuple[str, str], Callable[[str], str]] = {}
"""Columns whose values a module tells in its own words: a table and a column, and what turns a value into words."""

NAMED_TABLES: dict[str, Any] = {"department": Department, "user_account": User, "program": Program}
"""Tables whose rows an entry calls by their names."""


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a history."""

    at: dt.datetime
    who: str
    text: str


@dataclass(frozen=True)
class Value:
    """One column of an entry in words; ``kept`` is false where only the fact that it changed is kept."""

    label: str
    old: str
    new: str
    kept: bool


class Telling:
    """Tells entries, ChangeRecords or rows that hold their columns, in words. Asks once for the names of each kind of
    record, however many entries there are.

    Without ``entries`` it knows the names of the whole office, for a file whose rows are not known beforehand.
    """

    def __init__(self, entries: Iterable[Any] | None = None) -> None:
        wanted: dict[str, set[int]] = {table: set() for table in NAMED_TABLES}
        for entry in entries or ():
            for table, row_id in _named(entry):
                wanted[table].add(row_id)
        self._names: dict[tuple[str, Any], str] = {}
        for table, ids in wanted.items():
            if entries is None or ids:
                model = NAMED_TABLES[table]
                english, korean = _name_columns(model)
                statement = select(model.id, english, korean)
                if entries is not None:
                    statement = statement.where(model.id.in_(ids))
                option = with_deleted("an entry calls a deleted record by its name")
                for row in db.session.execute(statement, execution_options=option):
                    self._names[(table, row[0])] = in_language(row[1], row[2])

    def who(self, entry: Any) -> str:
        """Whoever did it. Somebody of another office, such as a reader of the city, stays a number here."""
        if entry.actor_id is None:
            return gettext("the system")
        return self._name("user_account", entry.actor_id)

    def _name(self, table: str, row_id: int) -> str:
        found = self._names.get((table, row_id))
        return found or gettext("no. %(number)s, not known in this office", number=row_id)

    def about(self, entry: Any) -> str:
        """The name of the program or record that it happened to; its number where it has no name."""
        found = self._names.get(("program", entry.program_id)) or self._names.get((entry.table_name, entry.row_id))
        if found or entry.row_id == 0:
            return found or label_of(entry.table_name)
        return gettext("No. %(number)s", number=entry.row_id)

    def sentence(self, entry: Any) -> str:
        """What happened: the act, then each column with its values."""
        parts = []
        for key, value in self._values(entry):
            if not value.kept:
                parts.append(value.label)
            elif entry.act == "changed":
                parts.append(f"{value.label}: {value.old} → {value.new}")
            elif entry.changes[key][entry.act != "removed"] not in (False, ""):
                parts.append(f"{value.label}: {value.old if entry.act == 'removed' else value.new}")
        act = ACTS.get(entry.act)
        label = label_of(entry.table_name)
        head = str(act) % {"what": label} if act else f"{label}: {entry.act}"
        return f"{head} · {'; '.join(parts)}" if parts else head

    def values(self, entry: Any) -> list[Value]:
        """Every column of an entry with its old and its new value."""
        return [value for _, value in self._values(entry)]

    def _values(self, entry: Any) -> Iterator[tuple[str, Value]]:
        columns = _columns(entry.table_name)
        _, filters = LISTS.get(entry.table_name, ("", {}))
        for key, (old, new) in entry.changes.items():
            column = columns.get(key)
            label = str(column.info.get("label", key)) if column is not None else str(filters.get(key, key))
            kept = old is not None or new is not None
            yield key, Value(label, self._shown(column, old), self._shown(column, new), kept)

    def _shown(self, column: Any, value: Any) -> str:
        if value is None:
            return gettext("empty")
        if column is None:
            return str(value)
        if table := column.info.get("names"):
            return self._name(table, value)
        if words := TOLD.get((column.table.name, column.name)):
            return words(str(value))
        try:
            return _typed(column, value)
        except (ValueError, TypeError, AttributeError):
            # Written when the column was of another kind: it stands as it was kept.
            return str(value)


def history(entries: Iterable[Any]) -> list[HistoryEntry]:
    """The entries in words, in their order. A fixed number of queries, however many entries there are."""
    found = list(entries)
    telling = Telling(found)
    return [HistoryEntry(entry.at, telling.who(entry), telling.sentence(entry)) for entry in found]


def label_of(table: str) -> str:
    """A table, or a list, in the office's words; its bare name where it is known no more."""
    if table in LISTS:
        return str(LISTS[table][0])
    mapper = _mapper(table)
    return str(getattr(mapper.class_, "__label__", table)) if mapper is not None else table


def recorded_tables() -> dict[str, str]:
    """Everything that an entry may be about, in words: tables and lists."""
    tables = (mapper.class_ for mapper in Base.registry.mappers)
    names = [model.__tablename__ for model in tables if not hasattr(model, "__silent__")]
    return {name: label_of(name) for name in (*names, *LISTS)}


@cache
def _mapper(table: str) -> Mapper[Any] | None:
    return next((m for m in Base.registry.mappers if getattr(m.local_table, "name", None) == table), None)


@cache
def _columns(table: str) -> dict[str, Any]:
    """Of a list, and of a table that is no more, nothing."""
    mapper = _mapper(table)
    if mapper is None:
        return {}
    return {p.key: p.columns[0] for p in mapper.iterate_properties if isinstance(p, ColumnProperty)}


def _named(entry: Any) -> Iterator[tuple[str, int]]:
    """The rows, as table and id, whose names are needed to tell an entry."""
    if entry.actor_id is not None:
        yield "user_account", entry.actor_id
    if entry.program_id is not None:
        yield "program", entry.program_id
    if entry.table_name in NAMED_TABLES:
        yield entry.table_name, entry.row_id
    columns = _columns(entry.table_name)
    for key, values in entry.changes.items():
        table = columns[key].info.get("names") if key in columns else None
        if table:
            yield from ((table, value) for value in values if value is not None)


def _name_columns(model: Any) -> tuple[Any, Any]:
    return (model.title_en, model.title_ko) if model is Program else (model.name_en, model.name_ko)


def _typed(column: Any, value: Any) -> str:
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return str(column.type.enum_class(value).label)  # type: ignore[attr-defined]
    if isinstance(column.type, WordsType):
        return in_language(value.get("en"), value.get("ko"))
    if column.name.endswith("_won"):
        return won_exact(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(column.type, UtcDateTime):
        return moment(dt.datetime.fromisoformat(value))
    if column.type.python_type is dt.date:
        return day(dt.date.fromisoformat(value))
    return str(value)
