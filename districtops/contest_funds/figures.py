"""The figures of an application that lists sort and filter by, and their sums for the dashboard (guard.summaries)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from districtops.contest_funds.models import (
    Application,
    Award,
    Call,
    ContestType,
    LossReason,
    Matching,
    MatchingSource,
    OrganiserKind,
)
from districtops.contest_funds.rules import NEVER_APPLIED, SECURED, State, external_share
from districtops.guard.summaries import Figures, Summary
from districtops.kit.db import Base, WonInt, db
from districtops.models import DistrictScoped, Payer, Program

TABLE = "contest_figures"
PAYERS = tuple(payer for payer in Payer if payer is not Payer.DISTRICT)
"""Whose money is external (rule R3)."""
SORTS = (
    *("title_en", "title_ko", "state", "award_year", "applied_on", "result_on"),
    *("requested_won", "external_won", "matching_won", "external_share"),
)
FILTERS = ("fiscal_year", "organiser_kind", "type", "department_id", "call_id", "result_year", "applied", "secured")
MORE_FILTERS = ("loss", "named", "sample", "council_due", *(f"{payer.value}_won" for payer in PAYERS))


class ContestFigures(DistrictScoped, Base):
    """An application as lists sort and filter it; ``id`` is the application's.

    ``award_year`` is the year of the result where it was a selection, also one that was given up later; ``secured``
    leaves those out. ``external_won`` is None without an award line. A payer's part is zero where others are named and
    this one is not, None where one is unstated. ``matching_won`` is None unless the total is wholly explained.
    """

    __tablename__ = TABLE
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (
        UniqueConstraint("district_id", "program_id"),
        *(Index(f"ix_{TABLE}_{name}", "district_id", name, "id") for name in (*SORTS, *FILTERS, *MORE_FILTERS)),
    )

    program_id: Mapped[int]
    call_id: Mapped[int]
    fiscal_year: Mapped[int]
    title_en: Mapped[str] = mapped_column(String(200))
    title_ko: Mapped[str] = mapped_column(String(200))
    organiser_kind: Mapped[OrganiserKind | None]
    type: Mapped[ContestType | None]
    department_id: Mapped[int | None]
    state: Mapped[State]
    applied: Mapped[bool]
    secured: Mapped[bool]
    council_due: Mapped[bool]
    named: Mapped[bool]
    sample: Mapped[bool]
    award_year: Mapped[int | None]
    result_year: Mapped[int | None]
    applied_on: Mapped[dt.date | None]
    result_on: Mapped[dt.date | None]
    loss: Mapped[LossReason | None]
    requested_won: Mapped[WonInt | None] = mapped_column()
    national_won: Mapped[WonInt | None] = mapped_column()
    city_won: Mapped[WonInt | None] = mapped_column()
    private_won: Mapped[WonInt | None] = mapped_column()
    other_won: Mapped[WonInt | None] = mapped_column()
    unstated_won: Mapped[WonInt | None] = mapped_column()
    external_won: Mapped[WonInt | None] = mapped_column()
    matching_won: Mapped[WonInt | None] = mapped_column()
    total_won: Mapped[WonInt | None] = mapped_column()
    external_share: Mapped[Decimal | None]


class ContestSums(DistrictScoped, Base):
    """The sums of one group of applications. Several rows of one group add up."""

    __tablename__ = "contest_sums"
    __silent__ = "follows from rows whose changes are recorded"
    __constraints__ = (
        Index("ix_contest_sums_fiscal_year", "district_id", "fiscal_year", "state"),
        Index("ix_contest_sums_award_year", "district_id", "award_year", "state"),
        Index("ix_contest_sums_result_year", "district_id", "result_year", "state"),
        Index("ix_contest_sums_state", "district_id", "state"),
    )

    fiscal_year: Mapped[int]
    award_year: Mapped[int | None]
    result_year: Mapped[int | None]
    applied: Mapped[bool]
    state: Mapped[State]
    loss: Mapped[LossReason | None]
    organiser_kind: Mapped[OrganiserKind | None]
    department_id: Mapped[int | None]
    named: Mapped[bool]
    applications: Mapped[int]
    with_external: Mapped[int]
    with_matching: Mapped[int]
    requested_won: Mapped[WonInt] = mapped_column()
    national_won: Mapped[WonInt] = mapped_column()
    city_won: Mapped[WonInt] = mapped_column()
    private_won: Mapped[WonInt] = mapped_column()
    other_won: Mapped[WonInt] = mapped_column()
    unstated_won: Mapped[WonInt] = mapped_column()
    external_won: Mapped[WonInt] = mapped_column()
    matching_won: Mapped[WonInt] = mapped_column()
    total_won: Mapped[WonInt] = mapped_column()


def compute(programs: Sequence[int]) -> Mapping[int, Figures]:
    """The figures of the programs' applications by the ids of these, from three queries."""
    awards = _parts(Award, Award.payer, programs)
    beside = _parts(Matching, Matching.source, programs)
    rows = db.session.execute(
        select(
            *(Application.program_id, Application.id, Application.call_id, Application.state, Application.named),
            *(Application.applied_on, Application.result_on, Application.loss, Application.requested_won),
            *(Application.total_won.label("stated_won"), Application.council_reported_on),
            *(Call.organiser_kind, Call.type, Call.council_report),
            *(Program.fiscal_year, Program.title_en, Program.title_ko, Program.department_id, Program.sample),
        )
        .join(Call, Call.id == Application.call_id)
        .join(Program, Program.id == Application.program_id)
        .where(Application.program_id.in_(programs))
    )
    return {row.id: _figures(row, awards[row.program_id], beside[row.program_id]) for row in rows}


