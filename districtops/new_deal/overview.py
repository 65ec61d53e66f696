"""The dashboard of one year as values: sums over the grouped rows, compared with the year before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from flask import url_for

from districtops import clock
from districtops.guard.tenancy import scope
from districtops.kit.change import Change, band, compare
from districtops.kit.deadline import DueState, days_left, due_state
from districtops.kit.execution import exact_rate, execution_rate
from districtops.kit.ratio import half_up, percent
from districtops.models import Payer
from districtops.models.queries import departments
from districtops.new_deal import queries
from districtops.new_deal.models import Category, Programme, Status
from districtops.new_deal.record import PayerPart
from districtops.new_deal.support.models import SupportMeasure
from districtops.new_deal.support.queries import support_measures

LOW_SHARE = Decimal("0.6")
"""A division is marked when it spent less than this part of what the calendar expects."""
DAYS_AHEAD = 14
MOST_DUE = 12


@dataclass(frozen=True, kw_only=True)
class Total:
    """A sum over projects. Money in won; ``budget`` is None where no amount is stated."""

    projects: int = 0
    with_amount: int = 0
    budget: int | None = None
    spent: int = 0
    spent_of_budget: int | None = None

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Total":
        """The sum of grouped rows."""
        rows = list(rows)
        budgets = [row.budget for row in rows if row.budget is not None]
        spent_of_budget = [row.spent_of_budget for row in rows if row.spent_of_budget is not None]
        return cls(
            projects=sum(row.projects for row in rows),
            with_amount=sum(row.with_amount for row in rows),
            budget=sum(budgets) if budgets else None,
            spent=sum(row.spent or 0 for row in rows),
            spent_of_budget=sum(spent_of_budget) if spent_of_budget else None,
        )

    @property
    def average(self) -> int | None:
        """Won per project, half up; None where nothing is stated."""
        return int(half_up(Decimal(self.budget) / self.projects)) if self.budget is not None and self.projects else None

    @property
    def rate(self) -> Decimal | None:
        """The execution rate of the projects whose budget is stated: sum over sum (rule R1)."""
        return execution_rate(self.spent_of_budget, self.budget)

    @property
    def without_amount(self) -> int:
        """Projects whose budget is not stated."""
        return self.projects - self.with_amount


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a breakdown: a label, its sum and the address of its rows."""

    label: str
    url: str
    total: Total
    share: Decimal | None = None
    member: Any = None
    expected: Decimal = Decimal(0)

    @property
    def status(self) -> Any:
        """The status word of a line by status; None for those not reported."""
        return self.member

    @property
    def count(self) -> int:
        """How many projects."""
        return self.total.projects

    @property
    def rate(self) -> Decimal | None:
        """The execution rate of the line (rule R1)."""
        return self.total.rate

    @property
    def whole(self) -> int | None:
        """Won of budget, for the bar."""
        return self.total.budget

    @property
    def part(self) -> int:
        """Won spent of the stated budgets, for the bar."""
        return self.total.spent_of_budget or 0

    @property
    def low(self) -> bool:
        """Whether spending lies well behind the calendar."""
        rate = exact_rate(self.total.spent_of_budget, self.total.budget)
        return rate is not None and rate < Fraction(self.expected * LOW_SHARE)


@dataclass(frozen=True, kw_only=True)
class DueItem:
    """A milestone that needs somebody."""

    text: str
    url: str
    who: str
    state: DueState
    days: int
    day: dt.date
    sample: bool


class Year:
    """The sums of one year's programme, None where there is none. Everything comes from one query, grouped by the
    dimensions that somebody asks for."""

    def __init__(self, programme: Programme | None, fiscal_year: int, by: Sequence[str] = ()) -> None:
        self.programme = programme
        self.fiscal_year = fiscal_year
        self.rows = queries.groups(programme, by) if programme else ()

    @cached_property
    def total(self) -> Total:
        """All projects of the year."""
        return Total.of(self.rows)

    @cached_property
    def named(self) -> Total:
        """The projects that the announcement lists by name."""
        return self.by("named").get(True, Total())

    def by(self, dimension: str) -> dict[Any, Total]:
        """The projects by what a group of them has in common: its category, status, department_id, named."""
        found: defaultdict[Any, list[Any]] = defaultdict(list)
        for row in self.rows:
            found[getattr(row, dimension)].append(row)
        return {value: Total.of(rows) for value, rows in found.items()}

    def url(self, **filters: Any) -> str:
        """The address of the programme's projects, narrowed by filters. A reader of several districts has several
        programmes of one year, so the address names it."""
        if self.programme is not None and len(scope().districts) > 1:
            filters["programme"] = self.programme.id
        return url_for("new_deal.projects", fiscal_year=self.fiscal_year, **filters)


