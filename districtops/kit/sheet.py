"""A sheet of paper as values: a title, facts, small tables. A page and a PDF file show the same words.

Everything on it is text in one language already, and short enough that the whole fits one A4 page: whoever makes a
sheet cuts with ``kit.text.shortened``.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A label with its value; a ``wide`` one takes the whole line."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A small table. The first column names the row, the others are aligned to the right where ``numeric`` says so.

    ``shares`` are the widths of the columns in percent. ``foot`` is the row of the sum, ``note`` what stands below
    (how many more there are, or that there is nothing).
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int]
    numeric: bool = False
    foot: Sequence[str] | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page. ``bands`` lie below one another and hold one table, or two beside each other.

    ``head`` stands above the title (whose it is), ``foot`` at the end (as of when, printed when and by whom).
    """

    language: str
    head: str
    title: str
    subtitle: str
    facts: Sequence[Fact]
    bands: Sequence[Sequence[Table]]
    foot: str
