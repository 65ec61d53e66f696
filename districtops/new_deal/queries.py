"""What people ask about the New Deal. Answers are rows; nothing here knows of a request."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, case, cast, func, select, true

from districtops.kit.db import AnyRow, AnySelect, db
from districtops.kit.text import language
from districtops.models import (
    Department,
    FundingLine,
    LedgerEntry,
    Milestone,
    Payer,
    Program,
    User,
)
from districtops.new_deal.models import ContestSelection, Programme, Project, StageChange, SupportMeasure
from districtops.new_deal.rules import ENDED


def _sum_where(condition: ColumnElement[bool], amount: Any) -> ColumnElement[Any]:
    return cast(func.sum(case((condition, amount))), BigInteger)


def money_by_program() -> Subquery:
    """Per program: the current budget and each payer's part. No row where no budget is stated."""
    parts = [_sum_where(FundingLine.payer == payer, FundingLine.amount_won).label(payer.value) for payer in Payer]
    return (
        select(
            FundingLine.program_id,
            cast(func.sum(FundingLine.amount_won), BigInteger).label("budget"),
            *parts,
        )
        .group_by(FundingLine.program_id)
        .subquery("money")
    )


def spent_by_program() -> Subquery:
    """Per program: the balance of the ledger. No row where nothing was spent."""
    return (
        select(LedgerEntry.program_id, cast(func.sum(LedgerEntry.amount_won), BigInteger).label("spent"))
        .group_by(LedgerEntry.program_id)
        .subquery("spending")
    )


MONEY = money_by_program()
SPENDING = spent_by_program()

BUDGET = MONEY.c.budget
SPENT = func.coalesce(SPENDING.c.spent, 0)
# In tenths of a percent and truncated: good enough for an order of rows. The rate itself comes from rule R1.
RATE_ORDER = case((BUDGET > 0, SPENT * 1000 // BUDGET))


def payer_part(payer: Payer) -> ColumnElement[Any]:
    """A payer's part in won: zero where other payers are named and this one is not, unknown where one is unstated."""
    part = MONEY.c[payer.value]
    return case((MONEY.c[Payer.UNSTATED.value].is_(None) & BUDGET.is_not(None), func.coalesce(part, 0)), else_=part)


def with_money(statement: AnySelect) -> AnySelect:
    """Projects joined with their program, programme, department, officer and money."""
    return (
        statement.select_from(Project)
        .join(Program, Program.id == Project.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
        .outerjoin(User, User.id == Program.officer_id)
        .outerjoin(MONEY, MONEY.c.program_id == Program.id)
        .outerjoin(SPENDING, SPENDING.c.program_id == Program.id)
    )


def title_column() -> Any:
    """The project's name in the reader's language, as a column."""
    return Program.title_ko if language() == "ko" else Program.title_en


def department_column() -> Any:
    """The department's name in the reader's language, as a column."""
    return Department.name_ko if language() == "ko" else Department.name_en


def officer_column() -> Any:
    """The officer's name in the reader's language, as a column."""
    return User.name_ko if language() == "ko" else User.name_en


def project_of(program_id: int) -> int | None:
    """The id of the project that is run as this program, if any."""
    return db.session.execute(select(Project.id).where(Project.program_id == program_id)).scalar_one_or_none()


def programmes() -> Sequence[Programme]:
    """All annual programmes, the latest first."""
    return db.session.execute(select(Programme).order_by(Programme.fiscal_year.desc())).scalars().all()


def groups(programme: Programme) -> Sequence[AnyRow]:
    """The projects of a year's programme, grouped by everything that the dashboard adds up.

    Columns: category, status, department_id, named, projects, with_amount, budget (None: not stated), spent.
    """
    dimensions = (Project.category, Project.status, Program.department_id, Project.named)
    return db.session.execute(
        with_money(
            select(
                *dimensions,
                func.count().label("projects"),
                func.count(BUDGET).label("with_amount"),
                cast(func.sum(BUDGET), BigInteger).label("budget"),
                cast(func.sum(SPENT), BigInteger).label("spent"),
                cast(func.sum(case((BUDGET.is_not(None), SPENT))), BigInteger).label("spent_of_budget"),
            )
        )
        .where(Project.programme_id == programme.id)
        .group_by(*dimensions)
    ).all()


def budget_by_payer(programme: Programme) -> dict[Payer, int]:
    """Won of the year's current budget by payer; payers without a line are absent."""
    rows = db.session.execute(
        select(FundingLine.payer, cast(func.sum(FundingLine.amount_won), BigInteger))
        .join(Project, Project.program_id == FundingLine.program_id)
        .where(Project.programme_id == programme.id)
        .group_by(FundingLine.payer)
    )
    return dict(rows.all())


def concerns(programme: Programme) -> list[Any]:
    """What the year's projects serve, each once."""
    return list(
        db.session.execute(
            select(Project.concern)
            .where(Project.programme_id == programme.id, Project.concern.is_not(None))
            .distinct()
            .order_by(Project.concern)
        ).scalars()
    )


def contest_totals(programme: Programme) -> AnyRow:
    """(projects, money in won or None) of the contests that selected projects of this programme in its year."""
    return db.session.execute(
        select(
            func.count(func.distinct(ContestSelection.project_id)).label("projects"),
            cast(func.sum(ContestSelection.amount_won), BigInteger).label("won"),
        )
        .join(Project, Project.id == ContestSelection.project_id)
        .where(ContestSelection.year == programme.fiscal_year, Project.programme_id == programme.id)
    ).one()


def support_measures(programme: Programme) -> Sequence[SupportMeasure]:
    """What the programme does beside its projects."""
    return (
        db.session.execute(
            select(SupportMeasure).where(SupportMeasure.programme_id == programme.id).order_by(SupportMeasure.id)
        )
        .scalars()
        .all()
    )


def open_milestones(
    first: dt.date | None, last: dt.date, *, limit: int, programme: Programme | None = None
) -> Sequence[AnyRow]:
    """Milestones due in the period that are not done, of projects that have not ended, the oldest first.

    Columns: Milestone, id (the project's), title, department.
    """
    return db.session.execute(
        select(Milestone, Project.id, title_column().label("title"), department_column().label("department"))
        .join(Project, Project.program_id == Milestone.program_id)
        .join(Program, Program.id == Milestone.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
        .where(
            Milestone.done_on.is_(None),
            Milestone.due_on <= last,
            Milestone.due_on >= first if first else true(),
            Project.stage.not_in(ENDED),
            Project.programme_id == programme.id if programme else true(),
        )
        .order_by(Milestone.due_on, Milestone.id)
        .limit(limit)
    ).all()


def stage_changes(project: Project) -> Sequence[StageChange]:
    """The steps of a project, the latest first."""
    return (
        db.session.execute(
            select(StageChange).where(StageChange.project_id == project.id).order_by(StageChange.id.desc())
        )
        .scalars()
        .all()
    )


def contests_of(project: Project) -> Sequence[ContestSelection]:
    """The contests that selected a project."""
    return (
        db.session.execute(
            select(ContestSelection).where(ContestSelection.project_id == project.id).order_by(ContestSelection.id)
        )
        .scalars()
        .all()
    )
