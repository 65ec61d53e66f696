"""Calls, applications and awards for tests."""

import datetime as dt
import itertools
from typing import Any

from factories import Maker

from districtops.contest_funds.models import Application, Award, Call, Matching, MatchingSource, OrganiserKind
from districtops.contest_funds.rules import PENDING, State
from districtops.guard.summaries import refresh
from districtops.kit.text import Words
from districtops.models import District, Payer, Program

_numbers = itertools.count(1)


def call(make: Maker, title: str = "Safe crossings", district: District | None = None, **columns: Any) -> Call:
    """A call of a ministry that is open from 1 March to 31 March 2022."""
    values = {
        "title_en": title,
        "title_ko": title,
        "organiser": Words(en="Ministry of Roads"),
        "organiser_kind": OrganiserKind.MINISTRY,
        "opens_on": dt.date(2022, 3, 1),
        "closes_on": dt.date(2022, 3, 31),
        "council_report": False,
        "sample": False,
        **columns,
    }
    return make.keep(Call(**values), district)


def application(
    make: Maker,
    title: str = "Crossings at three schools",
    state: State = State.DISCOVERED,
    *,
    to: Call | None = None,
    year: int = 2022,
    award: dict[Payer, int] | int | None = None,
    matching: int | None = None,
    district: District | None = None,
    program: dict[str, Any] | None = None,
    **columns: Any,
) -> Application:
    """An application with its program. One that was selected has an award of the nation, unless ``award`` says which;
    ``matching`` is the district's money beside it. Its figures are kept, as the product keeps them."""
    invited = to or call(make, district=district)
    decided = state not in PENDING and state not in (State.DROPPED, State.MISSED, State.WITHDRAWN)
    applied = state not in (State.DISCOVERED, State.IN_REVIEW, State.APPLYING, State.DROPPED, State.MISSED)
    won = decided and state is not State.NOT_SELECTED
    parts = {Payer.NATIONAL: award} if isinstance(award, int) else award
    values: dict[str, Any] = {
        "applied_on": dt.date(year, 3, 2) if applied else None,
        "result_on": dt.date(year, 3, 10) if decided else None,
        "requested_won": 500_000_000 if applied else None,
        "several": False,
        "named": False,
        **columns,
    }
    with make.inside(district) as session:
        names = {"title_en": title, "title_ko": title, "fiscal_year": year, "sample": False}
        run = Program(module="contest_funds", code=f"CF-{year}-t{next(_numbers)}", **{**names, **(program or {})})
        session.add(run)
        session.flush()
        made = Application(call_id=invited.id, program_id=run.id, state=state, **values)
        session.add(made)
        session.flush()
        for payer, amount in (parts if parts is not None else {Payer.NATIONAL: 400_000_000} if won else {}).items():
            session.add(_award(made, payer, amount))
        if matching is not None:
            line = Matching(source=MatchingSource.DISTRICT, fiscal_year=year, amount_won=matching, sample=False)
            line.application_id, line.program_id = made.id, run.id
            session.add(line)
        session.flush()
        refresh([run.id])
        session.commit()
        assert made.program is not None, "loaded while the session is open"
    return made


def _award(application: Application, payer: Payer, amount: int) -> Award:
    return Award(
        application_id=application.id,
        program_id=application.program_id,
        payer=payer,
        fiscal_year=None,
        amount_won=amount,
        sample=False,
    )
