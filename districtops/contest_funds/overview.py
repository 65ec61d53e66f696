"""The dashboard of one year as values, compared with the year before; and the board of states."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask import url_for

from districtops import clock
from districtops.contest_funds import queries, rules
from districtops.contest_funds.figures import PAYERS
from districtops.contest_funds.models import LossReason, OrganiserKind
from districtops.contest_funds.rules import BEFORE_APPLYING, PENDING, SECURED, State
from districtops.kit.change import Change, compare, points
from districtops.kit.deadline import days_left
from districtops.kit.ratio import exact_percent, half_up, percent
from districtops.models import Payer
from districtops.models.queries import departments


@dataclass(frozen=True, kw_only=True)
class Total:
    """Sums over applications of one year. Money in won, of what is secured; None where no amount is stated.

    ``applied`` counts those filed in the year, ``succeeded`` and ``failed`` what came of these, whenever it was
    decided; ``selected`` and ``lost`` count those decided in the year, whenever they were filed; ``given_up`` are
    selected and no longer secured.
    """

    applied: int = 0
    succeeded: int = 0
    failed: int = 0
    selected: int = 0
    given_up: int = 0
    lost: int = 0
    waiting: int = 0
    with_external: int = 0
    external: int | None = None
    with_matching: int = 0
    matching: int | None = None

    @classmethod
    def of(cls, rows: Iterable[Any], year: int) -> "Total":
        """The sum of grouped rows (queries.groups), as far as they belong to ``year``."""
        rows = list(rows)
        filed = [row for row in rows if row.applied and row.fiscal_year == year]
        won = [row for row in rows if row.award_year == year]
        secured = [row for row in won if row.state in SECURED]
        with_external = sum(row.with_external for row in secured)
        with_matching = sum(row.with_matching for row in secured)
        return cls(
            applied=sum(row.applications for row in filed),
            succeeded=sum(row.applications for row in filed if row.award_year is not None),
            failed=sum(row.applications for row in filed if row.state is State.NOT_SELECTED),
            selected=sum(row.applications for row in won),
            given_up=sum(row.applications for row in won if row.state is State.GIVEN_UP),
            lost=sum(r.applications for r in rows if r.result_year == year and r.state is State.NOT_SELECTED),
            waiting=sum(row.applications for row in filed if row.state is State.APPLIED),
            with_external=with_external,
            external=sum(row.external_won for row in secured) if with_external else None,
            with_matching=with_matching,
            matching=sum(row.matching_won for row in secured) if with_matching else None,
        )

    @property
    def secured(self) -> int:
        """Selected and not given up."""
        return self.selected - self.given_up

    @property
    def rate(self) -> Decimal | None:
        """Selected in percent of everything that was applied for in the year."""
        return rules.selection_rate(self.succeeded, self.applied)

    @property
    def decided_rate(self) -> Decimal | None:
        """Selected in percent of what was decided of it."""
        return rules.selection_rate(self.succeeded, self.succeeded + self.failed)

    @property
    def average(self) -> int | None:
        """Won of outside money for each secured contest with an amount, half up."""
        if self.external is None or not self.with_external:
            return None
        return int(half_up(Decimal(self.external) / self.with_external))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a breakdown: a label, its sum, its share of the whole and the address of its rows."""

    label: str
    url: str
    selected_url: str
    secured_url: str
    total: Total
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class PayerLine:
    """Outside money of one payer: won, share, the address of its rows."""

    label: str
    url: str
    amount: int
    share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """How many, as a share of all, and the address of the rows."""

    label: str
    url: str
    count: int
    share: Decimal | None


