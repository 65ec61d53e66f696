"""A list, its CSV and its XLSX are one thing: the columns and the filters are named once.

Pages are cut by keyset (the last row's sort value and id), so that page 10,000 costs what page 1 costs, and counting
stops at 1,000.
"""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, send_file, stream_with_context
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, or_, select
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from districtops import clock
from districtops.kit.columns import Column, Kind, Order, expression_of
from districtops.kit.csv_export import Cell, content_disposition, csv_lines
from districtops.kit.db import AnySelect, db
from districtops.kit.forms import Form, choices, shown
from districtops.kit.text import Words, _l
from districtops.kit.xlsx_export import xlsx_file

COUNT_STOPS_AT = 1000
SIZES = (25, 50, 100, 200)
EXPORT_BATCH = 500


class FilterForm(Form):
    """The base of filter forms: the text search, the order, the page. A module adds its fields and conditions."""

    class Meta(Form.Meta):
        """A filter is a GET: it changes nothing and needs no token."""

        csrf = False

    q = StringField(_l("Search"), validators=[Length(max=100)])
    sort = HiddenField()
    size = HiddenField()
    after = HiddenField()
    before = HiddenField()
    header = SelectField(_l("Header"), choices=choices([("labels", ""), ("keys", "")]), default="labels")
    encoding = SelectField(_l("Encoding"), choices=choices([("utf-8", ""), ("cp949", "")]), default="utf-8")

    NOT_FILTERS = frozenset({"sort", "size", "after", "before", "header", "encoding"})

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the rows must meet, for the fields that are set."""
        return []

    def set_filters(self) -> Iterator[Any]:
        """The fields that narrow the list now."""
        return (f for f in self if f.name not in self.NOT_FILTERS and f.data not in (None, "", []))

    def offered(self) -> Iterator[Any]:
        """The fields that the page shows."""
        return (f for f in self if f.name not in self.NOT_FILTERS)


def contains(text: str, *expressions: Any) -> ColumnElement[bool]:
    """A condition that any of the expressions holds the text, letter case aside."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return or_(*(expression.ilike(pattern, escape="\\") for expression in expressions))


