"""Dog playgrounds: when they are open and why, how they are used, what residents say.

``rules`` is the engine and ``osm`` its export, both pure. Around it lie, each in a folder with the product's file
names: ``places`` (playgrounds and zones), ``schedule`` (entries, answers, calendars), ``calendar`` (public holidays),
``use`` (the daily log), ``opinions`` (residents' feedback), ``sharing`` (calendars and public formats).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from districtops import clock
from districtops.guard.access import Action
from districtops.guard.identity import visitor_id
from districtops.kit.db import db
from districtops.kit.text import _l
from districtops.module import Card, Entry, Module
from districtops.playgrounds import rules
from districtops.playgrounds.blueprint import blueprint
from districtops.playgrounds.calendar import views as calendar_views
from districtops.playgrounds.calendar.models import Holiday, HolidayYear
from districtops.playgrounds.opinions import lists as opinions_lists
from districtops.playgrounds.opinions import views as opinions_views
from districtops.playgrounds.opinions.models import Feedback
from districtops.playgrounds.places import views as places_views
from districtops.playgrounds.places.models import Playground, Zone
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.schedule import lists as schedule_lists
from districtops.playgrounds.schedule import pages as schedule_pages
from districtops.playgrounds.schedule import queries
from districtops.playgrounds.schedule import views as schedule_views
from districtops.playgrounds.schedule.answers import Answer
from districtops.playgrounds.schedule.models import Entry as ScheduleEntry
from districtops.playgrounds.schedule.models import Standing
from districtops.playgrounds.sharing import views as sharing_views
from districtops.playgrounds.sharing.models import CalendarAddress
from districtops.playgrounds.use import lists as use_lists
from districtops.playgrounds.use import views as use_views
from districtops.playgrounds.use.models import DayLog, Incident

PAGES = (calendar_views, opinions_views, places_views, schedule_pages, schedule_views, sharing_views, use_views)
"""Imported so that their pages are known to the blueprint."""


def cards() -> Iterable[Card]:
    """Today's answer, and the open days of the year."""
    places = playgrounds()
    if not places:
        return
    today = clock.today()
    schedules = queries.schedules(places)
    first, last = dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)
    answers = [Answer(place, schedules[place.id], today) for place in places]
    open_now = sum(answer.state is rules.State.OPEN for answer in answers)
    yield Card(
        label=_l("Playgrounds open today"),
        value=open_now,
        kind="count",
        unit=_l("of %(all)s", all=len(places)),
        hint=answers[0].sentence if len(places) == 1 else None,
        url=url_for("playgrounds.index"),
        as_of=today,
    )
    unprepared = sum(today.year not in schedule.prepared for schedule in schedules.values())
    yield Card(
        label=_l("Open days of the playgrounds %(year)s", year=today.year),
        value=sum(rules.open_days(schedule, first, last) for schedule in schedules.values()),
        kind="count",
        unit=_l("days"),
        url=schedule_pages.open_days_url(today.year),
        hint=gettext("The holiday periods of this year are not published.") if unprepared else None,
        tone="attention" if unprepared else None,
        as_of=today,
    )


def entries(first: dt.date, last: dt.date) -> Iterable[Entry]:
    """Exceptional openings and dated closures that begin in the period, as they are published."""
    kinds = (rules.Kind.EXCEPTIONAL_OPENING, rules.Kind.DATED_CLOSURE, rules.Kind.FLOOD_PERIOD)
    found = select(ScheduleEntry).where(
        ScheduleEntry.standing == Standing.PUBLISHED,
        ScheduleEntry.kind.in_(kinds),
        ScheduleEntry.first_on.between(max(first, clock.today()), last),
    )
    for row in db.session.execute(found.order_by(ScheduleEntry.first_on, ScheduleEntry.id).limit(50)).scalars():
        yield Entry(
            day=row.first_on,
            district_id=row.district_id,
            title=f"{row.playground.name} · {row.reason}",
            url=url_for("playgrounds.entry", entry_id=row.id),
            what=str(row.kind.label),
            sample=row.sample,
        )


def waiting(action: Action) -> Iterable[Entry]:
    """Drafts of colleagues that somebody has to approve, and what was approved and is to be published."""
    person = visitor_id()
    for row in queries.waiting():
        if action is Action.DECIDE and row.standing is Standing.DRAFT and row.drafted_by_id != person:
            what = gettext("To approve: %(kind)s", kind=row.kind.label)
        elif action is Action.EDIT and row.standing is Standing.APPROVED:
            what = gettext("To publish: %(kind)s", kind=row.kind.label)
        else:
            continue
        yield Entry(
            day=row.first_on,
            district_id=row.district_id,
            title=f"{row.playground.name} · {row.reason}",
            url=url_for("playgrounds.entry", entry_id=row.id),
            what=what,
            sample=row.sample,
        )


def address(table: str, row_id: int, _program_id: int | None) -> str | None:
    """The page of a row of this module; None for what is no more, or not of this module."""
    if table in (Holiday.__tablename__, HolidayYear.__tablename__):
        return url_for("playgrounds.holiday_table")
    own: dict[Any, tuple[str, str, Any]] = {
        Playground: ("playgrounds.show", "playground_id", Playground.id),
        ScheduleEntry: ("playgrounds.entry", "entry_id", ScheduleEntry.id),
        DayLog: ("playgrounds.show_log", "log_id", DayLog.id),
        Feedback: ("playgrounds.show_feedback", "feedback_id", Feedback.id),
        Zone: ("playgrounds.show", "playground_id", Zone.playground_id),
        CalendarAddress: ("playgrounds.show", "playground_id", CalendarAddress.playground_id),
        Incident: ("playgrounds.show_log", "log_id", Incident.log_id),
    }
    for model, (endpoint, name, column) in own.items():
        if model.__tablename__ == table:
            found = db.session.execute(select(column).where(model.id == row_id)).scalar_one_or_none()
            values: dict[str, Any] = {name: found}
            return url_for(endpoint, **values) if found is not None else None
    return None


module = Module(
    label=_l("Dog playgrounds"),
    icon="sun",
    blueprint=blueprint,
    lists=(use_lists.log, opinions_lists.feedback),
    computed=(schedule_lists.days,),
    cards=cards,
    entries=entries,
    waiting=waiting,
    address=address,
)