class Year:
    """The sums of one year. Everything comes from one grouped query."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.rows = queries.groups(year)
        self.total = Total.of(self.rows, year)

    def by(self, dimension: str) -> dict[Any, Total]:
        """The applications by what a group of them has in common: its organiser_kind, department_id, loss, named."""
        found: defaultdict[Any, list[Any]] = defaultdict(list)
        for row in self.rows:
            found[getattr(row, dimension)].append(row)
        return {value: Total.of(rows, self.year) for value, rows in found.items()}

    @property
    def secured(self) -> list[Any]:
        """The groups of what was won this year and not given up."""
        return [row for row in self.rows if row.award_year == self.year and row.state in SECURED]

    def applied_url(self, **filters: Any) -> str:
        """The applications filed in the year."""
        return url_for("contest_funds.applications", year=self.year, applied="yes", **filters)

    def selected_url(self, **filters: Any) -> str:
        """The applications selected in the year, those given up among them."""
        return url_for("contest_funds.applications", award_year=self.year, **filters)

    def secured_url(self, **filters: Any) -> str:
        """The applications that make the outside money of the year."""
        return self.selected_url(secured="yes", **filters)

    def lost_url(self, **filters: Any) -> str:
        """The applications that were not selected in the year."""
        return url_for("contest_funds.applications", result_year=self.year, state="not_selected", **filters)


class Overview:
    """What the dashboard shows of a year, beside the year before."""

    def __init__(self, year: int) -> None:
        self.year = Year(year)
        self.last = Year(year - 1)

    @property
    def known_before(self) -> bool:
        """Whether anything of the year before is recorded."""
        return bool(self.last.rows)

    def change(self, name: str) -> Change:
        """A figure of ``Total`` against last year (rule R2)."""
        before = getattr(self.last.total, name) if self.known_before else None
        return compare(getattr(self.year.total, name), before)

    @property
    def rate_change(self) -> Decimal | None:
        """The selection rate against last year, in percentage points of the unrounded rates (rule R2)."""
        year, last = self.year.total, self.last.total
        return points(exact_percent(year.succeeded, year.applied), exact_percent(last.succeeded, last.applied))

    @cached_property
    def by_payer(self) -> list[PayerLine]:
        """The outside money by payer; those that give nothing are left out."""
        parts = [(payer, f"{payer.value}_won") for payer in PAYERS]
        sums = [(payer, part, sum(getattr(row, part) for row in self.year.secured)) for payer, part in parts]
        return [
            PayerLine(
                label=str(payer.label),
                url=self.year.secured_url(payer=payer.value, **_shown(part)),
                amount=amount,
                share=percent(amount, self.year.total.external),
            )
            for payer, part, amount in sums
            if amount
        ]

    @cached_property
    def by_organiser(self) -> list[Line]:
        """Counts and money by kind of organiser, those not stated last."""
        kinds: list[OrganiserKind | None] = [*OrganiserKind, None]
        by = self.year.by("organiser_kind")
        lines = [
            self._line(str(kind.label) if kind else "", by[kind], organiser_kind=kind.value if kind else "none")
            for kind in kinds
            if kind in by
        ]
        return [line for line in lines if line.total.applied or line.total.selected]

    @cached_property
    def by_department(self) -> list[Line]:
        """Counts and money by division, the most outside money first; those without one last, without a label."""
        names = {row.id: row.name for row in departments()}
        lines = [
            self._line(names.get(department_id, ""), total, department=department_id or 0)
            for department_id, total in self.year.by("department_id").items()
        ]
        return sorted(lines, key=lambda line: (not line.label, -(line.total.external or 0), line.label))

    def _line(self, label: str, total: Total, **filters: Any) -> Line:
        share = percent(total.external, self.year.total.external)
        urls = (self.year.applied_url(**filters), self.year.selected_url(**filters), self.year.secured_url(**filters))
        return Line(label=label, url=urls[0], selected_url=urls[1], secured_url=urls[2], total=total, share=share)

    @cached_property
    def named(self) -> Total:
        """The secured contests that the announcement lists by name."""
        return self.year.by("named").get(True) or Total.of((), self.year.year)

    @property
    def named_share(self) -> Decimal | None:
        """Their outside money in percent of all."""
        return percent(self.named.external, self.year.total.external)

    @property
    def unnamed(self) -> int | None:
        """Won of outside money that no named contest carries."""
        total = self.year.total.external
        return None if total is None else total - (self.named.external or 0)

    @cached_property
    def losses(self) -> list[CountLine]:
        """Why applications were not selected, the most frequent reason first."""
        year, by = self.year, self.year.by("loss")
        found = []
        for reason in LossReason:
            count = by[reason].lost if reason in by else 0
            if count:
                url, share = year.lost_url(loss=reason.value), percent(count, year.total.lost)
                found.append(CountLine(label=str(reason.label), url=url, count=count, share=share))
        return sorted(found, key=lambda line: -line.count)

    @cached_property
    def promised(self) -> list[CountLine]:
        """What was won this year and is not settled, by state."""
        states = [state for state in rules.LADDER if state in SECURED and state is not State.SETTLED]
        lines = []
        for state in states:
            count = sum(row.applications for row in self.year.secured if row.state is state)
            if count:
                url, share = self.year.selected_url(state=state.value), percent(count, self.year.total.secured)
                lines.append(CountLine(label=str(state.label), url=url, count=count, share=share))
        return lines


def _shown(part: str) -> dict[str, Any]:
    """The list with the payer's own part, which has a column unless nobody knows whose money it is."""
    return {} if part == f"{Payer.UNSTATED.value}_won" else {"columns": ["title", "department", "state", part]}


