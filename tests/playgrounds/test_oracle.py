"""Another implementation of opening hours, written by strangers, evaluates what we export: every day must agree."""

import datetime as dt
import random

import pytest
from opening_hours import OpeningHours, State

from districtops.playgrounds.osm import opening_hours
from districtops.playgrounds.rules import CUTS, DAY, Cause, Hours, Kind, Period, Schedule, answer, clash

YEARS = (2022, 2023, 2024, 2025, 2026, 2027)
SCHEDULES = 160
"""Of two years each: 116,800 days and more."""


def _hours(dice: random.Random) -> Hours:
    opens = dice.randrange(0, 22 * 4)
    closes = dice.randrange(opens + 1, 24 * 4)
    return dt.time(opens // 4, opens % 4 * 15), dt.time(closes // 4, closes % 4 * 15)


def _period(dice: random.Random, number: int, first_year: int) -> Period:
    """A period of any kind, of a day, a week, a season or without end, also over the turn of a year."""
    kind = dice.choice(list(Kind))
    first = dt.date(first_year, 1, 1) + DAY * dice.randrange(-100, 730)
    last = None if dice.random() < 0.1 else first + DAY * dice.choice((0, 0, 1, 3, 7, 30, 90, 200))
    yearly = None
    if kind in (Kind.SEASON_HOURS, Kind.SEASONAL_CLOSURE):
        last = None if dice.random() < 0.7 else first + DAY * 400
        ends = [dt.date(2024, 1, 1) + DAY * dice.randrange(366) for _ in range(2)]
        yearly = ((ends[0].month, ends[0].day), (ends[1].month, ends[1].day))
    cuts = kind in CUTS and dice.random() < 0.6
    with_hours = cuts or kind in (Kind.BASE_HOURS, Kind.SEASON_HOURS, Kind.EXCEPTIONAL_OPENING)
    return Period(
        id=number,
        kind=kind,
        first=first,
        last=last,
        yearly=yearly,
        weekday=dice.randrange(7) if kind is Kind.WEEKLY_CLOSURE else None,
        hours=_hours(dice) if with_hours else None,
        cause=Cause.SEOLLAL,
    )


def a_schedule(seed: int) -> tuple[Schedule, int]:
    """A random schedule that an office could publish, and the first of the two years that it is asked about."""
    dice = random.Random(seed)  # noqa: S311 - the same schedules in every run
    year = dice.choice(YEARS)
    start = dt.date(year, 1, 1)
    periods = [
        Period(id=1, kind=Kind.BASE_HOURS, first=start - DAY * 30, hours=_hours(dice)),
        Period(id=2, kind=Kind.OPERATION, first=start + DAY * dice.randrange(40), last=start + DAY * 700),
    ]
    for number, (ahead, cause) in enumerate(((30, Cause.SEOLLAL), (250, Cause.CHUSEOK)), start=3):
        for later in (0, 365):
            first = start + DAY * (ahead + later + dice.randrange(20))
            span = Period(
                id=number * 10 + later, kind=Kind.HOLIDAY_PERIOD, first=first, last=first + DAY * 3, cause=cause
            )
            periods.append(span)
    for number in range(1000, 1000 + dice.randrange(4, 14)):
        period = _period(dice, number, year)
        # Where layers disagree within themselves the product refuses to save.
        if clash(period, periods) is None:
            periods.append(period)
    return Schedule(tuple(periods)), year


@pytest.mark.parametrize("turn", range(8))
def test_a_stranger_reads_every_day_of_every_schedule_as_we_do(turn: int) -> None:
    days = 0
    for seed in range(turn * SCHEDULES // 8, (turn + 1) * SCHEDULES // 8):
        schedule, first_year = a_schedule(seed)
        for year in (first_year, first_year + 1):
            text = opening_hours(schedule, year)
            assert text is not None
            stranger = OpeningHours(text)
            theirs: dict[dt.date, list[Hours]] = {}
            begin, end = (dt.datetime(n, 1, 1) for n in (year, year + 1))  # noqa: DTZ001 - the wall clock of the gate
            for opens, closes, state, _ in stranger.intervals(begin, end):
                if state == State.OPEN:
                    theirs.setdefault(opens.date(), []).append((opens.time(), closes.time()))
            day = dt.date(year, 1, 1)
            while day.year == year:
                ours = list(answer(schedule, day).hours)
                assert ours == theirs.get(day, []), f"schedule {seed}, {day}: {text}"
                day += DAY
                days += 1
    assert days >= 100_000 // 8
