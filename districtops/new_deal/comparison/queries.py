"""Which projects of a year continue one of the year before, counted and as rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, and_, cast, func, select
from sqlalchemy.orm import aliased

from districtops.kit.db import AnyRow, AnySelect, db
from districtops.models import Program
from districtops.new_deal import queries
from districtops.new_deal.comparison.rules import Lineage
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Programme, Project

BEFORE: Any = aliased(ProjectFigures, name="before")
"""The project that one continues."""
AFTER: Any = aliased(Project, name="after")
AFTER_PROGRAM: Any = aliased(Program, name="after_program")
"""The project that continues one."""


def continued(programme: Programme, before: Programme | None) -> AnyRow:
    """The projects of a year that continue one of the year before, and those that they continue.

    Columns: projects, with_amount, budget (won, None where none is stated), and the same three of the year before with
    ``before_`` in front.
    """
    figures = ProjectFigures
    return db.session.execute(
        select(
            func.count(figures.id).label("projects"),
            func.count(figures.budget_won).label("with_amount"),
            cast(func.sum(figures.budget_won), BigInteger).label("budget"),
            func.count(BEFORE.id).label("before_projects"),
            func.count(BEFORE.budget_won).label("before_with_amount"),
            cast(func.sum(BEFORE.budget_won), BigInteger).label("before_budget"),
        )
        .select_from(Project)
        .join(figures, figures.id == Project.id)
        .outerjoin(BEFORE, and_(BEFORE.id == Project.continues_id, BEFORE.programme_id == (before.id if before else 0)))
        .where(Project.programme_id == programme.id, Project.continues_id.is_not(None))
    ).one()


def with_lineage(statement: AnySelect) -> AnySelect:
    """Projects with their figures, joined with the project that each continues and the one that continues it."""
    return (
        queries.with_figures(statement)
        .outerjoin(BEFORE, BEFORE.id == Project.continues_id)
        .outerjoin(AFTER, AFTER.continues_id == Project.id)
        .outerjoin(AFTER_PROGRAM, AFTER_PROGRAM.id == AFTER.program_id)
    )


def is_of(lineage: Lineage) -> Any:
    """The condition of the projects that are new, continue one, or are continued by none."""
    if lineage is Lineage.ENDED:
        return AFTER.id.is_(None)
    continues = Project.continues_id
    return continues.is_(None) if lineage is Lineage.NEW else continues.is_not(None)


def first_of(programme: Programme, lineage: Lineage, limit: int) -> Sequence[AnyRow]:
    """The first projects of a year that are new, continue one, or are continued by none, by their codes.

    Columns: id, code, title, department, sample, budget_won, before_won.
    """
    figures = ProjectFigures
    return db.session.execute(
        with_lineage(
            select(
                *(figures.id, figures.code, queries.figures_title_column().label("title"), figures.sample),
                queries.department_column().label("department"),
                *(figures.budget_won, BEFORE.budget_won.label("before_won")),
            )
        )
        .where(figures.programme_id == programme.id, is_of(lineage))
        .order_by(figures.code, figures.id)
        .limit(limit)
    ).all()


def successor(project: Project) -> Project | None:
    """The project that continues this one, if any."""
    return db.session.execute(select(Project).where(Project.continues_id == project.id)).scalar_one_or_none()
