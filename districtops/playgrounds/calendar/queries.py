"""The holidays that are kept, what they ask of the schedules, and what is not prepared yet."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import extract, func, select

from districtops.kit.db import db
from districtops.playgrounds import rules
from districtops.playgrounds.calendar.models import Holiday, HolidayYear, Occasion
from districtops.playgrounds.rules import Reason, Schedule, State

PERIODS = (Occasion.SEOLLAL, Occasion.CHUSEOK)


def year_of(year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def holidays(year: int) -> Sequence[Holiday]:
    """The holidays of a year, by day."""
    found = select(Holiday).where(Holiday.on_date.between(*year_of(year))).order_by(Holiday.on_date, Holiday.id)
    return db.session.execute(found).scalars().all()


def years() -> list[tuple[int, int]]:
    """(year, how many holidays) of every year that has any, the latest first."""
    year = extract("year", Holiday.on_date)
    found = db.session.execute(select(year, func.count()).group_by(year).order_by(year.desc()))
    return [(int(row[0]), int(row[1])) for row in found]


def confirmations() -> dict[int, HolidayYear]:
    """The latest confirmation of each year that has one."""
    found = db.session.execute(select(HolidayYear).order_by(HolidayYear.year, HolidayYear.id)).scalars()
    return {row.year: row for row in found}


def confirmed_up_to(confirmed: Mapping[int, HolidayYear]) -> int | None:
    """The last year up to which, from the first confirmed one on, none is missing."""
    if not confirmed:
        return None
    last = min(confirmed)
    while last + 1 in confirmed:
        last += 1
    return last


def periods(found: Sequence[Holiday]) -> list[tuple[Occasion, dt.date, dt.date]]:
    """The holiday periods of a year's rows: from the first to the last day of Lunar New Year and of Chuseok."""
    days = {occasion: [h.on_date for h in found if h.occasion is occasion] for occasion in PERIODS}
    return [(occasion, min(dates), max(dates)) for occasion, dates in days.items() if dates]


@dataclass(frozen=True)
class NotClosed:
    """A holiday of Lunar New Year or Chuseok on which the published schedule of a playground is open all the same,
    without an exceptional opening that says so."""

    holiday: Holiday
    playground_id: int


def not_closed(year: int, schedules: Mapping[int, Schedule]) -> list[NotClosed]:
    """Where the holidays that are kept would change a published day."""
    found = []
    for holiday in holidays(year):
        if holiday.occasion is Occasion.OTHER:
            continue
        for key, schedule in schedules.items():
            day = rules.answer(schedule, holiday.on_date)
            if day.state is State.OPEN and day.because is not Reason.EXCEPTIONAL_OPENING:
                found.append(NotClosed(holiday, key))
    return found
