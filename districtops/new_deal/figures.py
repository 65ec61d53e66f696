"""The figures of a project that lists sort and filter by, and their sums for the dashboard (guard.summaries)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, and_, case, cast, extract, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from districtops.guard.summaries import Figures, Summary
from districtops.kit.db import Base, WonInt, db
from districtops.kit.execution import execution_rate, unused
from districtops.models import DistrictScoped, FundingLine, LedgerEntry, Payer, Program
from districtops.new_deal.contracts.models import Payment
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.indicators.rules import Goal, achievement, goal
from districtops.new_deal.models import Category, Concern, Project, Status
from districtops.new_deal.rules import ENDED, FINISHED, Stage
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import HALF_YEAR, CarryKind, DecisionState, share

TABLE = "new_deal_project_figures"
SORTS = ("code", "title_en", "title_ko", "category", "status", "ends_on", "budget_won", "execution_rate", "achievement")
FILTERS = (
    *("programme_id", "category", "stage", "status", "department_id", "named", "sample"),
    *("decided", "carry_kind", "goal"),
)
SHARES = ("straight_share", "payment_share")


class ProjectFigures(DistrictScoped, Base):
    """A project as lists sort and filter it: one row, so that one index serves each order and each filter.

    Everything here follows from other rows; ``id`` is the project's, and no reference: a project that is removed takes
    its figures out of the sums first. ``budget_won`` is None where none is stated; a payer's part is zero where other
    payers are named and this one is not, None where one is unstated.
    """

    __tablename__ = TABLE
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (
        UniqueConstraint("district_id", "program_id"),
        *(Index(f"ix_{TABLE}_{name}", "district_id", name, "id") for name in SORTS),
        *(Index(f"ix_{TABLE}_{name}_code", "district_id", name, "code", "id") for name in FILTERS),
        *(Index(f"ix_{TABLE}_year_{name}", "district_id", "fiscal_year", name, "id") for name in (*SORTS, *SHARES)),
        *(Index(f"ix_{TABLE}_{name}", "district_id", name, "id") for name in (*SHARES, "unused_won")),
    )

    program_id: Mapped[int]
    programme_id: Mapped[int]
    fiscal_year: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    title_en: Mapped[str] = mapped_column(String(200))
    title_ko: Mapped[str] = mapped_column(String(200))
    category: Mapped[Category]
    concern: Mapped[Concern | None]
    stage: Mapped[Stage]
    status: Mapped[Status | None]
    department_id: Mapped[int | None]
    named: Mapped[bool]
    sample: Mapped[bool]
    ends_on: Mapped[dt.date | None]
    budget_won: Mapped[WonInt | None] = mapped_column()
    spent_won: Mapped[WonInt] = mapped_column()
    execution_rate: Mapped[Decimal | None]
    national_won: Mapped[WonInt | None] = mapped_column()
    city_won: Mapped[WonInt | None] = mapped_column()
    district_won: Mapped[WonInt | None] = mapped_column()
    private_won: Mapped[WonInt | None] = mapped_column()
    other_won: Mapped[WonInt | None] = mapped_column()
    unstated_won: Mapped[WonInt | None] = mapped_column()
    first_half_won: Mapped[WonInt] = mapped_column()
    payments_due_won: Mapped[WonInt | None] = mapped_column()
    straight_share: Mapped[int | None] = mapped_column(BigInteger)
    payment_share: Mapped[int | None] = mapped_column(BigInteger)
    decided: Mapped[bool]
    carry_kind: Mapped[CarryKind | None]
    carry_won: Mapped[WonInt | None] = mapped_column()
    return_won: Mapped[WonInt | None] = mapped_column()
    unused_won: Mapped[WonInt | None] = mapped_column()
    goal: Mapped[Goal | None]
    achievement: Mapped[Decimal | None]
    measured_on: Mapped[dt.date | None]


class ProjectSums(DistrictScoped, Base):
    """The sums of one group of projects. Several rows of one group add up.

    ``above_zero_won`` is the budget of those that have a projection, ``straight_won`` what those without contract
    payments have spent, ``by_payments_won`` what the others will have by their payments.
    """

    __tablename__ = "new_deal_project_sums"
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (
        Index("ix_new_deal_project_sums_programme", "district_id", "programme_id", "status", "category"),
    )

    programme_id: Mapped[int]
    category: Mapped[Category]
    concern: Mapped[Concern | None]
    status: Mapped[Status | None]
    department_id: Mapped[int | None]
    named: Mapped[bool]
    projects: Mapped[int]
    with_amount: Mapped[int]
    budget_won: Mapped[WonInt] = mapped_column()
    spent_won: Mapped[WonInt] = mapped_column()
    spent_of_budget_won: Mapped[WonInt] = mapped_column()
    national_won: Mapped[WonInt] = mapped_column()
    city_won: Mapped[WonInt] = mapped_column()
    district_won: Mapped[WonInt] = mapped_column()
    private_won: Mapped[WonInt] = mapped_column()
    other_won: Mapped[WonInt] = mapped_column()
    unstated_won: Mapped[WonInt] = mapped_column()
    first_half_won: Mapped[WonInt] = mapped_column()
    above_zero_won: Mapped[WonInt] = mapped_column()
    straight_won: Mapped[WonInt] = mapped_column()
    by_payments_won: Mapped[WonInt] = mapped_column()
    decided: Mapped[int]
    specified_won: Mapped[WonInt] = mapped_column()
    accidental_won: Mapped[WonInt] = mapped_column()
    continuing_won: Mapped[WonInt] = mapped_column()
    return_won: Mapped[WonInt] = mapped_column()
    unused_won: Mapped[WonInt] = mapped_column()


def compute(programs: Sequence[int]) -> Mapping[int, Figures]:
    """The figures of the programs' projects by the ids of these, from a query for each kind of row."""
    money: defaultdict[int, dict[Payer, int]] = defaultdict(dict)
    by_payer = (
        select(FundingLine.program_id, FundingLine.payer, cast(func.sum(FundingLine.amount_won), BigInteger))
        .where(FundingLine.program_id.in_(programs))
        .group_by(FundingLine.program_id, FundingLine.payer)
    )
    for program_id, payer, amount in db.session.execute(by_payer):
        money[program_id][payer] = amount
    spent = _spent(programs)
    due = _payments_due(programs)
    decisions = _decisions(programs)
    measured = _measured(programs)
    plain = (Program.fiscal_year, Program.code, Program.title_en, Program.title_ko, Program.department_id)
    rows = db.session.execute(
        select(
            *(Project.program_id, Project.id, Project.programme_id, Project.category),
            *(Project.concern, Project.stage, Project.status, Project.named),
            *(Project.kpi_base, Project.kpi_target, Project.kpi_actual),
            *(*plain, Program.sample, Program.ends_on),
        )
        .join(Program, Program.id == Project.program_id)
        .where(Project.program_id.in_(programs))
    )
    return {
        row.id: {
            **_money(row, money.get(row.program_id), *spent.get(row.program_id, (0, 0)), _due(row, due)),
            **_goal(row, measured.get(row.program_id)),
            **_decided(decisions.get(row.program_id), money.get(row.program_id), spent.get(row.program_id, (0, 0))[0]),
        }
        for row in rows
    }


