"""A list as a file: the rows and the order of its page, all of them.

Rows are fetched in blocks along the order, each block found by the place where the one before ended, so that memory and
the time to the first byte stay the same at any size. Where the database can write a column itself, it writes the lines.
"""

import enum
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from flask import Response, request, send_file, stream_with_context
from flask_babel import gettext
from sqlalchemy import select

from districtops import clock
from districtops.kit import sql_csv
from districtops.kit.columns import Column, Kind, Order
from districtops.kit.csv_export import Cell, content_disposition, csv_lines
from districtops.kit.db import AnyRow, AnySelect, db, is_sqlite
from districtops.kit.listing import FilterForm, Listing
from districtops.kit.listing_page import admitted
from districtops.kit.measured import Measured
from districtops.kit.ratio import half_up
from districtops.kit.text import Words
from districtops.kit.xlsx_export import xlsx_file

BLOCK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_response(listing: Listing, begin: Callable[[], None]) -> Response:
    """The rows as CSV, streamed. The stream has a session of its own, which ``begin`` prepares."""
    form = listing.form(request.args)
    order = _asked(listing, form)
    if order is None:
        return refused(form)
    columns = listing.in_file(form)
    keys, encoding = form.header.data == "keys", form.encoding.data

    def pieces() -> Iterator[bytes]:
        begin()
        _hold_still()
        yield from csv_lines(header_of(columns, keys), (), encoding=encoding)
        if encoding == "utf-8" and sql_csv.can_write(columns):
            yield from _lines(listing, columns, form, order, keys)
        else:
            cells = _cells(listing, columns, form, order, keys)
            rows = csv_lines(header_of(columns, keys), cells, encoding=encoding)
            yield from islice(rows, 1, None)

    response = Response(stream_with_context(pieces()), mimetype="text/csv")
    response.headers["Content-Type"] = f"text/csv; charset={encoding}; header=present"
    response.headers["Content-Disposition"] = content_disposition(file_name(str(listing.title), "csv"))
    return response


def xlsx_response(listing: Listing) -> Response:
    """The rows as an Excel workbook, written to a temporary file in constant memory."""
    form = listing.form(request.args)
    order = _asked(listing, form)
    if order is None:
        return refused(form)
    columns = listing.in_file(form)
    keys = form.header.data == "keys"
    formats = {place: "#,##0" for place, column in enumerate(columns) if column.kind is Kind.WON}
    cells = _cells(listing, columns, form, order, keys)
    book = xlsx_file(header_of(columns, keys), cells, sheet_name=str(listing.title), number_formats=formats)
    response = send_file(book, mimetype=XLSX, max_age=0)
    response.headers["Content-Disposition"] = content_disposition(file_name(str(listing.title), "xlsx"))
    return response


def _asked(listing: Listing, form: FilterForm) -> Order | None:
    """The order of the file; None, with the refusals on the form, where something is asked that the list has not."""
    if not form.validate() or listing.refuse_unknown_columns(form):
        return None
    return listing.order(form)


def _hold_still() -> None:
    """One file shows one moment. SQLite's transaction does so anyway; PostgreSQL's must be told before it begins, which
    it does here: what the request did was committed or forgotten before its answer is streamed."""
    if db.engine.dialect.name != "sqlite":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _blocks(listing: Listing, form: FilterForm, order: Order, wanted: AnySelect) -> Iterator[list[AnyRow]]:
    """The rows of ``wanted``, which selects from the list's source, block by block in the order."""
    places = admitted(listing, form, order)[0].add_columns(order.expression.label("sort_value"))
    place = None
    while True:
        for condition, ordering in order.parts(place):
            block = places.where(condition).order_by(*ordering).limit(BLOCK).subquery("block")
            statement = wanted.join(block, block.c.id == listing.row_id).add_columns(
                block.c.id.label("place_id"), block.c.sort_value.label("place_value")
            )
            again = Order(order.column, block.c.sort_value, block.c.id, order.descending).parts()[0][1]
            rows = list(db.session.execute(statement.order_by(*again)))
            if rows:
                yield rows
                place = (rows[-1].place_value, rows[-1].place_id)
                break
        else:
            return


def _lines(listing: Listing, columns: Sequence[Column], form: FilterForm, order: Order, keys: bool) -> Iterator[bytes]:
    words = ("yes", "no") if keys else (gettext("yes"), gettext("no"))
    sqlite = is_sqlite(db.session.connection())
    line = sql_csv.line(columns, keys=keys, words=words, sqlite=sqlite)
    for rows in _blocks(listing, form, order, listing.source(select(line.label("line")))):
        yield "".join([row[0] for row in rows]).encode("utf-8", "replace")


def _cells(
    listing: Listing, columns: Sequence[Column], form: FilterForm, order: Order, keys: bool
) -> Iterator[list[Cell]]:
    for rows in _blocks(listing, form, order, listing.select()):
        for row in rows:
            yield [exported(column, column.value(row), keys) for column in columns]


def header_of(columns: Sequence[Column], keys: bool) -> list[str]:
    """The headings of a file: the columns' keys, or their labels with the unit."""
    return [
        column.key if keys else f"{column.label}({column.unit})" if column.unit else str(column.label)
        for column in columns
    ]


def file_name(title: str, suffix: str) -> str:
    """How a list's file is called: its title and the as-of date."""
    return f"{title.replace(' ', '_')}_{clock.today()}.{suffix}"


def refused(form: FilterForm) -> Response:
    """The answer in place of a file: what is wrong with the filters."""
    lines = [f"{f.label.text}: {error}" for f in form for error in f.errors] + [str(e) for e in form.form_errors]
    return Response("\n".join(lines) + "\n", status=422, mimetype="text/plain")


def exported(column: Column, value: Any, keys: bool) -> Cell:
    """A value of a column as a file holds it: codes beside keys, words beside labels."""
    if isinstance(value, enum.Enum):
        return str(value.value) if keys else str(getattr(value, "label", value.value))
    if isinstance(value, bool):
        return ("yes" if value else "no") if keys else gettext("yes") if value else gettext("no")
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, Measured):
        return value.plain
    if column.kind is Kind.PERCENT and value is not None:
        return half_up(value, 1)
    return value  # type: ignore[no-any-return]
