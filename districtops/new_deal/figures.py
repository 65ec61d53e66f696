"""The figures of a project that lists sort and filter by, and their sums for the dashboard (guard.summaries)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from districtops.guard.summaries import Figures, Summary
from districtops.kit.db import Base, WonInt, db
from districtops.kit.execution import execution_rate
from districtops.models import DistrictScoped, FundingLine, LedgerEntry, Payer, Program
from districtops.new_deal.models import Category, Concern, Project, Status
from districtops.new_deal.rules import Stage

TABLE = "new_deal_project_figures"
SORTS = ("code", "title_en", "title_ko", "category", "status", "ends_on", "budget_won", "execution_rate")
FILTERS = ("programme_id", "category", "stage", "status", "department_id", "named", "sample")


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
        *(Index(f"ix_{TABLE}_year_{name}", "district_id", "fiscal_year", name, "id") for name in SORTS),
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


class ProjectSums(DistrictScoped, Base):
    """The sums of one group of projects. Several rows of one group add up."""

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


def compute(programs: Sequence[int]) -> Mapping[int, Figures]:
    """The figures of those of the programs that are New Deal projects, from three queries."""
    money: defaultdict[int, dict[Payer, int]] = defaultdict(dict)
    by_payer = (
        select(FundingLine.program_id, FundingLine.payer, cast(func.sum(FundingLine.amount_won), BigInteger))
        .where(FundingLine.program_id.in_(programs))
        .group_by(FundingLine.program_id, FundingLine.payer)
    )
    for program_id, payer, amount in db.session.execute(by_payer):
        money[program_id][payer] = amount
    spending = (
        select(LedgerEntry.program_id, cast(func.sum(LedgerEntry.amount_won), BigInteger))
        .where(LedgerEntry.program_id.in_(programs))
        .group_by(LedgerEntry.program_id)
    )
    spent = dict(db.session.execute(spending).all())
    plain = (Program.fiscal_year, Program.code, Program.title_en, Program.title_ko, Program.department_id)
    rows = db.session.execute(
        select(
            *(Project.program_id, Project.id, Project.programme_id, Project.category),
            *(Project.concern, Project.stage, Project.status, Project.named),
            *(*plain, Program.sample, Program.ends_on),
        )
        .join(Program, Program.id == Project.program_id)
        .where(Project.program_id.in_(programs))
    )
    return {row.program_id: _figures(row, money.get(row.program_id), spent.get(row.program_id, 0)) for row in rows}


def _figures(row: Any, parts: Mapping[Payer, int] | None, spent: int) -> Figures:
    found = {name: value for name, value in row._mapping.items() if name != "program_id"}
    budget = None if parts is None else sum(parts.values())
    nothing = None if parts is None or Payer.UNSTATED in parts else 0
    for payer in Payer:
        found[f"{payer.value}_won"] = (parts or {}).get(payer, None if payer is Payer.UNSTATED else nothing)
    return {**found, "budget_won": budget, "spent_won": spent, "execution_rate": execution_rate(spent, budget)}


def _part(name: str, figures: Figures) -> int:
    return figures[name] or 0


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
    },
    compute=compute,
)