class Overview:
    """What the dashboard shows of a programme, beside the year before."""

    def __init__(self, programme: Programme, before: Programme | None) -> None:
        self.programme = programme
        self.before = before
        self.year = Year(programme, programme.fiscal_year, queries.DIMENSIONS)
        self.last = Year(before, programme.fiscal_year - 1)

    @cached_property
    def count_change(self) -> Change:
        """Projects against last year; without any project last year there is no base."""
        return compare(self.year.total.projects, self.last.total.projects if self.last.rows else None)

    @cached_property
    def budget_change(self) -> Change:
        """Budget against last year."""
        return compare(self.year.total.budget, self.last.total.budget)

    @property
    def budget_band(self) -> tuple[Decimal, Decimal] | None:
        """Between which percentages the true change lies when both amounts were printed rounded."""
        steps = [p.rounding_won for p in (self.programme, self.before) if p is not None and p.rounding_won]
        current, previous = self.year.total.budget, self.last.total.budget
        if len(steps) < 2 or current is None or previous is None:
            return None
        return band(current, previous, max(steps))

    @property
    def status_on(self) -> dt.date:
        """The day whose status words are shown."""
        return self.programme.status_on or clock.today()

    @cached_property
    def by_status(self) -> list[Line]:
        """Counts by status word, those that are not reported last."""
        members: list[Status | None] = [*Status, None]
        by = self.year.by("status")
        return [
            self._line(
                str(member.label) if member else "",
                by.get(member),
                member=member,
                status=member.value if member else "none",
            )
            for member in members
        ]

    @cached_property
    def by_category(self) -> list[Line]:
        """Counts and money by category."""
        by = self.year.by("category")
        return [self._line(str(c.label), by.get(c), member=c, category=c.value) for c in Category]

    @cached_property
    def by_department(self) -> list[Line]:
        """Counts and money by division, the largest budget first; projects without one are left to ``unassigned``."""
        by = self.year.by("department_id")
        found = [self._line(d.name, by[d.id], department=d.id) for d in departments() if d.id in by]
        return sorted(found, key=lambda line: -(line.total.budget or 0))

    @cached_property
    def unassigned(self) -> Total:
        """Projects whose division is not stated."""
        return self.year.by("department_id").get(None, Total())

    @cached_property
    def by_payer(self) -> list[PayerPart]:
        """The current budget by payer."""
        sums = queries.budget_by_payer(self.programme)
        total = self.year.total.budget
        return [
            PayerPart(label=str(payer.label), amount=sums[payer], share=percent(sums[payer], total))
            for payer in Payer
            if payer in sums
        ]

    def _line(self, label: str, found: Total | None, member: Any = None, **filters: Any) -> Line:
        total = found or Total()
        share = percent(total.projects, self.year.total.projects)
        return Line(
            label=label,
            url=self.year.url(**filters),
            total=total,
            share=share,
            member=member,
            expected=self.elapsed,
        )

    @property
    def elapsed(self) -> Decimal:
        """The share of the fiscal year that has passed today, in percent: what even spending would have reached."""
        return year_elapsed(self.programme.fiscal_year, clock.today())

    @property
    def named_share(self) -> Decimal | None:
        """The stated amounts of the named projects as a share of the whole budget."""
        return percent(self.year.named.budget, self.year.total.budget)

    @property
    def unnamed_budget(self) -> int | None:
        """Won of the whole budget that no named project carries."""
        total, named = self.year.total.budget, self.year.named.budget
        return None if total is None else total - (named or 0)

    @cached_property
    def contests(self) -> Any:
        """(projects, won) of the contests of the year before, in which this programme's money was won."""
        return queries.contest_totals(self.before) if self.before else None

    @property
    def contest_average(self) -> int | None:
        """Won per selected project, half up."""
        found = self.contests
        if found is None or not found.projects or found.won is None:
            return None
        return int(half_up(Decimal(found.won) / found.projects))

    @cached_property
    def measures(self) -> Sequence[SupportMeasure]:
        """What the programme does beside its projects."""
        return support_measures(self.programme)

    @cached_property
    def concerns(self) -> list[Any]:
        """What the year's projects serve."""
        return queries.concerns(self.programme)

    @cached_property
    def due(self) -> list[DueItem]:
        """Milestones that are late or due within two weeks, the oldest first (rule R11)."""
        today = clock.today()
        last = today + dt.timedelta(days=DAYS_AHEAD)
        rows = queries.open_milestones(None, last, limit=MOST_DUE, programme=self.programme)
        return [
            DueItem(
                text=f"{row.title} · {row.Milestone.title}",
                url=url_for("new_deal.show", project_id=row.id, _anchor="schedule"),
                who=row.department or "",
                state=due_state(row.Milestone.due_on, today, done=False),
                days=days_left(row.Milestone.due_on, today),
                day=row.Milestone.due_on,
                sample=row.Milestone.sample,
            )
            for row in rows
        ]


def year_elapsed(fiscal_year: int, today: dt.date) -> Decimal:
    """Percent of a fiscal year (a calendar year) that has passed at the end of ``today``, between 0 and 100."""
    first, last = dt.date(fiscal_year, 1, 1), dt.date(fiscal_year, 12, 31)
    passed = min(max((today - first).days + 1, 0), (last - first).days + 1)
    return percent(passed, (last - first).days + 1) or Decimal(0)


def overview_of(programme: Programme, programmes: Sequence[Programme]) -> Overview:
    """The dashboard of a programme, beside its own district's of the year before where there is one."""
    earlier = (programme.district_id, programme.fiscal_year - 1)
    before = next((p for p in programmes if (p.district_id, p.fiscal_year) == earlier), None)
    return Overview(programme, before)
