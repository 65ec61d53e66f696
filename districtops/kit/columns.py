"""A column of a list, and an order of rows by one.

An order knows the place of a row (its sort value and its id) and what lies beyond it, so that a page is found without
counting the rows before it.
"""

import base64
import binascii
import datetime as dt
import enum
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, true, tuple_

from districtops.kit.db import AnyRow


class Kind(enum.StrEnum):
    """How a value is shown, aligned and exported."""

    TEXT = "text"
    NUMBER = "number"
    YEAR = "year"
    WON = "won"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    ENUM = "enum"
    FLAG = "flag"
    MEASURED = "measured"


SAMPLE = "sample"
"""The key of the column that says whether a row is made up: a badge on pages, and never left out of a file."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: where its value comes from and how it is shown, exported and sorted.

    ``blank`` is what the page shows where there is no value and that is not "not stated"; a value that is ``prose``,
    whole sentences, gets the room they need.
    ``expression`` is selected under ``key``; a column without one derives its value from the row. ``sort`` is what the
    page orders by when people click the heading.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    expression: Any = None
    derive: Callable[[Any], Any] | None = None
    sort: Any = None
    unit: str = ""
    primary: bool = False
    main: bool = False
    on_page: bool = True
    blank: str = ""
    prose: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the column is aligned to the right in tabular figures."""
        return self.kind in (Kind.NUMBER, Kind.WON, Kind.PERCENT, Kind.MEASURED)

    @property
    def short(self) -> bool:
        """Whether a value never needs a second line."""
        return self.kind in (Kind.ENUM, Kind.DATE, Kind.YEAR) or self.key == "code"

    @property
    def sortable(self) -> bool:
        """Whether the heading is a link that sorts."""
        return self.sort is not None

    def value(self, row: Any) -> Any:
        """The raw value of this column in a row."""
        return self.derive(row) if self.derive is not None else getattr(row, self.key)


def expression_of(expression: Any) -> Any:
    """A column's expression; one that depends on the reader is a function and is called."""
    return expression() if callable(expression) and not hasattr(expression, "label") else expression


Place = tuple[Any, int]
"""Where a row stands in an order: its sort value and its id."""

Part = tuple[ColumnElement[bool], tuple[Any, ...]]
"""A stretch of rows that one index gives in order: its condition and what it is ordered by."""


@dataclass(frozen=True)
class Order:
    """An order of rows: a sort value, unknown ones last, then the id.

    Known and unknown values are two stretches, asked one after the other: only so does an index lead to any place.
    """

    column: Column
    expression: Any
    row_id: Any
    descending: bool

    def parts(self, place: Place | None = None, *, reverse: bool = False) -> list[Part]:
        """The stretches after ``place`` (all without one), in the order of the page; from the end when reversed."""
        down = self.descending != reverse
        keys = (self.expression, self.row_id)
        everything: ColumnElement[bool] = true()
        known: Part = (self.expression.is_not(None), tuple(key.desc() for key in keys) if down else keys)
        unknown: Part = (self.expression.is_(None), (self.row_id.desc() if down else self.row_id,))
        stretches = [known, unknown] if self._may_be_unknown else [(everything, known[1])]
        if reverse:
            stretches.reverse()
        if place is None:
            return stretches
        value, row_id = place
        if value is not None:
            here = tuple_(*keys)
            there = tuple_(literal(value, self.expression.type), literal(row_id, self.row_id.type))
            further: ColumnElement[bool] = here < there if down else here > there
            return [(further, known[1]), *([] if reverse or not self._may_be_unknown else [unknown])]
        within = and_(unknown[0], self.row_id < row_id if down else self.row_id > row_id)
        return [(within, unknown[1]), *([known] if reverse else [])]

    @property
    def _may_be_unknown(self) -> bool:
        return bool(getattr(getattr(self.expression, "expression", self.expression), "nullable", True))

    def place_of(self, row: AnyRow) -> Place:
        """Where a row stands that carries ``sort_value`` and ``id``."""
        return row.sort_value, row.id

    def written(self, place: Place) -> str:
        """A place as text for an address."""
        value, row_id = place
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, enum.Enum):
            value = str(value.value)
        elif isinstance(value, Decimal):
            value = str(value)
        return base64.urlsafe_b64encode(json.dumps([value, row_id], ensure_ascii=False).encode()).decode().rstrip("=")

    def read(self, text: str) -> Place:
        """The place that an address names. Raises ValueError for a text that is none."""
        try:
            value, row_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError, TypeError, RecursionError) as error:
            raise ValueError("not a place in a list") from error
        if not isinstance(row_id, int) or isinstance(row_id, bool) or not 0 <= row_id < 2**31:
            raise ValueError("not a place in a list")
        return self._typed(value), row_id

    def _typed(self, value: Any) -> Any:
        kind = self.column.kind
        if value is None:
            return None
        if kind is Kind.DATE and isinstance(value, str):
            return dt.date.fromisoformat(value)
        if kind is Kind.PERCENT and isinstance(value, str) and re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", value, re.ASCII):
            return Decimal(value)
        if kind in (Kind.NUMBER, Kind.YEAR, Kind.WON):
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62:
                return value
        elif kind in (Kind.TEXT, Kind.ENUM) and isinstance(value, str) and not _UNKEEPABLE.search(value):
            return value
        raise ValueError("not a place in a list")


_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
