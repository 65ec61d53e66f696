"""A column of a list, and an order of rows by one.

An order knows the place of a row (its sort value and its id) and what lies beyond it, so that a page is found without
counting the rows before it.
"""

import base64
import binascii
import datetime as dt
import enum
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from districtops.kit.db import AnyRow, AnySelect


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


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: where its value comes from and how it is shown, exported and sorted.

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

    @property
    def numeric(self) -> bool:
        """Whether the column is aligned to the right in tabular figures."""
        return self.kind in (Kind.NUMBER, Kind.WON, Kind.PERCENT)

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


@dataclass(frozen=True)
class Order:
    """An order of rows: a sort value, unknown ones last, then the id."""

    column: Column
    expression: ColumnElement[Any]
    row_id: Any
    descending: bool

    def apply(self, statement: AnySelect, *, reverse: bool = False) -> AnySelect:
        """The statement in this order, or from the end."""
        missing = self.expression.is_(None)
        down = self.descending != reverse
        return statement.order_by(
            missing.desc() if reverse else missing,
            self.expression.desc() if down else self.expression,
            self.row_id.desc() if down else self.row_id,
        )

    def beyond(self, value: Any, row_id: int, *, reverse: bool = False) -> ColumnElement[bool]:
        """Rows that come after the given place (before it, when reversed)."""
        down = self.descending != reverse
        next_id = self.row_id < row_id if down else self.row_id > row_id
        if value is None:
            within = and_(self.expression.is_(None), next_id)
            return or_(within, self.expression.is_not(None)) if reverse else within
        further = self.expression < value if down else self.expression > value
        found = or_(further, and_(self.expression == value, next_id))
        return found if reverse else or_(found, self.expression.is_(None))

    def place(self, row: AnyRow) -> str:
        """The place of a row as text for an address."""
        value = row.sort_value
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, enum.Enum):
            value = str(value.value)
        elif isinstance(value, Decimal):
            value = str(value)
        return base64.urlsafe_b64encode(json.dumps([value, row.id], ensure_ascii=False).encode()).decode().rstrip("=")

    def read_place(self, text: str) -> tuple[Any, int]:
        """The sort value and the id of a place. Raises ValueError for a text that is none."""
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
        if kind in (Kind.NUMBER, Kind.YEAR, Kind.WON, Kind.PERCENT):
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62:
                return value
        elif isinstance(value, str) and not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value):
            return value
        raise ValueError("not a place in a list")
