"""Which projects of a year continue one of the year before, counted and as rows."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, and_, cast, func, select
from sqlalchemy.orm import aliased

from districtops.kit.db import AnyRow, AnySelect, db
from districtops.models import Program
from districtops.new_deal import queries
from districtops.new_deal.comparison.rules import Lineage
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Programme, Project


# Made when first asked for: an alias made at import would configure the tables before the record of changes listens.
@cache
def before() -> Any:
    """The figures of the project that one continues, as a table of its own."""
    return aliased(ProjectFigures, name="before")


@cache
def after() -> Any:
    """The project that continues one, as a table of its own."""
    return aliased(Project, name="after")


@cache
def after_program() -> Any:
    """The program of the project that continues one, as a table of its own."""
    return aliased(Program, name="after_program")


def continued(programme: Programme, last: Programme | None) -> AnyRow:
    """The projects of a year that continue one of the year before, and those that they continue.

    Columns: projects, with_amount, budget (won, None where none is stated), and the same three of the year before with
    ``before_`` in front.
    """
    figures, previous = ProjectFigures, before()
    return db.session.execute(
        select(
            func.count(figures.id).label("projects"),
            func.count(figures.budget_won).label("with_amount"),
            cast(func.sum(figures.budget_won), BigInteger).label("budget"),
            func.count(previous.id).label("before_projects"),
            func.count(previous.budget_won).label("before_with_amount"),
            cast(func.sum(previous.budget_won), BigInteger).label("before_budget"),
        )
        .select_from(Project)
        .join(figures, figures.id == Project.id)
        .outerjoin(
            previous, and_(previous.id == Project.continues_id, previous.programme_id == (last.id if last else 0))
        )
        .where(Project.programme_id == programme.id, Project.continues_id.is_not(None))
    ).one()


def with_lineage(statement: AnySelect) -> AnySelect:
    """Projects with their figures, joined with the project that each continues and the one that continues it."""
    return (
        queries.with_figures(statement)
        .outerjoin(before(), before().id == Project.continues_id)
        .outerjoin(after(), after().continues_id == Project.id)
        .outerjoin(after_program(), after_program().id == after().program_id)
    )


def is_of(lineage: Lineage) -> Any:
    """The condition of the projects that are new, continue one, or are continued by none."""
    if lineage is Lineage.ENDED:
        return after().id.is_(None)
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
                *(figures.budget_won, before().budget_won.label("before_won")),
            )
        )
        .where(figures.programme_id == programme.id, is_of(lineage))
        .order_by(figures.code, figures.id)
        .limit(limit)
    ).all()


def successor(project: Project) -> Project | None:
    """The project that continues this one, if any."""
    return db.session.execute(select(Project).where(Project.continues_id == project.id)).scalar_one_or_none()
