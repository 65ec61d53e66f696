"""The days of the schedules as a list: computed from what is published, the same on the page, in CSV and in XLSX."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.computed import ComputedListing
from districtops.kit.locale import weekday
from districtops.kit.text import _l
from districtops.playgrounds import rules
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.places.queries import playgrounds
from districtops.playgrounds.schedule.answers import why
from districtops.playgrounds.schedule.forms import DaysFilter
from districtops.playgrounds.schedule.queries import end_of, schedules


@dataclass(frozen=True)
class ListedDay:
    """One day of one playground."""

    playground: Playground
    day: rules.Day

    @property
    def opens(self) -> str | None:
        """When it first opens, ``10:00``."""
        return f"{self.day.hours[0][0]:%H:%M}" if self.day.hours else None

    @property
    def closes(self) -> str | None:
        """When it closes at last."""
        return f"{self.day.hours[-1][1]:%H:%M}" if self.day.hours else None


def listed_days(form: DaysFilter) -> list[ListedDay]:
    """The days that the filters admit, by day, then by playground."""
    places = [p for p in playgrounds() if form.playground.data in (None, p.id)]
    known: dt.datetime | None = end_of(form.known.data) if form.known.data else None
    found = schedules(places, known)
    rows = (
        ListedDay(place, rules.answer(found[place.id], form.first + rules.DAY * n))
        for n in range((form.last - form.first).days + 1)
        for place in places
    )
    return [row for row in rows if form.state.data in (None, row.day.state)]


days = ComputedListing(
    name="days",
    title=_l("Days of the playgrounds"),
    purpose=_l("Every day with its state, its times and the rule that decided it."),
    form=DaysFilter,
    rows=listed_days,
    link=lambda row: url_for("playgrounds.month", playground_id=row.playground.id, month=f"{row.day.date:%Y-%m}"),
    empty_text=_l("No playground is recorded yet. Add the first one, and its days appear here."),
    columns=(
        Column(
            key="playground", label=_l("Playground"), derive=lambda row: row.playground.name, primary=True, main=True
        ),
        Column(key="date", label=_l("Day"), kind=Kind.DATE, derive=lambda row: row.day.date, main=True),
        Column(key="weekday", label=_l("Weekday"), derive=lambda row: weekday(row.day.date), main=True),
        Column(key="state", label=_l("State"), kind=Kind.ENUM, derive=lambda row: row.day.state, main=True),
        Column(key="opens", label=_l("Opens"), derive=lambda row: row.opens, blank="–"),
        Column(key="closes", label=_l("Closes"), derive=lambda row: row.closes, blank="–"),
        Column(key="rule", label=_l("Rule"), kind=Kind.ENUM, derive=lambda row: row.day.because),
        Column(key="reason", label=_l("Reason"), derive=lambda row: why(row.day)),
    ),
)
