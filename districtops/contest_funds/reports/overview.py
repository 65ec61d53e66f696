"""The weekly list and the outlook on matching money as values."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from districtops import clock
from districtops.contest_funds import queries, rules
from districtops.contest_funds.overview import Closing, Total, Year, closing_within
from districtops.contest_funds.reports import queries as weekly_queries

SOON, LATER = 14, 30
"""Days ahead for which calls are told as closing."""


class Weekly:
    """What the executive meeting reads: what closes, who has not answered, what came out since last Monday."""

    def __init__(self, since: dt.date | None = None) -> None:
        self.today = clock.today()
        self.since = since or rules.last_monday(self.today)

    @cached_property
    def closing(self) -> list[Closing]:
        """Calls that close within 30 days, the next first."""
        return closing_within(self.today, LATER)

    @property
    def soon(self) -> list[Closing]:
        """Those of them that close within 14 days."""
        return [call for call in self.closing if call.days <= SOON]

    @property
    def later(self) -> list[Closing]:
        """The others."""
        return [call for call in self.closing if call.days > SOON]

    @cached_property
    def waiting(self) -> Sequence[Any]:
        """Questions that no division answered yet."""
        return queries.unanswered(self.today)

    @cached_property
    def results(self) -> Sequence[Any]:
        """Results since the Monday before."""
        return weekly_queries.results(self.since, self.today)

    @cached_property
    def changes(self) -> Sequence[Any]:
        """Every other step since then."""
        return weekly_queries.changes(self.since, self.today)

    @cached_property
    def year(self) -> Total:
        """This year so far."""
        return Year(self.today.year).total

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """The list as rows of a file: section, day, title, organiser, division, what, won, sample."""
        for section, calls in (("closing_14", self.soon), ("closing_30", self.later)):
            for row in calls:
                call = row.call
                told = (row.asked, row.unanswered, row.applications)
                what = "asked {}, unanswered {}, applications {}".format(*told)
                organiser = str(call.organiser or "")
                yield section, call.closes_on, call.title, organiser, "", what, call.max_grant_won, yes(call.sample)
        for row in self.waiting:
            call = row.Call
            organiser = str(call.organiser or "")
            yield (
                "not_answered",
                call.closes_on,
                call.title,
                organiser,
                row.department,
                "",
                None,
                yes(row.Routing.sample),
            )
        for section, rows in (("result", self.results), ("change", self.changes)):
            for row in rows:
                organiser, department = str(row.organiser or ""), row.department or ""
                amount = row.external_won if section == "result" else None
                state = row.to_state.value
                yield section, row.on_date, row.title, organiser, department, state, amount, yes(row.sample)


def yes(flag: bool) -> str:
    """How files write it in every language."""
    return "yes" if flag else "no"


@dataclass(frozen=True, kw_only=True)
class OutlookLine:
    """The district's matching money in one fiscal year, in won: of what is won, what is expected with the open
    applications, and if all of them are selected. ``expected`` is None without a rate."""

    year: int | None
    won: int
    expected: int | None
    everything: int


class Outlook:
    """How much matching money the coming years need in three cases."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.base = Year(self.today.year - 1)

    @property
    def decided(self) -> int:
        """How many applications were decided in the year by whose rate is expected."""
        return self.base.total.succeeded + self.base.total.failed

    @cached_property
    def lines(self) -> list[OutlookLine]:
        """A line for each fiscal year from this one on, those without a year last."""
        sums: dict[int | None, dict[bool, int]] = {}
        for row in queries.matching_by_year(self.today.year):
            sums.setdefault(row.fiscal_year, {})[row.won] = row.amount
        years = sorted(sums, key=lambda year: (year is None, year))
        return [self._line(year, sums[year].get(True, 0), sums[year].get(False, 0)) for year in years]

    def _line(self, year: int | None, won: int, waiting: int) -> OutlookLine:
        more = rules.expected(waiting, self.base.total.succeeded, self.decided) if waiting else 0
        return OutlookLine(year=year, won=won, expected=None if more is None else won + more, everything=won + waiting)

    @property
    def total(self) -> OutlookLine:
        """All years together: the open amounts are added up before the rate is applied, and rounded once."""
        won = sum(line.won for line in self.lines)
        return self._line(None, won, sum(line.everything for line in self.lines) - won)
