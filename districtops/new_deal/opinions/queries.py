"""What people ask about residents' opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.orm import selectinload

from districtops.kit.db import AnySelect, db
from districtops.kit.ratio import mean
from districtops.kit.text import language
from districtops.models import Department, Program
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.opinions.models import Opinion, OpinionStep
from districtops.new_deal.opinions.rules import OpinionState

SHOWN = 5
"""How many opinions a page shows beside their counts; the list has all of them."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many opinions were received and answered; ``days`` from receipt to answer on average, None while none is."""

    received: int
    answered: int
    days: Decimal | None


def pace(*conditions: ColumnElement[bool]) -> Pace:
    """The pace of the opinions that meet the conditions. The average is rounded once, half up to one decimal."""
    received, answered, days = db.session.execute(
        select(func.count(Opinion.id), func.count(Opinion.days), cast(func.sum(Opinion.days), BigInteger)).where(
            *conditions
        )
    ).one()
    return Pace(received=received, answered=answered, days=mean(days, answered))


def by_state(programme: Programme) -> dict[OpinionState, int]:
    """How many opinions of a year's programme stand in each state; every state is there."""
    found: dict[Any, int] = dict(
        db.session.execute(
            select(Opinion.state, func.count(Opinion.id))
            .where(Opinion.programme_id == programme.id)
            .group_by(Opinion.state)
        ).all()
    )
    return {state: found.get(state, 0) for state in OpinionState}


def latest(condition: ColumnElement[bool]) -> Sequence[Opinion]:
    """The latest opinions that meet a condition, with what they are about."""
    statement = select(Opinion).where(condition).order_by(Opinion.received_on.desc(), Opinion.id.desc()).limit(SHOWN)
    return db.session.execute(statement.options(selectinload(Opinion.project))).scalars().all()


@dataclass(frozen=True, kw_only=True)
class Voices:
    """What a project's page shows of the opinions on it."""

    pace: Pace
    latest: Sequence[Opinion]


def voices(project: Project) -> Voices:
    """The opinions on a project in short."""
    about = Opinion.project_id == project.id
    return Voices(pace=pace(about), latest=latest(about))


def steps(opinion: Opinion) -> Sequence[OpinionStep]:
    """The steps of an opinion, the first one first."""
    statement = select(OpinionStep).where(OpinionStep.opinion_id == opinion.id).order_by(OpinionStep.id)
    return db.session.execute(statement).scalars().all()


def with_places(statement: AnySelect) -> AnySelect:
    """Opinions joined with what they are about and with who deals with them."""
    return (
        statement.select_from(Opinion)
        .join(Programme, Programme.id == Opinion.programme_id)
        .outerjoin(Program, Program.id == Opinion.program_id)
        .outerjoin(Department, Department.id == Opinion.department_id)
    )


def subject_column() -> Any:
    """The name of the project, or of the programme as a whole, in the reader's language, as a column."""
    if language() == "ko":
        return func.coalesce(Program.title_ko, Programme.name_ko)
    return func.coalesce(Program.title_en, Programme.name_en)
