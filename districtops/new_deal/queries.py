"""What people ask about the New Deal. Answers are rows; nothing here knows of a request."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select, true

from districtops import clock
from districtops.kit.db import AnyRow, AnySelect, db
from districtops.kit.text import language
from districtops.models import Department, Milestone, Payer, Program, User
from districtops.new_deal.figures import ProjectFigures, ProjectSums
from districtops.new_deal.models import ContestSelection, Programme, Project, StageChange


def with_figures(statement: AnySelect) -> AnySelect:
    """Projects with what lists sort them by, joined with their program, department and officer."""
    return (
        statement.select_from(ProjectFigures)
        .join(Project, Project.id == ProjectFigures.id)
        .join(Program, Program.id == ProjectFigures.program_id)
        .outerjoin(Department, Department.id == ProjectFigures.department_id)
        .outerjoin(User, User.id == Program.officer_id)
    )


def title_column() -> Any:
    """The project's name in the reader's language, as a column."""
    return Program.title_ko if language() == "ko" else Program.title_en


def figures_title_column() -> Any:
    """The same, as lists sort it."""
    return ProjectFigures.title_ko if language() == "ko" else ProjectFigures.title_en


def department_column() -> Any:
    """The department's name in the reader's language, as a column."""
    return Department.name_ko if language() == "ko" else Department.name_en


def officer_column() -> Any:
    """The officer's name in the reader's language, as a column."""
    return User.name_ko if language() == "ko" else User.name_en


def project_of(program_id: int) -> int | None:
    """The id of the project that is run as this program, if any."""
    return db.session.execute(select(Project.id).where(Project.program_id == program_id)).scalar_one_or_none()


def projects_coded(code: str) -> Sequence[Project]:
    """The projects with this code: at most one of each district."""
    statement = select(Project).join(Program, Program.id == Project.program_id).where(Program.code == code.strip())
    return db.session.execute(statement.order_by(Project.id)).scalars().all()


def project_coded(code: str) -> Project | None:
    """The office's project with this code; None where there is none."""
    return next(iter(projects_coded(code)), None)


def current_programme() -> Programme | None:
    """The programme of this year; before it is opened, that of the latest year before; None where there is none."""
    return next((p for p in programmes() if p.fiscal_year <= clock.today().year), None)


def programmes() -> Sequence[Programme]:
    """All annual programmes, the latest first."""
    return db.session.execute(select(Programme).order_by(Programme.fiscal_year.desc())).scalars().all()


def _sum(column: Any) -> ColumnElement[Any]:
    return cast(func.sum(column), BigInteger)


DIMENSIONS = ("category", "status", "department_id", "named")
"""What the dashboard adds the projects up by."""


def groups(programme: Programme, by: Sequence[str]) -> Sequence[AnyRow]:
    """The projects of a year's programme, grouped by some of the dimensions; in one row without any.

    Columns: those of ``by``, projects, with_amount, budget (None: not stated), spent, spent_of_budget.
    """
    dimensions = [getattr(ProjectSums, name) for name in by]
    stated = _sum(ProjectSums.with_amount) > 0
    return db.session.execute(
        select(
            *dimensions,
            _sum(ProjectSums.projects).label("projects"),
            _sum(ProjectSums.with_amount).label("with_amount"),
            case((stated, _sum(ProjectSums.budget_won))).label("budget"),
            _sum(ProjectSums.spent_won).label("spent"),
            case((stated, _sum(ProjectSums.spent_of_budget_won))).label("spent_of_budget"),
        )
        .where(ProjectSums.programme_id == programme.id)
        .group_by(*dimensions)
        .having(_sum(ProjectSums.projects) > 0)
    ).all()


def budget_by_payer(programme: Programme) -> dict[Payer, int]:
    """Won of the year's current budget by payer; payers that give nothing are absent."""
    sums = [_sum(getattr(ProjectSums, f"{payer.value}_won")) for payer in Payer]
    row = db.session.execute(select(*sums).where(ProjectSums.programme_id == programme.id)).one()
    return {payer: amount for payer, amount in zip(Payer, row, strict=True) if amount}


def concerns(programme: Programme) -> list[Any]:
    """What the year's projects serve, each once."""
    return list(
        db.session.execute(
            select(ProjectSums.concern)
            .where(ProjectSums.programme_id == programme.id, ProjectSums.concern.is_not(None))
            .group_by(ProjectSums.concern)
            .having(_sum(ProjectSums.projects) > 0)
            .order_by(ProjectSums.concern)
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


PROJECT_ROW = (Program.code, Program.title_en, Program.title_ko, Program.sample)


def project_rows(programme: Programme) -> Iterator[AnyRow]:
    """The projects of a year's programme by their codes: code, title_en, title_ko, sample, budget_won."""
    return iter(
        db.session.execute(
            select(*PROJECT_ROW, ProjectFigures.budget_won)
            .join(Program, Program.id == ProjectFigures.program_id)
            .where(ProjectFigures.programme_id == programme.id)
            .order_by(Program.code)
            .execution_options(yield_per=500)
        )
    )


def contest_rows(programme: Programme) -> Iterator[AnyRow]:
    """The projects that ``contest_totals`` counts, by their codes: code, title_en, title_ko, sample, won."""
    return iter(
        db.session.execute(
            select(*PROJECT_ROW, cast(func.sum(ContestSelection.amount_won), BigInteger).label("won"))
            .join(Project, Project.id == ContestSelection.project_id)
            .join(Program, Program.id == Project.program_id)
            .where(ContestSelection.year == programme.fiscal_year, Project.programme_id == programme.id)
            .group_by(*PROJECT_ROW)
            .order_by(Program.code)
            .execution_options(yield_per=500)
        )
    )


WAITED_FOR = (Milestone.done_on.is_(None), Milestone.given_up_on.is_(None))
"""A milestone that somebody has yet to reach: the conditions of the index that holds these alone."""


def open_milestones(
    first: dt.date | None, last: dt.date, *, limit: int, programme: Programme | None = None
) -> Sequence[AnyRow]:
    """Milestones due in the period that are neither done nor given up, the oldest first.

    Columns: Milestone, id (the project's), title, department.
    """
    return db.session.execute(
        select(Milestone, Project.id, title_column().label("title"), department_column().label("department"))
        .join(Project, Project.program_id == Milestone.program_id)
        .join(Program, Program.id == Milestone.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
        .where(
            *WAITED_FOR,
            Milestone.due_on <= last,
            Milestone.due_on >= first if first else true(),
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
