"""A schedule for other programs: an iCalendar of opening times, and schema.org opening hours."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from icalendar import Calendar, Event

from districtops import clock
from districtops.playgrounds import rules
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Reason, Schedule, State
from districtops.playgrounds.schedule.answers import times, why

BEHIND, AHEAD = dt.timedelta(days=31), dt.timedelta(days=366)
SEOUL = ZoneInfo("Asia/Seoul")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def calendar_of(playground: Playground, schedule: Schedule, today: dt.date) -> bytes:
    """The opening times from a month ago until a year ahead as an iCalendar (RFC 5545): an event for each stretch in
    which it is open, and one for each whole day that a dated entry closes, with its reason."""
    calendar = Calendar()
    calendar.add("prodid", "-//DistrictOps//Playgrounds//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", playground.name)
    calendar.add("x-wr-timezone", "Asia/Seoul")
    calendar.add("x-published-ttl", "PT1H")
    stamp = clock.now()
    for day in rules.days(schedule, today - BEHIND, today + AHEAD):
        for number, (opens, closes) in enumerate(day.hours):
            event = _event(playground, day, stamp, f"{number}")
            event.add("summary", gettext("%(playground)s open", playground=playground.name))
            event.add("dtstart", dt.datetime.combine(day.date, opens, SEOUL))
            event.add("dtend", dt.datetime.combine(day.date, closes, SEOUL))
            calendar.add_component(event)
        if day.state is State.CLOSED and day.because not in (Reason.WEEKLY_CLOSURE, Reason.OUT_OF_SEASON):
            event = _event(playground, day, stamp, "closed")
            event.add("summary", gettext("%(playground)s closed", playground=playground.name))
            event.add("dtstart", day.date)
            event.add("dtend", day.date + rules.DAY)
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(playground: Playground, day: rules.Day, stamp: dt.datetime, part: str) -> Event:
    event = Event()
    event.add("uid", f"{playground.district_id}-{playground.id}-{day.date:%Y%m%d}-{part}@districtops")
    event.add("dtstamp", stamp)
    event.add("description", f"{times(day)} {why(day)}".strip())
    event.add("location", str(playground.address))
    return event


def schema_org(playground: Playground, schedule: Schedule, year: int) -> dict[str, Any]:
    """The opening hours of a year as schema.org describes them: a stretch of equal days each, closed ones from 00:00 to
    00:00. Days that are not prepared are left out, because nothing is known of them."""
    stretches: list[dict[str, Any]] = []
    for day in rules.days(schedule, dt.date(year, 1, 1), dt.date(year, 12, 31)):
        if day.state is State.NOT_PREPARED:
            continue
        for opens, closes in day.hours or ((dt.time(0), dt.time(0)),):
            stretches.append(
                {
                    "@type": "OpeningHoursSpecification",
                    "validFrom": day.date.isoformat(),
                    "validThrough": day.date.isoformat(),
                    "dayOfWeek": f"https://schema.org/{WEEKDAYS[day.date.weekday()]}",
                    "opens": f"{opens:%H:%M}",
                    "closes": f"{closes:%H:%M}",
                }
            )
    return {
        "@context": "https://schema.org",
        "@type": "Park",
        "name": playground.name,
        "address": str(playground.address),
        "specialOpeningHoursSpecification": stretches,
    }
