"""How residents' opinions are dealt with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from districtops.kit.db import AnySelect, db
from districtops.kit.ratio import mean
from districtops.kit.text import language
from districtops.playgrounds.opinions.models import Feedback, Step
from districtops.playgrounds.places.models import Playground


def unanswered() -> int:
    """How many opinions wait for their answer."""
    return db.session.execute(select(func.count(Feedback.id)).where(Feedback.step != Step.ANSWERED)).scalar_one()


@dataclass(frozen=True)
class Pace:
    """How many opinions were answered, and in how many days on average; None while none was."""

    received: int
    answered: int
    days: Decimal | None


def pace(found: Sequence[tuple[dt.date, dt.date | None]]) -> Pace:
    """The pace of opinions, given as (received on, answered on). The average is exact and rounded once, half up."""
    waits = [(answered - received).days for received, answered in found if answered is not None]
    return Pace(len(found), len(waits), mean(sum(waits), len(waits)))


def pace_of(playground: Playground | None = None) -> Pace:
    """The pace of all opinions, or of one playground's."""
    dates = select(Feedback.received_on, Feedback.answered_on)
    if playground is not None:
        dates = dates.where(Feedback.playground_id == playground.id)
    return pace([(row.received_on, row.answered_on) for row in db.session.execute(dates)])


def with_playground(statement: AnySelect) -> AnySelect:
    """Opinions joined with their playground."""
    return statement.select_from(Feedback).join(Playground, Playground.id == Feedback.playground_id)


def playground_column() -> object:
    """The playground's name in the reader's language, as a column."""
    return Playground.name_ko if language() == "ko" else Playground.name_en
