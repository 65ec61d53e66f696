"""Months and years of a schedule as values for their pages."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from babel import Locale

from districtops.kit.text import language
from districtops.playgrounds import rules
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Day, Reason, Schedule, State

FIRST_YEAR, LAST_YEAR = 1990, 2099


def month_name(month: int) -> str:
    """The English name of a month; Korean ones are numbers."""
    return str(Locale("en").months["format"]["wide"][month])


@dataclass(frozen=True)
class Month:
    """A month of a playground: its answers, day by day."""

    playground: Playground
    schedule: Schedule
    year: int
    month: int

    @property
    def title(self) -> str:
        """``February 2022`` or ``2022년 2월``."""
        return f"{self.year}년 {self.month}월" if language() == "ko" else f"{month_name(self.month)} {self.year}"

    @property
    def first(self) -> dt.date:
        """The first of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """The last day of the month."""
        return (self.first + dt.timedelta(days=32)).replace(day=1) - rules.DAY

    @cached_property
    def days(self) -> list[Day]:
        """The answers of the month."""
        return list(rules.days(self.schedule, self.first, self.last))

    @property
    def weeks(self) -> list[list[Day | None]]:
        """Weeks from Monday to Sunday; None outside the month."""
        cells: list[Day | None] = [None] * self.first.weekday() + list(self.days)
        cells += [None] * (-len(cells) % 7)
        return [cells[n : n + 7] for n in range(0, len(cells), 7)]

    @property
    def open_days(self) -> int:
        """On how many days it is open."""
        return sum(day.state is State.OPEN for day in self.days)

    @property
    def exceptions(self) -> list[Day]:
        """The days that are not what the week makes them expect: what a notice has to tell."""
        ordinary = (Reason.WEEKLY_PATTERN, Reason.WEEKLY_CLOSURE)
        return [day for day in self.days if day.because not in ordinary or day.cuts]

    @property
    def before(self) -> str | None:
        """The month before, as an address writes it."""
        day = self.first - rules.DAY
        return f"{day:%Y-%m}" if day.year >= FIRST_YEAR else None

    @property
    def after(self) -> str | None:
        """The month after."""
        day = self.last + rules.DAY
        return f"{day:%Y-%m}" if day.year <= LAST_YEAR else None


@dataclass(frozen=True)
class Year:
    """A year of a playground."""

    playground: Playground
    schedule: Schedule
    year: int

    @cached_property
    def months(self) -> list[Month]:
        """January to December."""
        return [Month(self.playground, self.schedule, self.year, month) for month in range(1, 13)]

    @property
    def open_days(self) -> int:
        """On how many days it is open."""
        return sum(month.open_days for month in self.months)

    @property
    def reasons(self) -> list[tuple[Reason, int]]:
        """How many days each rule decides, in the order of precedence."""
        counted = Counter(day.because for month in self.months for day in month.days)
        return [(reason, counted[reason]) for reason in Reason if counted[reason]]

    @property
    def prepared(self) -> bool:
        """Whether the holiday periods of the year are published."""
        return self.year in self.schedule.prepared

    @property
    def conflicts(self) -> list[rules.Conflict]:
        """Where entries of the year disagree, and which of them wins."""
        return rules.conflicts(self.schedule, dt.date(self.year, 1, 1), dt.date(self.year, 12, 31))
