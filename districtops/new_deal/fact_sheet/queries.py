"""The rows of a programme's fact sheet."""

from collections.abc import Sequence

from sqlalchemy import select

from districtops.kit.db import AnyRow, db
from districtops.new_deal import queries
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Programme


def named(programme: Programme, limit: int) -> Sequence[AnyRow]:
    """The first projects that the announcement names, by their codes: title, department, budget_won."""
    figures = ProjectFigures
    return db.session.execute(
        queries.with_figures(
            select(
                queries.figures_title_column().label("title"),
                queries.department_column().label("department"),
                figures.budget_won,
            )
        )
        .where(figures.programme_id == programme.id, figures.named.is_(True))
        .order_by(figures.code, figures.id)
        .limit(limit)
    ).all()
