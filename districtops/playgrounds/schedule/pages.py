"""What people open to read: today, a month, a year, a notice, a playground with everything about it."""

import datetime as dt
import re
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.tenancy import scope
from districtops.kit.db import fetch_or_404
from districtops.kit.locale import WEEKDAYS
from districtops.models import queries as shared
from districtops.models.queries import district_names
from districtops.playgrounds import rules
from districtops.playgrounds.blueprint import blueprint
from districtops.playgrounds.calendar.queries import not_closed
from districtops.playgrounds.opinions.queries import unanswered
from districtops.playgrounds.osm import opening_hours
from districtops.playgrounds.places import queries as places
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Reason, State
from districtops.playgrounds.schedule import queries
from districtops.playgrounds.schedule.answers import Answer, times, why
from districtops.playgrounds.schedule.calendar import FIRST_YEAR, LAST_YEAR, Month, Year
from districtops.playgrounds.schedule.forms import QuestionForm
from districtops.playgrounds.schedule.models import Standing
from districtops.playgrounds.schedule.notice import notice_of
from districtops.playgrounds.sharing.queries import addresses_of


def open_days_url(year: int, playground: Playground | None = None) -> str:
    """The list of the days of a year on which it is open."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    chosen: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "state": "open"}
    if playground is not None:
        chosen["playground"] = playground.id
    return url_for("playgrounds.days", **chosen)


@blueprint.get("/")
@requires(Action.VIEW)
def index() -> ResponseReturnValue:
    """Is it open today, or on any day and at any time, and why."""
    form = QuestionForm(request.args)
    valid = form.validate()
    today = clock.today()
    day, time = (form.on.data or today, form.at.data) if valid else (today, None)
    found = places.playgrounds()
    schedules = queries.schedules(found)
    offices = district_names() if len(scope().districts) > 1 else {}
    years = {place.id: Year(place, schedules[place.id], day.year) for place in found}
    page = render_template(
        "playgrounds/index.html",
        form=form,
        answers=[Answer(place, schedules[place.id], day, time) for place in found],
        years=years,
        day=day,
        time=time,
        offices=offices,
        waiting=queries.waiting(),
        unanswered=unanswered(),
        not_closed=not_closed(today.year, schedules),
        open_days_url=open_days_url,
    )
    return page, 200 if valid else 422


@blueprint.get("/<int:playground_id>")
@requires(Action.VIEW)
def show(playground_id: int) -> ResponseReturnValue:
    """A playground: zones, the rules of its schedule in order, what waits, and where other programs read it."""
    playground = fetch_or_404(Playground, playground_id)
    schedule = queries.schedule_of(playground)
    zones = places.zones_of(playground)
    published = queries.entries_of(playground, Standing.PUBLISHED)
    today = clock.today()
    return render_template(
        "playgrounds/show.html",
        playground=playground,
        answer=Answer(playground, schedule, today),
        zones=zones,
        total=places.total_pyeong(zones),
        total_m2=places.total_square_metres(zones),
        layers=[(kind, [e for e in published if e.kind is kind]) for kind in ORDER],
        waiting=queries.entries_of(playground, Standing.DRAFT, Standing.APPROVED),
        withdrawn=queries.entries_of(playground, Standing.WITHDRAWN),
        year=Year(playground, schedule, today.year),
        osm=opening_hours(schedule, today.year),
        addresses=addresses_of(playground),
        Kind=rules.Kind,
        history=history(shared.changes_of({Playground.__tablename__: [playground.id]})),
    )


ORDER = (
    rules.Kind.SAFETY_CLOSURE,
    rules.Kind.OPERATION,
    rules.Kind.DATED_CLOSURE,
    rules.Kind.FLOOD_PERIOD,
    rules.Kind.EXCEPTIONAL_OPENING,
    rules.Kind.HOLIDAY_PERIOD,
    rules.Kind.SEASONAL_CLOSURE,
    rules.Kind.WEEKLY_CLOSURE,
    rules.Kind.SEASON_HOURS,
    rules.Kind.BASE_HOURS,
)
"""The kinds in the order in which they win."""


def _wanted_month(text: str) -> tuple[int, int]:
    """The month that an address names, this one without any; 404 for what is none."""
    if not text:
        today = clock.today()
        return today.year, today.month
    match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR or not 1 <= int(match[2]) <= 12:
        abort(404)
    return int(match[1]), int(match[2])


def _wanted_year(text: str) -> int:
    if not text:
        return clock.today().year
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        abort(404)
    return int(text)


@blueprint.get("/<int:playground_id>/month")
@requires(Action.VIEW)
def month(playground_id: int) -> ResponseReturnValue:
    """A month as a calendar."""
    playground = fetch_or_404(Playground, playground_id)
    year, number = _wanted_month(request.args.get("month", ""))
    found = Month(playground, queries.schedule_of(playground), year, number)
    return render_template(
        "playgrounds/month.html", month=found, weekdays=WEEKDAYS, times=times, why=why, look=look, today=clock.today()
    )


@blueprint.get("/<int:playground_id>/year")
@requires(Action.VIEW)
def year(playground_id: int) -> ResponseReturnValue:
    """A year as twelve small calendars, with what decides how many days, and where entries disagree."""
    playground = fetch_or_404(Playground, playground_id)
    found = Year(playground, queries.schedule_of(playground), _wanted_year(request.args.get("year", "")))
    return render_template(
        "playgrounds/year.html",
        year=found,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        weekdays=WEEKDAYS,
        times=times,
        why=why,
        look=look,
        today=clock.today(),
        open_days_url=open_days_url,
        conflict_words=lambda conflict: ", ".join(f"{p.kind.label} ({p.reason})" for p in conflict.beaten),
    )


@blueprint.get("/<int:playground_id>/notice")
@requires(Action.VIEW)
def notice(playground_id: int) -> ResponseReturnValue:
    """The notice of a month in Korean and in English, to be printed and put up."""
    playground = fetch_or_404(Playground, playground_id)
    year, number = _wanted_month(request.args.get("month", ""))
    found = Month(playground, queries.schedule_of(playground), year, number)
    return render_template(
        "playgrounds/notice.html", month=found, notices=[notice_of(found, "ko"), notice_of(found, "en")]
    )


LOOKS = {
    Reason.WEEKLY_PATTERN: "open",
    Reason.EXCEPTIONAL_OPENING: "exception",
    Reason.WEEKLY_CLOSURE: "weekly",
    Reason.HOLIDAY_PERIOD: "holiday",
    Reason.OUT_OF_SEASON: "season",
    Reason.SEASONAL_CLOSURE: "season",
    Reason.NOT_PREPARED: "unknown",
    Reason.NO_HOURS: "unknown",
}
SIGNS = {"open": "○", "exception": "★", "weekly": "–", "holiday": "◇", "season": "·", "unknown": "?", "closed": "×"}


def look(day: rules.Day) -> tuple[str, str, str]:
    """(name of the look, sign, words) of a day in a calendar: none depends on colour."""
    name = LOOKS.get(day.because, "closed")
    words = gettext("Open %(hours)s", hours=times(day)) if day.state is State.OPEN else str(day.state.label)
    return name, SIGNS[name], words
