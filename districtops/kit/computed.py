"""A list whose rows are computed, not stored: the days of a schedule, say. Page, CSV and XLSX show the same rows.

It looks like a ``Listing`` and uses its filters, columns and templates. All rows are in memory, so that it is meant for
what a form bounds: the days between two dates, not whatever an office ever recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, send_file
from flask_babel import gettext

from districtops.kit.columns import Column
from districtops.kit.csv_export import Cell, content_disposition, csv_lines
from districtops.kit.listing import FilterForm
from districtops.kit.listing_export import XLSX, exported, file_name, header_of, refused
from districtops.kit.listing_page import SIZES, Count, ListingPage, ListingRow
from districtops.kit.xlsx_export import xlsx_file


@dataclass(frozen=True, kw_only=True)
class ComputedListing:
    """A computed list under ``/<module>/<name>``, ``.csv`` and ``.xlsx``; ``rows`` gives all that a form admits, in the
    list's one order."""

    name: str
    title: str
    purpose: str
    columns: tuple[Column, ...]
    rows: Callable[[Any], Sequence[Any]]
    form: type[FilterForm]
    link: Callable[[Any], str]
    empty_text: str
    template: str = "listing.html"


@dataclass
class ComputedPage(ListingPage):
    """One page of a computed list, for the template of lists. ``after`` counts the rows before it."""

    listing: ComputedListing  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.columns = [column for column in self.listing.columns if column.on_page]
        self.order = None
        self.size, self.status = SIZES[1], 200
        valid = self.form.validate()
        size, after = self.form.size.data or str(self.size), self.form.after.data or "0"
        if size not in {str(offered) for offered in SIZES}:
            self.form.refuse(gettext("Choose one of the offered page sizes."))
        elif not (after.isascii() and after.isdigit() and len(after) < 9) or self.form.before.data:
            self.form.refuse(gettext("This address does not name a place in the list. Start from its first page."))
        elif self.form.sort.data:
            self.form.refuse(gettext("The list cannot be sorted by this."))
        elif valid:
            self._cut(int(size), int(after))
        if self.form.form_errors or self.form.errors:
            self.status = 422

    def _cut(self, size: int, after: int) -> None:
        found = self.listing.rows(self.form)
        self.size = size
        self.count = Count(len(found), capped=False)
        self.rows = [ListingRow(self.listing, row) for row in found[after : after + size]]  # type: ignore[arg-type]
        if after and self.rows:
            self.first_url = self._url(after=None)
            self.previous_url = self._url(after=max(0, after - size) or None)
        if after + size < len(found):
            self.next_url = self._url(after=after + size)
            self.last_url = self._url(after=(len(found) - 1) // size * size)


def computed_csv(listing: ComputedListing) -> Response:
    """The rows as CSV."""
    form = listing.form(request.args)
    if not form.validate():
        return refused(form)
    keys, encoding = form.header.data == "keys", form.encoding.data
    rows = list(_cells(listing, form, keys))
    lines = b"".join(csv_lines(header_of(listing.columns, keys), rows, encoding=encoding))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Type"] = f"text/csv; charset={encoding}; header=present"
    response.headers["Content-Disposition"] = content_disposition(file_name(str(listing.title), "csv"))
    return response


def computed_xlsx(listing: ComputedListing) -> Response:
    """The rows as an Excel workbook."""
    form = listing.form(request.args)
    if not form.validate():
        return refused(form)
    keys = form.header.data == "keys"
    head = header_of(listing.columns, keys)
    response = send_file(
        xlsx_file(head, _cells(listing, form, keys), sheet_name=str(listing.title)), mimetype=XLSX, max_age=0
    )
    response.headers["Content-Disposition"] = content_disposition(file_name(str(listing.title), "xlsx"))
    return response


def _cells(listing: ComputedListing, form: FilterForm, keys: bool) -> Iterator[list[Cell]]:
    for row in listing.rows(form):
        yield [exported(column, column.value(row), keys) for column in listing.columns]