@dataclass(frozen=True)
class Count:
    """How many rows there are, counted up to a cap."""

    value: int
    capped: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list of rows under ``/<module>/<name>``, ``.csv`` and ``.xlsx``.

    ``source`` gives the tables and joins, ``row_id`` the id that ends every order, ``link`` the address of a row.
    ``default_sort`` is a column's key, with a minus for descending. ``create`` is the label and the endpoint of the act
    that adds a row.
    """

    name: str
    title: str
    purpose: str
    columns: tuple[Column, ...]
    source: Callable[[AnySelect], AnySelect]
    row_id: Any
    form: type[FilterForm]
    link: Callable[[Any], str]
    default_sort: str
    empty_text: str
    extra: tuple[tuple[str, Any], ...] = ()
    create: tuple[str, str] | None = None
    template: str = "listing.html"

    def page(self, path: str) -> "ListingPage":
        """The page that the request asks for."""
        return ListingPage(self, self.form(request.args), path)

    def select(self, form: FilterForm) -> AnySelect:
        """All rows that the filters admit, unordered, with every column under its key."""
        expressions = [
            expression_of(column.expression).label(column.key)
            for column in self.columns
            if column.expression is not None and column.key != "id"
        ]
        extra = [expression.label(key) for key, expression in self.extra]
        return self.source(select(self.row_id.label("id"), *expressions, *extra)).where(*form.conditions())

    def csv(self, begin: Callable[[], None]) -> Response:
        """The rows as CSV, streamed. The stream has a session of its own, which ``begin`` prepares."""
        form = self.form(request.args)
        if not form.validate() or self._order(form) is None:
            return _refused(form)
        keys = form.header.data == "keys"
        encoding = form.encoding.data

        def lines() -> Iterator[bytes]:
            begin()
            yield from csv_lines(self._header(keys), self._export(form, keys), encoding=encoding)

        response = Response(stream_with_context(lines()), mimetype="text/csv")
        response.headers["Content-Type"] = f"text/csv; charset={encoding}; header=present"
        response.headers["Content-Disposition"] = content_disposition(self._file_name("csv"))
        return response

    def xlsx(self) -> Response:
        """The rows as an Excel workbook, written to a temporary file in constant memory."""
        form = self.form(request.args)
        if not form.validate() or self._order(form) is None:
            return _refused(form)
        keys = form.header.data == "keys"
        formats = {place: "#,##0" for place, column in enumerate(self._exported()) if column.kind is Kind.WON}
        book = xlsx_file(
            self._header(keys), self._export(form, keys), sheet_name=str(self.title), number_formats=formats
        )
        response = send_file(
            book, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", max_age=0
        )
        response.headers["Content-Disposition"] = content_disposition(self._file_name("xlsx"))
        return response

    def _exported(self) -> list[Column]:
        return list(self.columns)

    def _header(self, keys: bool) -> list[str]:
        return [
            column.key if keys else f"{column.label}({column.unit})" if column.unit else str(column.label)
            for column in self._exported()
        ]

    def _export(self, form: FilterForm, keys: bool) -> Iterator[list[Cell]]:
        columns = self._exported()
        order = self._order(form)
        assert order is not None
        statement = order.apply(self.select(form)).execution_options(yield_per=EXPORT_BATCH)
        for row in db.session.execute(statement):
            yield [_exported_cell(column.value(row), keys) for column in columns]

    def _order(self, form: FilterForm) -> Order | None:
        wanted = form.sort.data or self.default_sort
        column = next((c for c in self.columns if c.key == wanted.lstrip("-") and c.sortable), None)
        if column is None or wanted.startswith("--"):
            form.refuse(gettext("The list cannot be sorted by this."))
            return None
        return Order(column, expression_of(column.sort), self.row_id, descending=wanted.startswith("-"))

    def _file_name(self, suffix: str) -> str:
        return f"{str(self.title).replace(' ', '_')}_{clock.today()}.{suffix}"


def _refused(form: FilterForm) -> Response:
    lines = [f"{f.label.text}: {error}" for f in form for error in f.errors] + [str(e) for e in form.form_errors]
    return Response("\n".join(lines) + "\n", status=422, mimetype="text/plain")


def _exported_cell(value: Any, keys: bool) -> Cell:
    if isinstance(value, enum.Enum):
        return str(value.value) if keys else str(getattr(value, "label", value.value))
    if isinstance(value, bool):
        return ("yes" if value else "no") if keys else gettext("yes") if value else gettext("no")
    if isinstance(value, Words):
        return str(value)
    return value  # type: ignore[no-any-return]


@dataclass
class ListingPage:
    """One page of a listing, for the template."""

    listing: Listing
    form: FilterForm
    path: str
    rows: list[Any] = field(default_factory=list)
    count: Count = Count(0, capped=False)
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None
    last_url: str | None = None

    def __post_init__(self) -> None:
        self.columns = [column for column in self.listing.columns if column.on_page]
        self.size = SIZES[1]
        self.status = 200
        valid = self.form.validate()
        self.order = self.listing._order(self.form)
        size = self.form.size.data or str(self.size)
        if size in {str(offered) for offered in SIZES}:
            self.size = int(size)
        else:
            self.form.refuse(gettext("Choose one of the offered page sizes."))
        if valid and not self.form.form_errors and self.order is not None:
            self._load(self.order)
        if self.form.form_errors or self.form.errors:
            self.status = 422

    def _load(self, order: Order) -> None:
        admitted = self.listing.select(self.form)
        capped = db.session.execute(
            select(func.count()).select_from(
                admitted.with_only_columns(self.listing.row_id).limit(COUNT_STOPS_AT + 1).subquery()
            )
        ).scalar_one()
        self.count = Count(min(capped, COUNT_STOPS_AT), capped > COUNT_STOPS_AT)
        after, before = self.form.after.data, self.form.before.data
        statement = admitted.add_columns(order.expression.label("sort_value"))
        backwards = bool(before) and not after
        try:
            if after:
                statement = statement.where(order.beyond(*order.read_place(after)))
            elif before and before != "end":
                statement = statement.where(order.beyond(*order.read_place(before), reverse=True))
        except ValueError:
            self.form.refuse(gettext("This address does not name a place in the list. Start from its first page."))
            return
        rows = list(db.session.execute(order.apply(statement, reverse=backwards).limit(self.size + 1)))
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        self.rows = [ListingRow(self.listing, row) for row in rows]
        if not rows:
            return
        has_previous = more if backwards else bool(after)
        has_next = (before != "end") if backwards else more
        if has_previous:
            self.first_url = self._url(after=None, before=None)
            self.previous_url = self._url(after=None, before=order.place(rows[0]))
        if has_next:
            self.next_url = self._url(after=order.place(rows[-1]), before=None)
            self.last_url = self._url(after=None, before="end")

    def _url(self, suffix: str = "", /, **changes: Any) -> str:
        arguments = {**request.args.to_dict(), **changes}
        kept = {name: value for name, value in arguments.items() if value not in (None, "")}
        return f"{self.path}{suffix}" + (f"?{urlencode(kept)}" if kept else "")

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.listing.title

    @property
    def _narrowed(self) -> bool:
        """Whether filters, even unreadable ones, are why no row is shown."""
        return self.filtered or self.status != 200

    @property
    def empty_title(self) -> str:
        """Why there is no row."""
        return gettext("No row matches the filters") if self._narrowed else gettext("Nothing is recorded yet")

    @property
    def empty_text(self) -> str:
        """What to do about it."""
        if self._narrowed:
            return gettext("Remove a filter above, or clear them all.")
        return str(self.listing.empty_text)

    @property
    def empty_action(self) -> tuple[str, str] | None:
        """The act that helps: clearing the filters."""
        return (gettext("Clear all"), self.clear_url) if self._narrowed else None

    @property
    def filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(True for _ in self.form.set_filters())

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """(filter, value, address without it) of each filter that is set."""
        return [
            (str(f.label.text), shown(f, f.data), self._url(**{"after": None, "before": None, f.name: None}))
            for f in self.form.set_filters()
        ]

    @property
    def clear_url(self) -> str:
        """The address of the list without any filter."""
        return self.path

    def sort_url(self, column: Column) -> str:
        """The address that sorts by this column, or turns the order round when it already does."""
        down = self.sort_state(column) == "ascending"
        return self._url(after=None, before=None, sort=f"-{column.key}" if down else column.key)

    def sort_state(self, column: Column) -> str | None:
        """``ascending``, ``descending``, or None for a column that does not order the page."""
        if self.order is None or self.order.column.key != column.key:
            return None
        return "descending" if self.order.descending else "ascending"

    @property
    def size_links(self) -> list[tuple[int, str, bool]]:
        """(size, address, whether it is the present one) of each page size."""
        return [(size, self._url(after=None, before=None, size=size), size == self.size) for size in SIZES]

    @property
    def csv_url(self) -> str:
        """The same rows as CSV."""
        return self._url(".csv", after=None, before=None, size=None)

    @property
    def xlsx_url(self) -> str:
        """The same rows as an Excel workbook."""
        return self._url(".xlsx", after=None, before=None, size=None)


@dataclass(frozen=True)
class ListingRow:
    """One row of a page."""

    listing: Listing
    row: Any

    @property
    def url(self) -> str:
        """The address of the row's own page."""
        return self.listing.link(self.row)

    def cell(self, column: Column) -> Any:
        """The raw value in a column."""
        return column.value(self.row)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)
