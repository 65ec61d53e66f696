"""What happened to applications in a period."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from districtops.contest_funds.figures import ContestFigures
from districtops.contest_funds.models import Call, StateChange
from districtops.contest_funds.queries import department_column, title_column
from districtops.contest_funds.rules import State
from districtops.kit.db import AnyRow, db
from districtops.models import Department

RESULTS = (State.SELECTED, State.NOT_SELECTED)
MOST = 200


def results(first: dt.date, last: dt.date) -> Sequence[AnyRow]:
    """Results of a period, the latest first.

    Columns: on_date, to_state, id, title, organiser, department, external_won, sample.
    """
    return _steps(first, last, StateChange.to_state.in_(RESULTS))


def changes(first: dt.date, last: dt.date) -> Sequence[AnyRow]:
    """Every other step of a period; the same columns."""
    return _steps(first, last, StateChange.to_state.not_in(RESULTS))


def _steps(first: dt.date, last: dt.date, which: object) -> Sequence[AnyRow]:
    return db.session.execute(
        select(
            *(StateChange.on_date, StateChange.to_state, ContestFigures.id, title_column().label("title")),
            *(Call.organiser, department_column().label("department")),
            *(ContestFigures.external_won, ContestFigures.sample),
        )
        .join(ContestFigures, ContestFigures.id == StateChange.application_id)
        .join(Call, Call.id == ContestFigures.call_id)
        .outerjoin(Department, Department.id == ContestFigures.department_id)
        .where(StateChange.on_date >= first, StateChange.on_date <= last, which)  # type: ignore[arg-type]
        .order_by(StateChange.on_date.desc(), StateChange.id.desc())
        .limit(MOST)
    ).all()
