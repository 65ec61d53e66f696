"""What people ask about the use of a playground."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, cast, extract, func, select

from districtops.kit.db import AnySelect, db
from districtops.kit.text import language
from districtops.playgrounds.calendar.queries import year_of
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.use.models import DayLog, HourCount, Incident
from districtops.playgrounds.use.rules import LoggedDay


def logged_days(playground: Playground, year: int) -> list[LoggedDay]:
    """The days of a year that were logged, by day."""
    found = select(DayLog).where(DayLog.playground_id == playground.id, DayLog.on_date.between(*year_of(year)))
    return [
        LoggedDay(date=log.on_date, visitors=log.visitors, dogs=log.dogs, incidents=log.incidents)
        for log in db.session.execute(found.order_by(DayLog.on_date)).scalars()
    ]


def counts(playground: Playground, year: int) -> dict[tuple[int, int], tuple[int, int]]:
    """(visitors, dogs) of a year by zone and hour."""
    totals = (cast(func.sum(HourCount.visitors), BigInteger), cast(func.sum(HourCount.dogs), BigInteger))
    found = (
        select(HourCount.zone_id, HourCount.hour, *totals)
        .join(DayLog, DayLog.id == HourCount.log_id)
        .where(DayLog.playground_id == playground.id, DayLog.on_date.between(*year_of(year)))
        .group_by(HourCount.zone_id, HourCount.hour)
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in db.session.execute(found)}


def hour_counts(log: DayLog) -> Sequence[HourCount]:
    """The counts of a day."""
    found = select(HourCount).where(HourCount.log_id == log.id).order_by(HourCount.zone_id, HourCount.hour)
    return db.session.execute(found).scalars().all()


def incidents_of(log: DayLog) -> Sequence[Incident]:
    """What happened on a day."""
    return db.session.execute(select(Incident).where(Incident.log_id == log.id).order_by(Incident.id)).scalars().all()


def log_years() -> list[int]:
    """The years that have any log, the latest first."""
    year = extract("year", DayLog.on_date)
    return [int(row[0]) for row in db.session.execute(select(year).distinct().order_by(year.desc()))]


def with_playground(statement: AnySelect) -> AnySelect:
    """Logs joined with their playground."""
    return statement.select_from(DayLog).join(Playground, Playground.id == DayLog.playground_id)


def playground_column() -> object:
    """The playground's name in the reader's language, as a column."""
    return Playground.name_ko if language() == "ko" else Playground.name_en
