"""A list, its CSV and its XLSX are one thing: the columns and the filters are named once.

``kit.listing_page`` cuts it into pages, ``kit.listing_export`` writes it into files.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, case, select
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from districtops.kit.bulk import BulkChange
from districtops.kit.columns import SAMPLE, Column, Order, expression_of
from districtops.kit.db import AnySelect
from districtops.kit.forms import Form, choices
from districtops.kit.text import _l


class ColumnsField(HiddenField):
    """The keys of chosen columns: ``title,stage``, or one by one as the boxes of a form send them. None: none chosen.

    Which of them a list has is for the list to say.
    """

    data: list[str] | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Reads the keys, each once."""
        keys = [key for value in valuelist if value for key in value.split(",")]
        self.data = list(dict.fromkeys(keys)) or None

    def _value(self) -> str:
        return ",".join(self.data or ())


class FilterForm(Form):
    """The base of filter forms: the text search, the order, the columns, the page. A module adds its fields
    and conditions."""

    class Meta(Form.Meta):
        """A filter is a GET: it changes nothing and needs no token."""

        csrf = False

    q = StringField(_l("Search"), validators=[Length(max=100)])
    sort = HiddenField()
    columns = ColumnsField()
    size = HiddenField()
    after = HiddenField()
    before = HiddenField()
    header = SelectField(_l("Header"), choices=choices([("labels", ""), ("keys", "")]), default="labels")
    encoding = SelectField(_l("Encoding"), choices=choices([("utf-8", ""), ("cp949", "")]), default="utf-8")

    NOT_FILTERS = frozenset({"sort", "columns", "size", "after", "before", "header", "encoding"})

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the rows must meet, for the fields that are set."""
        return []

    def partition(self, order: str) -> list[ColumnElement[bool]]:
        """What the rows must meet as well, where an index has it in front of the column ``order``: a year, say."""
        return []

    def set_filters(self) -> Iterator[Any]:
        """The fields that narrow the list now."""
        return (f for f in self if f.name not in self.NOT_FILTERS and f.data not in (None, "", []))

    @property
    def is_set(self) -> bool:
        """Whether any field narrows the list."""
        return any(True for _ in self.set_filters())

    def offered(self) -> Iterator[Any]:
        """The fields that the page shows."""
        return (f for f in self if f.name not in self.NOT_FILTERS)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list of rows under ``/<module>/<name>``, ``.csv`` and ``.xlsx``.

    ``source`` gives the tables and joins, ``row_id`` the id that ends every order, ``link`` the address of a row.
    ``default_sort`` is a column's key, with a minus for descending. ``create`` is the label and the endpoint of the act
    that adds a row, ``bulk`` what may be changed of many rows at once. ``own_table`` says that every order and every
    filter is a column of the row's own table: a page is then found by an index alone, and joined with the others
    afterwards.
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
    bulk: tuple[BulkChange, ...] = ()
    template: str = "listing.html"
    own_table: bool = False

    def select(self) -> AnySelect:
        """All rows, unordered, with every column under its key."""
        expressions = [
            expression_of(column.expression).label(column.key)
            for column in self.columns
            if column.expression is not None and column.key != "id"
        ]
        extra = [expression.label(key) for key, expression in self.extra]
        return self.source(select(self.row_id.label("id"), *expressions, *extra))

    def places(self, form: FilterForm, walk: Order | None = None, *, only: Sequence[int] | None = None) -> AnySelect:
        """The ids of the rows that the filters admit, or of these ``only`` where it is known which they are.

        ``walk`` keeps the database from any index but that order's: what many rows meet is met soon along the way.
        """
        wanted = select(self.row_id.label("id"))
        statement = wanted if self.own_table else self.source(wanted)
        if only is not None:
            return statement.where(self.row_id.in_(only))
        conditions = form.conditions()
        if walk is None:
            return statement.where(*conditions, *form.partition(""))
        conditions = [case((condition, 1)) == 1 for condition in conditions]
        return statement.where(*form.partition(walk.column.key), *conditions)

    def primary(self) -> Column:
        """The column that names a row and leads to it."""
        return next(column for column in self.columns if column.primary)

    def chosen(self, keys: Iterable[str] | None) -> tuple[Column, ...]:
        """The columns with these keys, in the list's own order; the one that names the row is always among them.

        Without keys, those that the list shows by itself. Keys that the list does not have are passed over.
        """
        wanted = set(keys or ()) & {column.key for column in self.columns}
        if not wanted:
            return tuple(column for column in self.columns if column.on_page)
        return tuple(column for column in self.columns if column.key in wanted or column.primary)

    def refuse_unknown_columns(self, form: FilterForm) -> bool:
        """Whether the form asks for a column that the list does not have; the refusal is then on the form."""
        unknown = set(form.columns.data or ()) - {column.key for column in self.columns}
        if unknown:
            form.refuse(gettext("The list has no such column."))
        return bool(unknown)

    def in_file(self, form: FilterForm) -> tuple[Column, ...]:
        """The columns of a file: all of them, or those that the form names, and whether a row is made up."""
        if not form.columns.data:
            return self.columns
        return self.chosen([*form.columns.data, SAMPLE])

    def order(self, form: FilterForm) -> Order | None:
        """The order that the form asks for; None, with the refusal on the form, where the list has no such order."""
        wanted = form.sort.data or self.default_sort
        column = next((c for c in self.columns if c.key == wanted.lstrip("-") and c.sortable), None)
        if column is None or wanted.startswith("--"):
            form.refuse(gettext("The list cannot be sorted by this."))
            return None
        return Order(column, expression_of(column.sort), self.row_id, descending=wanted.startswith("-"))
