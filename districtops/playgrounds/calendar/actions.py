"""Filling the table of holidays, and drafting the closures of the holiday periods out of it."""

from sqlalchemy import select

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.playgrounds.calendar import queries, source
from districtops.playgrounds.calendar.models import Holiday, Occasion
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Cause, Kind
from districtops.playgrounds.schedule import actions
from districtops.playgrounds.schedule.models import Entry, Standing

CAUSES = {Occasion.SEOLLAL: Cause.SEOLLAL, Occasion.CHUSEOK: Cause.CHUSEOK}
REASONS = {
    Occasion.SEOLLAL: Words(en="Lunar New Year holiday", ko="설날 연휴"),
    Occasion.CHUSEOK: Words(en="Chuseok holiday", ko="추석 연휴"),
}


def fill(year: int) -> int:
    """Add the holidays of a year that the library knows and the table lacks; how many they were. What an officer
    entered or changed stays. Raises RuleBroken for a year that the library is not asked about."""
    if not source.FIRST <= year <= source.LAST:
        raise RuleBroken(
            _l("Holidays are looked up from %(first)s to %(last)s.", first=source.FIRST, last=source.LAST), "year"
        )
    known = {holiday.on_date for holiday in queries.holidays(year)}
    added = [found for found in source.holidays_of(year) if found.on_date not in known]
    for found in added:
        db.session.add(
            Holiday(
                on_date=found.on_date,
                name=found.name,
                kind=found.kind,
                occasion=found.occasion,
                source=source.SOURCE,
                imported_at=clock.now(),
            )
        )
    db.session.flush()
    return len(added)


def draft_closures(playground: Playground, year: int, by_id: int | None) -> list[Entry]:
    """Draft the closures of Lunar New Year and Chuseok out of the table, those that nobody drafted yet.

    A year that the table lacks is looked up first. Raises RuleBroken where both periods are still not in it.
    """
    wanted = queries.periods(queries.holidays(year))
    if len(wanted) < len(queries.PERIODS):
        fill(year)
        wanted = queries.periods(queries.holidays(year))
    if len(wanted) < len(queries.PERIODS):
        raise RuleBroken(_l("Fill the holidays of this year first: both holiday periods are made of them."), "year")
    first, last = queries.year_of(year)
    existing = select(Entry.cause).where(
        Entry.playground_id == playground.id,
        Entry.kind == Kind.HOLIDAY_PERIOD,
        Entry.first_on.between(first, last),
        Entry.standing != Standing.WITHDRAWN,
    )
    there = set(db.session.execute(existing).scalars())
    drafts = []
    for occasion, begins, ends in wanted:
        if CAUSES[occasion] not in there:
            draft = Entry(
                playground_id=playground.id,
                kind=Kind.HOLIDAY_PERIOD,
                cause=CAUSES[occasion],
                first_on=begins,
                last_on=ends,
                reason=REASONS[occasion],
                standing=Standing.DRAFT,
                sample=False,
            )
            actions.keep(draft, by_id)
            drafts.append(draft)
    return drafts


explains("uq_playgrounds_holiday_district_id_on_date_name", _l("This holiday is in the table already."), "on_date")
