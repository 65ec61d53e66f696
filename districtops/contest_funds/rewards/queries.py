"""Reward points, added up by who earned them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, cast, func, select

from districtops.contest_funds.figures import ContestFigures
from districtops.contest_funds.queries import department_column, officer_column, points
from districtops.kit.db import AnyRow, db
from districtops.models import Department, Program, User

MOST = 200
"""So many divisions or officers a page shows, the first ones."""


def _earned(year: int, who: Any, name: Any) -> Sequence[AnyRow]:
    """(id, name, contests, external, points) of each earner, the most points first; id None for nobody."""
    earned = func.coalesce(cast(func.sum(points()), BigInteger), 0).label("points")
    return db.session.execute(
        select(
            *(who.label("id"), name.label("name"), func.count().label("contests"), earned),
            cast(func.sum(ContestFigures.external_won), BigInteger).label("external"),
        )
        .select_from(ContestFigures)
        .join(Program, Program.id == ContestFigures.program_id)
        .outerjoin(Department, Department.id == ContestFigures.department_id)
        .outerjoin(User, User.id == Program.officer_id)
        .where(ContestFigures.award_year == year, ContestFigures.secured.is_(True))
        .group_by(who, name)
        .order_by(earned.desc(), name)
        .limit(MOST)
    ).all()


def points_by_department(year: int) -> Sequence[AnyRow]:
    """Points by division."""
    return _earned(year, ContestFigures.department_id, department_column())


def points_by_officer(year: int) -> Sequence[AnyRow]:
    """Points by officer."""
    return _earned(year, Program.officer_id, officer_column())