def _spent(programs: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(won, won by 30 June of the fiscal year) of each program's ledger."""
    month = extract("year", LedgerEntry.on_date) * 12 + extract("month", LedgerEntry.on_date)
    early = case((month <= Program.fiscal_year * 12 + HALF_YEAR[0], LedgerEntry.amount_won), else_=0)
    statement = (
        select(
            LedgerEntry.program_id,
            cast(func.sum(LedgerEntry.amount_won), BigInteger),
            cast(func.sum(early), BigInteger),
        )
        .join(Program, Program.id == LedgerEntry.program_id)
        .where(LedgerEntry.program_id.in_(programs))
        .group_by(LedgerEntry.program_id)
    )
    return {program_id: (total, half) for program_id, total, half in db.session.execute(statement)}


def _payments_due(programs: Sequence[int]) -> dict[int, int]:
    """Won of unpaid payments due by the end of the fiscal year, of each program with a planned payment."""
    in_year = extract("year", Payment.due_on) <= Program.fiscal_year
    due = case((and_(Payment.paid_on.is_(None), in_year), Payment.amount_won), else_=0)
    statement = (
        select(Payment.program_id, cast(func.sum(due), BigInteger))
        .join(Program, Program.id == Payment.program_id)
        .where(Payment.program_id.in_(programs))
        .group_by(Payment.program_id)
    )
    return dict(db.session.execute(statement).all())


def _due(row: Any, due: Mapping[int, int]) -> int | None:
    """Won that are still paid this year: by the plan; nothing once the project is finished; None where nobody knows."""
    return due.get(row.program_id, 0 if row.stage in FINISHED | ENDED else None)


def _decisions(programs: Sequence[int]) -> dict[int, Any]:
    """(carry_won, carry_kind, return_won) of each program with a confirmed decision."""
    columns = (YearEndDecision.carry_won, YearEndDecision.carry_kind, YearEndDecision.return_won)
    statement = select(YearEndDecision.program_id, *columns).where(
        YearEndDecision.program_id.in_(programs), YearEndDecision.state == DecisionState.CONFIRMED
    )
    return {row.program_id: row for row in db.session.execute(statement)}


def _measured(programs: Sequence[int]) -> dict[int, dt.date]:
    """The day of each program's latest reading that stands."""
    correction = aliased(Reading)
    corrected = select(correction.id).where(correction.replaces_id == Reading.id).exists()
    statement = (
        select(Reading.program_id, func.max(Reading.on_date))
        .where(Reading.program_id.in_(programs), ~corrected)
        .group_by(Reading.program_id)
    )
    return dict(db.session.execute(statement).all())


FROM_PROJECT = (
    *("id", "program_id", "programme_id", "category", "concern", "stage", "status", "named"),
    *("fiscal_year", "code", "title_en", "title_ko", "department_id", "sample", "ends_on"),
)


def _money(row: Any, parts: Mapping[Payer, int] | None, spent: int, early: int, due: int | None) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in FROM_PROJECT}
    budget = None if parts is None else sum(parts.values())
    nothing = None if parts is None or Payer.UNSTATED in parts else 0
    for payer in Payer:
        found[f"{payer.value}_won"] = (parts or {}).get(payer, None if payer is Payer.UNSTATED else nothing)
    return {
        **found,
        "budget_won": budget,
        "spent_won": spent,
        "execution_rate": execution_rate(spent, budget),
        "first_half_won": early,
        "payments_due_won": due,
        "straight_share": share(spent, budget) if due is None else None,
        "payment_share": None if due is None else share(spent + due, budget),
    }


