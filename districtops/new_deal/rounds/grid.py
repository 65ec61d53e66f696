"""Who has reported: divisions against months, as values for the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flask import url_for
from flask_babel import gettext

from districtops import clock
from districtops.new_deal.models import Programme
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.forms import MISSING
from districtops.new_deal.monthly.models import ReportMonth, Standing
from districtops.new_deal.monthly.rules import State
from districtops.new_deal.rounds import queries


@dataclass(kw_only=True)
class Cell:
    """The reports of a division in a month; of all divisions where ``department_id`` is "all"."""

    month: ReportMonth
    department_id: int | str
    by_state: dict[State, int] = field(default_factory=dict)
    reminded_on: dt.date | None = None

    @property
    def total(self) -> int:
        """How many were requested."""
        return sum(self.by_state.values())

    @property
    def confirmed(self) -> int:
        """How many are confirmed."""
        return self.by_state.get(State.CONFIRMED, 0)

    @property
    def submitted(self) -> int:
        """How many wait for the manager."""
        return self.by_state.get(State.SUBMITTED, 0)

    @property
    def missing(self) -> int:
        """How many have yet to be reported."""
        return sum(self.by_state.get(state, 0) for state in rules.MISSING)

    @property
    def overdue(self) -> bool:
        """Whether something is missing after the deadline."""
        return bool(self.missing) and clock.today() > self.month.due_on

    @property
    def look(self) -> str:
        """The shape of the cell's state, which never stands without its words: done, delayed, on-schedule, later."""
        if self.confirmed == self.total:
            return "done"
        return "delayed" if self.overdue else "on-schedule" if self.submitted and not self.missing else "later"

    @property
    def can_remind(self) -> bool:
        """Whether somebody is left to remind."""
        return bool(self.missing) and self.month.standing is Standing.OPEN

    @property
    def url(self) -> str:
        """The reports of the cell as a list."""
        return self._url(None)

    @property
    def confirmed_url(self) -> str:
        """Those of them that count."""
        return self._url(State.CONFIRMED.value)

    @property
    def missing_url(self) -> str:
        """Those of them that have yet to come."""
        return self._url(MISSING)

    @property
    def submitted_url(self) -> str:
        """Those of them that wait for the manager."""
        return self._url(State.SUBMITTED.value)

    def _url(self, state: str | None) -> str:
        department = None if self.department_id == "all" else self.department_id
        return url_for(
            "new_deal.reports",
            month=self.month.month,
            programme=self.month.programme_id,
            department=department,
            state=state,
        )


@dataclass(kw_only=True)
class Row:
    """One division and its cells by month; None where it had nothing to report."""

    name: str
    department_id: int
    cells: Sequence[Cell | None]


class Grid:
    """The months of a programme, the latest first. A few queries, however many projects report."""

    def __init__(self, programme: Programme, months: Sequence[ReportMonth] | None = None) -> None:
        self.programme = programme
        self.months = sorted(
            queries.months_of(programme) if months is None else months, key=lambda month: month.month, reverse=True
        )

    @property
    def not_requested(self) -> list[str]:
        """The months of the programme's year that have begun, and for which nobody was asked to report."""
        asked, now = {month.month for month in self.months}, rules.month_of(clock.today())
        return [name for name in rules.months_of(self.programme.fiscal_year) if name <= now and name not in asked]

    @cached_property
    def _cells(self) -> dict[tuple[int, int], Cell]:
        by_id = {month.id: month for month in self.months}
        found: dict[tuple[int, int], Cell] = {}
        for row in queries.counts(self.months):
            place = (row.department_id or 0, row.month_id)
            cell = found.setdefault(place, Cell(month=by_id[row.month_id], department_id=place[0]))
            cell.by_state[row.state] = row.reports
        for (department_id, month_id), day in queries.reminded(self.months).items():
            if (department_id or 0, month_id) in found:
                found[department_id or 0, month_id].reminded_on = day
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """The divisions in the order of their codes, what belongs to none last."""
        there = {department_id for department_id, _ in self._cells}
        names = queries.department_names(sorted(there - {0}))
        if 0 in there:
            names[0] = gettext("No division stated")
        return [
            Row(
                name=name,
                department_id=department_id,
                cells=[self._cells.get((department_id, month.id)) for month in self.months],
            )
            for department_id, name in names.items()
        ]

    @cached_property
    def totals(self) -> list[Cell]:
        """All divisions together, month by month."""
        return [self._total(month) for month in self.months]

    def _total(self, month: ReportMonth) -> Cell:
        total = Cell(month=month, department_id="all")
        for (_, month_id), cell in self._cells.items():
            if month_id == month.id:
                for state, count in cell.by_state.items():
                    total.by_state[state] = total.by_state.get(state, 0) + count
                total.reminded_on = max(filter(None, (total.reminded_on, cell.reminded_on)), default=None)
        return total


def latest(programme: Programme) -> Cell | None:
    """The last month of a programme as one cell; None where no report was requested yet."""
    month = queries.latest_month(programme)
    if month is None:
        return None
    by_state = {row.state: row.reports for row in queries.states([month])}
    return Cell(month=month, department_id="all", by_state=by_state)