def overview_of(year: int) -> Overview:
    """The dashboard of a year."""
    return Overview(year)


FIRST_MONTH = 4


def shown_year(years: Sequence[int]) -> int:
    """The year that is shown unless another is asked for: this one from April on, once anything was selected in it,
    else the latest before it. A year of a few weeks says nothing beside a whole one."""
    today = clock.today()
    past = [year for year in years if year <= today.year]
    if len(past) > 1 and past[0] == today.year and (today.month < FIRST_MONTH or not Year(today.year).total.selected):
        return past[1]
    return past[0] if past else years[-1]


@dataclass(frozen=True, kw_only=True)
class Closing:
    """A call that closes soon, and how many of the divisions that were asked owe an answer."""

    call: Any
    days: int
    asked: int
    unanswered: int
    applications: int


def closing_within(today: dt.date, days: int) -> list[Closing]:
    """Calls that close within so many days, the next first."""
    return [
        Closing(
            call=row.Call,
            days=days_left(row.Call.closes_on, today),
            asked=row.asked,
            unanswered=row.unanswered,
            applications=row.applications,
        )
        for row in queries.closing(today, today + dt.timedelta(days=days))
    ]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A state on the board: its count, its money in won (what was requested before the result, the outside money
    after it; None where none is stated), the newest applications and the address of all."""

    state: State
    count: int
    amount: int | None
    newest: Sequence[Any]
    url: str

    @property
    def asks(self) -> bool:
        """Whether the amount is what was requested."""
        return self.state in PENDING


def board_of(year: int | None) -> list[Place]:
    """Every state in its order; those beside the way only where they hold something."""
    sums: dict[State, Any] = {row.state: row for row in queries.by_state(year)}
    newest: dict[State, list[Any]] = {}
    for row in queries.latest_of_each_state(year):
        newest.setdefault(row.state, []).append(row)
    places = []
    for state in State:
        total: Any = sums.get(state)
        if total is None and (state not in rules.LADDER or (year is None and state is State.SETTLED)):
            continue
        filters = {"state": state.value} | ({} if year is None else {"year": year})
        places.append(
            Place(
                state=state,
                count=total.applications if total else 0,
                amount=_amount(state, total),
                newest=newest.get(state, []) if total else [],
                url=url_for("contest_funds.applications", **filters),
            )
        )
    return places


def _amount(state: State, total: Any) -> int | None:
    if total is None or state in BEFORE_APPLYING:
        return None
    if state is State.APPLIED:
        return int(total.requested) or None
    return int(total.external) if total.with_external else None
