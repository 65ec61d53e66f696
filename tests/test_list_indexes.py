"""Every order and every filter of every list has an index, and no page of a list is found by sorting or reading all."""

from collections.abc import Iterator
from typing import Any

import pytest
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import ColumnElement, Table, event
from sqlalchemy.engine import Engine
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import SelectBase
from test_lists import Place, each_list, orders, walk
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from districtops.guard.tenancy import Scope, enter
from districtops.kit.columns import expression_of
from districtops.kit.db import db
from districtops.kit.listing import FilterForm
from districtops.models import Role

FOUND_BY_WORDS = "q"
"""The search, which has an index of its own (models.search)."""


def columns_of(condition: Any) -> Iterator[Any]:
    """The tables' columns that a condition names, without those of a query within it."""
    waiting = [condition]
    while waiting:
        element = waiting.pop()
        if isinstance(element, SelectBase):
            continue
        if isinstance(element, ColumnElement) and isinstance(getattr(element, "table", None), Table):
            yield element
        else:
            waiting += list(element.get_children()) if isinstance(element, visitors.Visitable) else []


def has_index(column: Any) -> bool:
    """Whether an index of the column's table leads from the district to the column."""
    keys = [[c.name for c in index.columns] for index in column.table.indexes]
    return any(names[0] == "district_id" and column.name in names[1:3] for names in keys)


@each_list
def test_every_order_has_an_index(lite_app: Flask, place: Place) -> None:
    for language in ("en", "ko"):
        with lite_app.test_request_context("/", headers={"Accept-Language": language}):
            enter(Scope(frozenset()))
            for column in place.listing.columns:
                if column.sortable:
                    [sorted_by] = columns_of(expression_of(column.sort).expression)
                    assert has_index(sorted_by), f"{place!r} is sorted by {sorted_by}"


def set_to_something(place: Place) -> Iterator[tuple[str, FilterForm]]:
    """Each filter of a list, set to a value that it offers."""
    for field in place.listing.form():
        if field.name in FilterForm.NOT_FILTERS or field.name == FOUND_BY_WORDS:
            continue
        offered = [str(c.value) for c in field.iter_choices()] if isinstance(field, SelectField) else ["1"]
        value = next(v for v in offered if v not in ("", "None"))
        sent = {"True": "yes", "False": "no"}.get(value, value)
        yield field.name, place.listing.form(MultiDict({field.name: sent}))


@each_list
def test_every_filter_has_an_index(lite_app: Flask, make: Maker, place: Place) -> None:
    make.one_of_each(make.home, 500)
    with lite_app.test_request_context("/"):
        enter(Scope(frozenset({make.home.id})))
        for name, form in set_to_something(place):
            found = [column for part in (*form.conditions(), *form.partition("")) for column in columns_of(part)]
            assert found, f"{name} of {place!r} narrows nothing"
            for column in found:
                assert has_index(column), f"{name} of {place!r} looks at {column}"


@each_list
def test_a_list_never_counts_further_than_it_tells(lite_app: Flask, make: Maker, place: Place) -> None:
    make.user("reader", Role.VIEWER)
    reader = Visitor(lite_app, "reader")
    counts: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if place.listing.row_id.table.name in statement and "ORDER BY" not in statement:
            counts.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for query in ("", "?q=a"):
            reader.look(place.path + query)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(counts) >= 2
    assert all("LIMIT" in statement for statement in counts), counts


# How SQLite finds the rows ------------------------------------------------------------------------------------------


@pytest.fixture
def plans() -> Iterator[list[tuple[str, list[str]]]]:
    """(statement, how SQLite goes about it) of every question that is asked in an order, and stops."""
    found: list[tuple[str, list[str]]] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: object) -> None:
        if "ORDER BY" in statement and "LIMIT" in statement and "sort_value" in statement:
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found.append((statement, [row[3] for row in rows]))

    event.listen(Engine, "before_cursor_execute", explain)
    yield found
    event.remove(Engine, "before_cursor_execute", explain)


@each_list
def test_no_page_is_found_by_sorting_or_by_reading_every_row(
    demo_app: Flask, place: Place, plans: list[tuple[str, list[str]]]
) -> None:
    if not place.listing.own_table:
        pytest.skip("its rows are put together from several tables, and few")
    with demo_app.app_context():
        db.engine.dispose()
    for order in orders(place.listing):
        plans.clear()
        for backwards in (False, True):
            # From the first page to the last, and the way back: the first, the middle and the last are among them.
            walk(demo_app, place, order, backwards=backwards)
        assert len(plans) > 3
        for statement, steps in plans:
            words = " | ".join(steps)
            assert "TEMP B-TREE" not in words, f"{order}: {words}\n{statement}"
            assert not any(step.startswith("SCAN") for step in steps), f"{order}: {words}\n{statement}"