def _goal(row: Any, measured_on: dt.date | None) -> dict[str, Any]:
    values = (row.kpi_base, row.kpi_target, row.kpi_actual)
    return {"goal": goal(*values), "achievement": achievement(*values), "measured_on": measured_on}


def _decided(decision: Any, parts: Mapping[Payer, int] | None, spent: int) -> dict[str, Any]:
    if decision is None:
        return {"decided": False, **dict.fromkeys(("carry_kind", "carry_won", "return_won", "unused_won"))}
    carried, returned = decision.carry_won, decision.return_won
    left = (
        None if parts is None else unused(sum(parts.values()), spent=spent, carry_next=carried, grant_return=returned)
    )
    return {
        "decided": True,
        "carry_kind": decision.carry_kind,
        "carry_won": carried,
        "return_won": returned,
        "unused_won": left,
    }


def _part(name: str, figures: Figures) -> int:
    return figures[name] or 0


def _carried(kind: CarryKind, figures: Figures) -> int:
    return (figures["carry_won"] or 0) if figures["carry_kind"] is kind else 0


def _above_zero(figures: Figures) -> int:
    return max(0, figures["budget_won"] or 0)


def _straight(figures: Figures) -> int:
    return figures["spent_won"] if figures["straight_share"] is not None else 0


def _by_payments(figures: Figures) -> int:
    return figures["spent_won"] + figures["payments_due_won"] if figures["payment_share"] is not None else 0


summary = Summary(
    row=ProjectFigures,
    sums=ProjectSums,
    dimensions=("programme_id", "category", "concern", "status", "department_id", "named"),
    measures={
        "projects": lambda figures: 1,
        "with_amount": lambda figures: figures["budget_won"] is not None,
        "budget_won": lambda figures: figures["budget_won"] or 0,
        "spent_won": lambda figures: figures["spent_won"],
        "spent_of_budget_won": lambda figures: 0 if figures["budget_won"] is None else figures["spent_won"],
        **{f"{payer.value}_won": partial(_part, f"{payer.value}_won") for payer in Payer},
        "first_half_won": partial(_part, "first_half_won"),
        "above_zero_won": _above_zero,
        "straight_won": _straight,
        "by_payments_won": _by_payments,
        "decided": lambda figures: figures["decided"],
        **{f"{kind.value}_won": partial(_carried, kind) for kind in CarryKind},
        "return_won": partial(_part, "return_won"),
        "unused_won": partial(_part, "unused_won"),
    },
    compute=compute,
)