def _parts(model: Any, key: Any, programs: Sequence[int]) -> defaultdict[int, dict[Any, int]]:
    found: defaultdict[int, dict[Any, int]] = defaultdict(dict)
    sums = (
        select(model.program_id, key, cast(func.sum(model.amount_won), BigInteger))
        .where(model.program_id.in_(programs))
        .group_by(model.program_id, key)
    )
    for program_id, of, amount in db.session.execute(sums):
        found[program_id][of] = amount
    return found


PLAIN = (
    *("id", "program_id", "call_id", "state", "named", "applied_on", "result_on", "loss"),
    *("requested_won", "organiser_kind", "type"),
    *("fiscal_year", "title_en", "title_ko", "department_id", "sample"),
)


def _figures(row: Any, awards: Mapping[Payer, int], beside: Mapping[MatchingSource, int]) -> Figures:
    found = {name: getattr(row, name) for name in PLAIN}
    # A document may state the year and not the day.
    decided = row.state in SECURED or row.state in (State.NOT_SELECTED, State.GIVEN_UP)
    result_year = row.result_on.year if row.result_on else (row.fiscal_year if decided else None)
    outside = sum(awards.values()) if awards else None
    nothing = None if not awards or Payer.UNSTATED in awards else 0
    for payer in PAYERS:
        found[f"{payer.value}_won"] = awards.get(payer, None if payer is Payer.UNSTATED else nothing)
    reached = None if outside is None else outside + sum(beside.values())
    total = row.stated_won if row.stated_won is not None else (reached if beside else None)
    explained = total is not None and total == reached
    return {
        **found,
        "applied": row.state not in NEVER_APPLIED,
        "secured": row.state in SECURED,
        "council_due": row.council_report and row.council_reported_on is None and row.state not in _COUNCIL_PAST,
        "result_year": result_year,
        "award_year": None if row.state is State.NOT_SELECTED else result_year,
        "external_won": outside,
        "matching_won": beside.get(MatchingSource.DISTRICT, 0) if explained else None,
        "total_won": total,
        "external_share": external_share(outside, total),
    }


_COUNCIL_PAST = frozenset({State.NOT_SELECTED, State.GIVEN_UP, State.MISSED, State.DROPPED, State.WITHDRAWN})

_AMOUNTS = (
    *("requested_won", "external_won", "matching_won", "total_won"),
    *(f"{payer.value}_won" for payer in PAYERS),
)


def _amount(name: str, figures: Figures) -> int:
    return figures[name] or 0


summary = Summary(
    row=ContestFigures,
    sums=ContestSums,
    dimensions=(
        *("fiscal_year", "award_year", "result_year", "applied", "state", "loss"),
        *("organiser_kind", "department_id", "named"),
    ),
    measures={
        "applications": lambda figures: 1,
        "with_external": lambda figures: figures["external_won"] is not None,
        "with_matching": lambda figures: figures["matching_won"] is not None,
        **{name: partial(_amount, name) for name in _AMOUNTS},
    },
    compute=compute,
)
