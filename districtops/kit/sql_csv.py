"""Lines of a CSV file written by the database itself, so that Python touches one text a row and not one a cell.

The lines mean what ``kit.csv_export`` writes: comma, CRLF, formulas guarded, nothing where nothing is stated.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Enum, String, Text, case, cast, func, literal, type_coerce

from districtops.kit.columns import Column, Kind, expression_of
from districtops.kit.csv_export import guard

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN = (Kind.NUMBER, Kind.YEAR, Kind.WON)


def can_write(columns: Sequence[Column]) -> bool:
    """Whether the database can write every one of these columns; what Python derives from a row, it cannot."""
    return all(column.expression is not None and _writes(column) for column in columns)


def _writes(column: Column) -> bool:
    kind = getattr(expression_of(column.expression), "type", None)
    if column.kind is Kind.TEXT:
        return isinstance(kind, String | Text) and not isinstance(kind, Enum)
    if column.kind is Kind.ENUM:
        return isinstance(kind, Enum) and kind.enum_class is not None
    return True


def line(columns: Sequence[Column], *, keys: bool, words: tuple[str, str], sqlite: bool) -> Any:
    """The expression of a row's line. ``words`` stand for yes and no, ``keys`` asks for an enumeration's codes."""
    cells = [_cell(column, keys, words, sqlite) for column in columns]
    return func.format(",".join(["%s"] * len(cells)) + "\r\n", *cells)


def _cell(column: Column, keys: bool, words: tuple[str, str], sqlite: bool) -> Any:
    value = expression_of(column.expression)
    if column.kind is Kind.ENUM:
        members = value.type.enum_class
        texts = {m: str(m.value) if keys else str(getattr(m, "label", m.value)) for m in members}
        return case(*((value == member, _quoted(text)) for member, text in texts.items()))
    if column.kind is Kind.FLAG:
        return case((value.is_(True), _quoted(words[0])), (value.is_(False), _quoted(words[1])))
    if column.kind is Kind.PERCENT:
        # Kept in thousandths and rounded to tenths before: nothing is lost here.
        kept = func.abs(type_coerce(value, BigInteger))
        sign = case((type_coerce(value, BigInteger) < 0, "-"), else_="")
        # Whole division as the databases do it: for `//` SQLAlchemy asks SQLite for a function that fails on NULL.
        whole, tenth = kept.op("/")(1000), kept.op("/")(100).op("%")(10)
        return sign + cast(whole, Text) + "." + cast(tenth, Text)
    if column.kind is Kind.DATE:
        return cast(value, Text) if sqlite else func.to_char(value, "YYYY-MM-DD")
    if column.kind in PLAIN:
        return value
    return _text(value)


def _quoted(text: str) -> str:
    return '"' + guard(text).replace('"', '""') + '"'


def _text(value: Any) -> Any:
    first = func.substr(func.ltrim(value, "'"), 1, 1)
    apostrophe = case((first.in_(RISKY), "'"), else_="")
    return literal('"') + apostrophe + func.replace(value, '"', '""') + literal('"')
