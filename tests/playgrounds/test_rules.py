"""The schedule's rules by themselves: one date, one answer, one winner."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districtops.playgrounds.osm import opening_hours
from districtops.playgrounds.rules import (
    CAUSES,
    CUTS,
    OPENS,
    YEARLY,
    Cause,
    Kind,
    Period,
    Reason,
    Schedule,
    State,
    answer,
    cancelled,
    clash,
    conflicts,
    next_opening,
    open_days,
)

D, T = dt.date, dt.time
TEN_TO_FIVE = (T(10), T(17))
ORDINARY = (
    Period(id=1, kind=Kind.BASE_HOURS, first=D(2022, 1, 1), hours=TEN_TO_FIVE),
    Period(id=2, kind=Kind.WEEKLY_CLOSURE, first=D(2022, 1, 1), weekday=0),
    Period(id=3, kind=Kind.OPERATION, first=D(2022, 1, 1)),
    Period(id=4, kind=Kind.HOLIDAY_PERIOD, first=D(2022, 1, 31), last=D(2022, 2, 2), cause=Cause.SEOLLAL),
    Period(id=5, kind=Kind.HOLIDAY_PERIOD, first=D(2022, 9, 9), last=D(2022, 9, 12), cause=Cause.CHUSEOK),
)
TUESDAY = D(2022, 3, 15)


def on(day: dt.date, *more: Period) -> tuple[State, Reason]:
    """What is said of a day, and the layer that says it."""
    found = answer(Schedule((*ORDINARY, *more)), day)
    return found.state, found.because


def a(kind: Kind, day: dt.date = TUESDAY, **more: object) -> Period:
    """A period of one day."""
    return Period(id=50, kind=kind, first=day, last=day, **more)  # type: ignore[arg-type]


def test_each_layer_beats_those_below_it() -> None:
    layers = [
        (a(Kind.SAFETY_CLOSURE), Reason.EMERGENCY),
        (a(Kind.DATED_CLOSURE), Reason.DATED_CLOSURE),
        (a(Kind.FLOOD_PERIOD), Reason.FLOOD_CONTROL),
        (a(Kind.EXCEPTIONAL_OPENING, hours=(T(9), T(12))), Reason.EXCEPTIONAL_OPENING),
        (a(Kind.HOLIDAY_PERIOD, cause=Cause.SEOLLAL), Reason.HOLIDAY_PERIOD),
        (a(Kind.SEASONAL_CLOSURE), Reason.SEASONAL_CLOSURE),
        (a(Kind.WEEKLY_CLOSURE, weekday=1), Reason.WEEKLY_CLOSURE),
    ]
    for place, (_, reason) in enumerate(layers):
        assert on(TUESDAY, *(period for period, _ in layers[place:]))[1] is reason
    assert on(TUESDAY) == (State.OPEN, Reason.WEEKLY_PATTERN)


def test_outside_every_season_only_a_safety_closure_says_something_else() -> None:
    before = D(2021, 12, 31)
    opening = a(Kind.EXCEPTIONAL_OPENING, before, hours=TEN_TO_FIVE)
    assert on(before, opening) == (State.CLOSED, Reason.OUT_OF_SEASON)
    assert on(before, opening, a(Kind.SAFETY_CLOSURE, before)) == (State.CLOSED, Reason.EMERGENCY)


def test_a_public_holiday_is_an_open_day() -> None:
    for holiday in (D(2022, 3, 1), D(2022, 3, 9), D(2022, 5, 5), D(2022, 12, 25)):
        assert on(holiday)[0] is State.OPEN


def test_a_part_of_the_day_is_taken_away_and_the_whole_of_it_closes() -> None:
    noon = a(Kind.SAFETY_CLOSURE, hours=(T(12), T(13)))
    day = answer(Schedule((*ORDINARY, noon)), TUESDAY)
    assert day.hours == ((T(10), T(12)), (T(13), T(17)))
    assert (day.because, day.cuts) == (Reason.WEEKLY_PATTERN, (noon,))
    assert [day.open_at(T(h)) for h in (11, 12, 13)] == [True, False, True]
    assert on(TUESDAY, a(Kind.DATED_CLOSURE, hours=(T(9), T(18)))) == (State.CLOSED, Reason.DATED_CLOSURE)


def test_a_season_may_wrap_the_turn_of_the_year() -> None:
    winter = Period(id=9, kind=Kind.SEASON_HOURS, first=D(2022, 1, 1), yearly=((11, 1), (2, 28)), hours=(T(11), T(15)))
    schedule = Schedule((*ORDINARY, winter))
    assert answer(schedule, D(2022, 11, 1)).hours == answer(schedule, D(2022, 2, 27)).hours == ((T(11), T(15)),)
    assert answer(schedule, D(2022, 3, 1)).hours == answer(schedule, D(2022, 10, 30)).hours == (TEN_TO_FIVE,)


def test_a_year_without_its_holiday_periods_is_not_prepared_and_never_open() -> None:
    assert on(D(2023, 3, 15)) == (State.NOT_PREPARED, Reason.NOT_PREPARED)
    assert on(D(2023, 3, 13)) == (State.CLOSED, Reason.WEEKLY_CLOSURE)
    assert open_days(Schedule(ORDINARY), D(2023, 1, 1), D(2023, 12, 31)) == 0
    assert opening_hours(Schedule(ORDINARY), 2023) is None
    one = Period(id=8, kind=Kind.HOLIDAY_PERIOD, first=D(2023, 1, 21), last=D(2023, 1, 24), cause=Cause.SEOLLAL)
    assert on(D(2023, 3, 15), one)[0] is State.NOT_PREPARED, "one of the two is not enough"


def test_a_schedule_without_hours_is_not_open() -> None:
    assert answer(Schedule(ORDINARY[1:]), TUESDAY).because is Reason.NO_HOURS
    assert answer(Schedule(()), TUESDAY).state is State.CLOSED


def test_the_next_opening_is_later_than_now() -> None:
    schedule = Schedule(ORDINARY)
    assert next_opening(schedule, TUESDAY, T(9, 59)) == (TUESDAY, T(10))
    assert next_opening(schedule, TUESDAY, T(10)) == (D(2022, 3, 16), T(10))
    assert next_opening(schedule, D(2022, 1, 30)) == (D(2022, 2, 3), T(10))
    assert next_opening(schedule, D(2022, 12, 31)) is None, "nothing is decided for the year after"


def test_layers_that_disagree_within_themselves_are_found() -> None:
    hours = Period(id=20, kind=Kind.BASE_HOURS, first=D(2022, 6, 1), hours=(T(9), T(17)))
    assert clash(hours, ORDINARY) is ORDINARY[0]
    assert clash(Period(id=20, kind=Kind.BASE_HOURS, first=D(2022, 6, 1), hours=TEN_TO_FIVE), ORDINARY) is None
    summer = Period(id=21, kind=Kind.SEASON_HOURS, first=D(2022, 1, 1), yearly=((4, 1), (9, 30)), hours=(T(9), T(18)))
    winter = Period(id=22, kind=Kind.SEASON_HOURS, first=D(2022, 1, 1), yearly=((10, 1), (3, 31)), hours=TEN_TO_FIVE)
    late = Period(id=23, kind=Kind.SEASON_HOURS, first=D(2022, 1, 1), yearly=((9, 30), (10, 2)), hours=(T(9), T(20)))
    assert clash(winter, (summer,)) is None
    assert clash(late, (summer, winter)) is summer
    morning, noon = (a(Kind.DATED_CLOSURE, hours=(T(h), T(h + 1))) for h in (10, 12))
    assert clash(noon, (Period(id=51, kind=Kind.DATED_CLOSURE, first=TUESDAY, hours=morning.hours),)) is None


def test_an_opening_that_something_higher_cancels_is_reported() -> None:
    opening = Period(id=30, kind=Kind.EXCEPTIONAL_OPENING, first=D(2022, 1, 29), last=D(2022, 2, 2), hours=TEN_TO_FIVE)
    closed = Period(id=31, kind=Kind.DATED_CLOSURE, first=D(2022, 1, 31), last=D(2022, 2, 1))
    schedule = Schedule((*ORDINARY, opening, closed))
    assert [day.date.day for day in cancelled(schedule, opening)] == [31, 1]
    found = conflicts(schedule, D(2022, 1, 1), D(2022, 12, 31))
    assert [(c.first, c.last, c.wins.because) for c in found] == [
        (D(2022, 1, 31), D(2022, 2, 1), Reason.DATED_CLOSURE),
        (D(2022, 2, 2), D(2022, 2, 2), Reason.EXCEPTIONAL_OPENING),
    ]
    assert found[1].beaten == (ORDINARY[3],)


DAYS = st.dates(D(2021, 11, 1), D(2024, 2, 28))
CLOCKS = st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] < pair[1])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Any period that an office may publish."""
    kind = draw(st.sampled_from(list(Kind)))
    first = draw(DAYS)
    ends = st.integers(0, 500).map(lambda n: first + dt.timedelta(days=n))
    year_end = st.dates(D(2024, 1, 1), D(2024, 12, 31)).map(lambda day: (day.month, day.day))
    return Period(
        id=draw(st.integers(100, 10_000)),
        kind=kind,
        first=first,
        last=draw(st.none() | ends),
        yearly=draw(st.none() | st.tuples(year_end, year_end)) if kind in YEARLY else None,
        weekday=draw(st.integers(0, 6)) if kind is Kind.WEEKLY_CLOSURE else None,
        hours=draw(CLOCKS) if kind in OPENS else draw(st.none() | CLOCKS) if kind in CUTS else None,
        cause=draw(st.sampled_from(sorted(CAUSES[kind]))) if kind in CAUSES else None,
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(periods(), max_size=12, unique_by=lambda period: period.id), DAYS)
def test_whatever_is_published_a_day_has_one_answer(more: list[Period], day: dt.date) -> None:
    schedule = Schedule((*ORDINARY, *more))
    found = answer(schedule, day)
    assert found == answer(Schedule((*reversed(more), *ORDINARY)), day), "the order of entry changes nothing"
    assert bool(found.hours) == (found.state is State.OPEN)
    assert all(opens < closes for opens, closes in found.hours)
    assert all(before[1] <= after[0] for before, after in zip(found.hours, found.hours[1:], strict=False))
    for opens, closes in found.hours:
        assert found.open_at(opens)
        assert not found.open_at(closes) or any(closes == other for other, _ in found.hours)
    if found.state is State.OPEN:
        assert not any(p.covers(day) for p in more if p.kind is Kind.SAFETY_CLOSURE and p.hours is None)


@pytest.mark.parametrize("year", [2021, 2022, 2024])
def test_the_29th_of_february_belongs_to_the_year_that_has_it(year: int) -> None:
    leap = Period(id=9, kind=Kind.SEASONAL_CLOSURE, first=D(2020, 1, 1), yearly=((2, 29), (2, 29)))
    covered = [D(year, 1, 1) + dt.timedelta(days=n) for n in range(365) if leap.covers(D(year, 1, 1) + dt.timedelta(n))]
    assert covered == ([D(2024, 2, 29)] if year == 2024 else [])
