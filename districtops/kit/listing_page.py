"""One page of a list. It is cut by keyset (the last row's sort value and id), so that page 10,000 costs what page 1
costs, and counting stops at 1,000."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import request
from flask_babel import gettext
from sqlalchemy import func, select

from districtops.kit.columns import SAMPLE, Column, Order, Place
from districtops.kit.db import AnyRow, AnySelect, db
from districtops.kit.forms import shown
from districtops.kit.listing import FilterForm, Listing

COUNT_STOPS_AT = 1000
SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class Count:
    """How many rows there are, counted up to a cap."""

    value: int
    capped: bool


def page_of(listing: Listing, path: str, kept: Sequence[str] | None = None) -> "ListingPage":
    """The page of a list that the request asks for; ``path`` is the list's address, ``kept`` the keys of the columns
    that the reader wants where the address names none."""
    return ListingPage(listing, listing.form(request.args), path, kept)


def admitted(listing: Listing, form: FilterForm, order: Order) -> tuple[AnySelect, Count]:
    """The ids of the rows that the filters admit, and how many they are.

    Few rows are met faster by their filters and then sorted, many by walking along the order's index; the count, which
    is shown anyway, says which.
    """
    counted = listing.places(form).limit(COUNT_STOPS_AT + 1)
    if not form.is_set:
        count = db.session.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
        return listing.places(form, order), Count(min(count, COUNT_STOPS_AT), count > COUNT_STOPS_AT)
    ids = db.session.execute(counted).scalars().all()
    if len(ids) > COUNT_STOPS_AT:
        return listing.places(form, order), Count(COUNT_STOPS_AT, capped=True)
    return listing.places(form, only=ids), Count(len(ids), capped=False)


def rows_of(listing: Listing, ids: Sequence[int]) -> list[AnyRow]:
    """The rows with these ids, in their order, with every column of the list."""
    if not ids:
        return []
    rows = {row.id: row for row in db.session.execute(listing.select().where(listing.row_id.in_(ids)))}
    return [rows[row_id] for row_id in ids]


@dataclass
class ListingPage:
    """One page of a listing, for the template."""

    listing: Listing
    form: FilterForm
    path: str
    kept: Sequence[str] | None = None
    tools: Any = None
    """What the reader may do with the list beside reading it (districtops.lists); None where that is not offered."""
    rows: list[Any] = field(default_factory=list)
    count: Count = Count(0, capped=False)
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None
    last_url: str | None = None

    def __post_init__(self) -> None:
        valid = self.form.validate()
        if self.listing.refuse_unknown_columns(self.form):
            self.form.columns.data = None
        self.columns = list(self.listing.chosen(self.form.columns.data or self.kept))
        self.size = SIZES[1]
        self.status = 200
        self.order = self.listing.order(self.form)
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
        after, before = self.form.after.data, self.form.before.data
        backwards = bool(before) and not after
        try:
            text = after or (before if before != "end" else None)
            place = order.read(text) if text else None
        except ValueError:
            self.form.refuse(gettext("This address does not name a place in the list. Start from its first page."))
            return
        found = self._places(order, place, backwards)
        more = len(found) > self.size
        found = found[: self.size]
        if backwards:
            found.reverse()
        self.rows = [ListingRow(self.listing, row) for row in rows_of(self.listing, [row.id for row in found])]
        if not found:
            return
        if more if backwards else bool(after):
            self.first_url = self._url(after=None, before=None)
            self.previous_url = self._url(after=None, before=order.written(order.place_of(found[0])))
        if (before != "end") if backwards else more:
            self.next_url = self._url(after=order.written(order.place_of(found[-1])), before=None)
            self.last_url = self._url(after=None, before="end")

    def _places(self, order: Order, place: Place | None, backwards: bool) -> list[AnyRow]:
        """One place more than the page shows."""
        statement, self.count = admitted(self.listing, self.form, order)
        if not self.count.value:
            return []
        statement = statement.add_columns(order.expression.label("sort_value"))
        found: list[AnyRow] = []
        for condition, ordering in order.parts(place, reverse=backwards):
            if len(found) <= self.size:
                part = statement.where(condition).order_by(*ordering).limit(self.size + 1 - len(found))
                found += db.session.execute(part).all()
        return found

    def _url(self, suffix: str = "", /, **changes: Any) -> str:
        arguments = {**request.args.to_dict(), "columns": ",".join(self.form.columns.data or ()), **changes}
        kept = {name: value for name, value in arguments.items() if value not in (None, "")}
        return f"{self.path}{suffix}" + (f"?{urlencode(kept, safe=',')}" if kept else "")

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
        return self.form.is_set

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """(filter, value, address without it) of each filter that is set."""
        return [
            (str(f.label.text), shown(f, f.data), self._url(**{"after": None, "before": None, f.name: None}))
            for f in self.form.set_filters()
        ]

    @property
    def clear_url(self) -> str:
        """The address of the list without any filter, but with the columns that it names."""
        keys = ",".join(self.form.columns.data or ())
        return self.path + (f"?{urlencode({'columns': keys}, safe=',')}" if keys else "")

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
    def column_choices(self) -> list[tuple[Column, bool]]:
        """(column, whether it is shown) of each column that may be chosen. The one that names the row always is, and
        whether a row is made up stands as a badge beside its name."""
        shown = {column.key for column in self.columns}
        return [
            (column, column.key in shown)
            for column in self.listing.columns
            if not column.primary and column.key != SAMPLE
        ]

    @property
    def column_keys(self) -> str:
        """The columns that are shown, as an address names them."""
        return ",".join(column.key for column in self.columns)

    @property
    def query(self) -> str:
        """What the address asks for but the columns and the place in the list."""
        return urlsplit(self._url(after=None, before=None, columns=None)).query

    @property
    def narrow_csv_url(self) -> str:
        """The same rows as CSV, with the columns that the page shows."""
        return self._url(".csv", after=None, before=None, size=None, columns=self.column_keys)

    @property
    def narrow_xlsx_url(self) -> str:
        """The same rows as an Excel workbook, with the columns that the page shows."""
        return self._url(".xlsx", after=None, before=None, size=None, columns=self.column_keys)

    @property
    def csv_url(self) -> str:
        """The same rows as CSV."""
        return self._url(".csv", after=None, before=None, size=None, columns=None)

    @property
    def xlsx_url(self) -> str:
        """The same rows as an Excel workbook."""
        return self._url(".xlsx", after=None, before=None, size=None, columns=None)


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
