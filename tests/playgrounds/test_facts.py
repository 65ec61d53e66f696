"""Each fact of the article about the playground is a row, or comes out of rows."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from districtops.demo.files import rows
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db
from districtops.kit.ratio import percent
from districtops.models import District
from districtops.playgrounds import rules
from districtops.playgrounds.opinions.models import Feedback
from districtops.playgrounds.places import queries as places
from districtops.playgrounds.places.models import DogSize, Playground
from districtops.playgrounds.rules import Cause, Kind, Reason, State
from districtops.playgrounds.schedule.queries import schedule_of

FACTS = [line for line in rows("facts") if line["module"] == "playgrounds"]
D = dt.date


class Office:
    """Songpa's playground, as its pages compute it."""

    def __init__(self) -> None:
        self.place = db.session.execute(select(Playground)).scalar_one()
        self.zones = places.zones_of(self.place)
        self.schedule = schedule_of(self.place)

    def area(self, size: DogSize) -> Decimal | None:
        return next(zone.area_pyeong for zone in self.zones if zone.dog_size is size)

    def day(self, *date: int) -> rules.Day:
        return rules.answer(self.schedule, D(*date))

    def week(self, *monday: int) -> int:
        """The hours of a week."""
        found = rules.days(self.schedule, D(*monday), D(*monday) + dt.timedelta(days=6))
        return sum(closes.hour - opens.hour for day in found for opens, closes in day.hours)

    def times(self, *date: int) -> tuple[str, str]:
        [(opens, closes)] = self.day(*date).hours
        return f"{opens:%H:%M}", f"{closes:%H:%M}"

    def kinds(self, kind: Kind) -> list[rules.Period]:
        return list(self.schedule.by_kind[kind])

    def opinions(self) -> list[Feedback]:
        return list(db.session.execute(select(Feedback)).scalars())


def _state(day: rules.Day) -> str:
    return day.state.value


READINGS: dict[str, Callable[[Office], Any]] = {
    "DP-001": lambda o: next(p.first for p in o.kinds(Kind.OPERATION) if p.last is None),
    "DP-002": lambda o: o.place.address.en.removeprefix("49 ").partition(",")[0] + " 49",
    "DP-003": lambda o: "Tancheon retention basin" if "Tancheon retention basin" in o.place.site.en else "",
    "DP-004": lambda o: o.area(DogSize.SMALL_MEDIUM),
    "DP-005": lambda o: o.area(DogSize.LARGE),
    "DP-006": lambda o: places.total_pyeong(o.zones),
    "DP-007": lambda o: places.total_square_metres(o.zones),
    "DP-008": lambda o: percent(o.area(DogSize.SMALL_MEDIUM), places.total_pyeong(o.zones)),
    "DP-009": lambda o: (
        "Tue-Sun" if [_state(o.day(2022, 3, n)) for n in range(14, 21)] == ["closed"] + ["open"] * 6 else ""
    ),
    "DP-010": lambda o: "Monday" if [p.weekday for p in o.kinds(Kind.WEEKLY_CLOSURE)] == [0] else "",
    "DP-011": lambda o: o.times(2022, 3, 15)[0],
    "DP-012": lambda o: o.times(2022, 3, 15)[1],
    "DP-013": lambda o: o.times(2022, 7, 15)[1],
    "DP-014": lambda o: _state(o.day(2022, 9, 10)),
    "DP-015": lambda o: "closed" if o.kinds(Kind.FLOOD_PERIOD) == [] else "dates that the article does not state",
    "DP-016": lambda o: "open" if o.kinds(Kind.EXCEPTIONAL_OPENING)[0].first == D(2022, 1, 29) else "",
    "DP-017": lambda o: next(p.first for p in o.kinds(Kind.DATED_CLOSURE) if p.covers(D(2022, 1, 31))),
    "DP-018": lambda o: next(p.first for p in o.kinds(Kind.DATED_CLOSURE) if p.covers(D(2022, 2, 1))),
    "DP-019": lambda o: _state(o.day(2022, 2, 2)),
    "DP-020": lambda o: rules.open_days(o.schedule, D(2022, 1, 27), D(2022, 2, 6)),
    "DP-021": lambda o: o.week(2022, 3, 14),
    "DP-022": lambda o: o.week(2022, 7, 11),
    "DP-023": lambda o: str(o.place.off_leash).lower(),
    "DP-024": lambda o: (
        "pilot" if any("DP-024" in (f.fact or "") and f.received_on.year == 2021 for f in o.opinions()) else ""
    ),
    "DP-025": lambda o: "planned" if any(f.improvement for f in o.opinions()) else "",
}
"""What the rows say."""

QUOTED = {"DP-026"}
"""Said by the mayor and no figure of the office: kept among the facts with its words, and in no row."""


def test_every_fact_is_read_off_the_rows_or_a_quotation() -> None:
    assert {fact["fact"] for fact in FACTS} == READINGS.keys() | QUOTED


@pytest.mark.parametrize("fact", [f for f in FACTS if f["fact"] in READINGS], ids=lambda fact: fact["fact"])
def test_a_fact_of_the_article_comes_out_of_the_rows(demo_app: Flask, fact: dict[str, str]) -> None:
    with demo_app.test_request_context("/"):
        enter(NOBODY)
        songpa = db.session.execute(select(District.id).where(District.slug == "songpa")).scalar_one()
        with within(songpa):
            found = READINGS[fact["fact"]](Office())
    assert (Decimal(fact["value"]) == found) if isinstance(found, int | Decimal) else str(found) == fact["value"]


def test_the_exceptional_opening_changes_one_day_only(demo_app: Flask) -> None:
    with demo_app.test_request_context("/"):
        enter(NOBODY)
        songpa = db.session.execute(select(District.id).where(District.slug == "songpa")).scalar_one()
        with within(songpa):
            schedule = Office().schedule
    without = rules.Schedule(tuple(p for p in schedule.periods if p.kind is not Kind.EXCEPTIONAL_OPENING))
    span = (D(2022, 1, 27), D(2022, 2, 6))
    changed = [
        a.date
        for a, b in zip(rules.days(schedule, *span), rules.days(without, *span), strict=True)
        if a.state != b.state
    ]
    assert changed == [D(2022, 2, 2)]
    assert rules.answer(without, D(2022, 2, 2)).because is Reason.HOLIDAY_PERIOD
    assert rules.answer(schedule, D(2022, 2, 2)).state is State.OPEN
    assert {p.cause for p in schedule.by_kind[Kind.HOLIDAY_PERIOD]} == {Cause.SEOLLAL, Cause.CHUSEOK}
