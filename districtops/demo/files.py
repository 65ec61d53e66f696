"""The demonstration's data files, read row by row, and the office whose rows they are."""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from districtops.kit.text import Words
from districtops.models import Department

DATA = Path(__file__).parent / "data"

Value = TypeVar("Value")
Line = dict[str, str]


def rows(name: str) -> list[Line]:
    """The rows of a data file, as text by column."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def maybe(text: str, read: Callable[[str], Value]) -> Value | None:
    """What ``read`` makes of the text; None where nothing is stated."""
    return read(text) if text else None


def day(text: str) -> dt.date | None:
    """A day, or None where none is stated."""
    return maybe(text, dt.date.fromisoformat)


def words(line: Line, name: str) -> Words | None:
    """The text of the columns ``<name>_en`` and ``<name>_ko``, or None where both are empty."""
    return Words(line[f"{name}_en"] or None, line[f"{name}_ko"] or None) or None


@dataclass
class Office:
    """The district whose rows are loaded; ``departments`` are those loaded already, by their codes."""

    slug: str
    departments: dict[str, Department] = field(default_factory=dict)

    def own(self, name: str) -> list[Line]:
        """The rows of a data file that are this district's."""
        return [line for line in rows(name) if line["district"] == self.slug]

    def department_id(self, code: str) -> int | None:
        """The id of a department, None without a code."""
        return self.departments[code].id if code else None
