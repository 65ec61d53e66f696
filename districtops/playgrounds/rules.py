"""Is the playground open, and why: the schedule as pure functions on plain values (rule R8). No request, no database.

A schedule is made of periods, each of one kind. Kinds are layers: the first layer that speaks for a day decides it, so
that a day has one answer and one reason, whatever else was entered. Times are of Korea, to the minute; the closing
minute is closed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from districtops.kit.text import LabelledEnum, _l

DAY = dt.timedelta(days=1)
LOOKS_AHEAD = 800
"""Days in which the next opening is looked for: further ahead nothing is decided."""


class Kind(LabelledEnum):
    """What a period of the schedule does."""

    DATED_CLOSURE = "dated_closure", _l("Temporary closure")
    SAFETY_CLOSURE = "safety_closure", _l("Safety closure, declared")
    FLOOD_PERIOD = "flood_period", _l("Flood control period")
    EXCEPTIONAL_OPENING = "exceptional_opening", _l("Exceptional opening")
    HOLIDAY_PERIOD = "holiday_period", _l("Holiday period (Lunar New Year, Chuseok)")
    SEASONAL_CLOSURE = "seasonal_closure", _l("Heat or cold closure")
    WEEKLY_CLOSURE = "weekly_closure", _l("Regular closing day")
    OPERATION = "operation", _l("Operating season")
    SEASON_HOURS = "season_hours", _l("Hours of a season")
    BASE_HOURS = "base_hours", _l("Opening hours")


class Cause(LabelledEnum):
    """Why a closure is made, where its kind leaves that open."""

    FLOOD = "flood", _l("Flood control")
    WEATHER = "weather", _l("Weather warning")
    ACCIDENT = "accident", _l("Accident")
    SEOLLAL = "seollal", _l("Lunar New Year")
    CHUSEOK = "chuseok", _l("Chuseok")
    HEAT = "heat", _l("Extreme heat")
    COLD = "cold", _l("Extreme cold")
    OTHER = "other", _l("Another cause")


class State(LabelledEnum):
    """What is said of a day. A year whose holiday periods are not published is neither open nor closed."""

    OPEN = "open", _l("Open")
    CLOSED = "closed", _l("Closed")
    NOT_PREPARED = "not_prepared", _l("Not prepared")


class Reason(LabelledEnum):
    """The layer that decided a day, in the order of precedence: the first that speaks wins (rule R8)."""

    EMERGENCY = "emergency_closure", _l("safety closure")
    OUT_OF_SEASON = "out_of_season", _l("outside the operating season")
    DATED_CLOSURE = "dated_closure", _l("dated closure")
    FLOOD_CONTROL = "flood_control", _l("flood control period")
    EXCEPTIONAL_OPENING = "exceptional_opening", _l("exceptional opening")
    HOLIDAY_PERIOD = "holiday_period", _l("holiday period")
    SEASONAL_CLOSURE = "seasonal_closure", _l("heat or cold closure")
    WEEKLY_CLOSURE = "weekly_closure", _l("regular closing day")
    WEEKLY_PATTERN = "weekly_pattern", _l("ordinary opening day")
    NO_HOURS = "no_hours", _l("no opening hours are published")
    NOT_PREPARED = "not_prepared", _l("the year’s holiday periods are not published")


CAUSES: dict[Kind, frozenset[Cause]] = {
    Kind.SAFETY_CLOSURE: frozenset({Cause.FLOOD, Cause.WEATHER, Cause.ACCIDENT, Cause.OTHER}),
    Kind.HOLIDAY_PERIOD: frozenset({Cause.SEOLLAL, Cause.CHUSEOK}),
    Kind.SEASONAL_CLOSURE: frozenset({Cause.HEAT, Cause.COLD}),
}
"""The causes among which these kinds must name one; the others have none."""
OPENS = frozenset({Kind.EXCEPTIONAL_OPENING, Kind.SEASON_HOURS, Kind.BASE_HOURS})
"""Kinds that say between which times it is open."""
CUTS = frozenset({Kind.SAFETY_CLOSURE, Kind.DATED_CLOSURE})
"""Kinds that may close a part of the day: they then take their times away from whatever is open."""
YEARLY = frozenset({Kind.SEASON_HOURS, Kind.SEASONAL_CLOSURE})
"""Kinds that may come back every year between two days of it, over the turn of the year too."""

Hours = tuple[dt.time, dt.time]
"""From, until; the closing minute itself is closed."""
MonthDay = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Period:
    """One published row of a schedule. ``last`` is None until further notice; ``yearly`` narrows it to the days between
    two days of each year, ``weekday`` (0 is Monday) to one day of the week."""

    id: int
    kind: Kind
    first: dt.date
    last: dt.date | None = None
    yearly: tuple[MonthDay, MonthDay] | None = None
    weekday: int | None = None
    hours: Hours | None = None
    cause: Cause | None = None
    reason: Any = None

    def covers(self, day: dt.date) -> bool:
        """Whether the period speaks for this day."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        if self.weekday is not None and day.weekday() != self.weekday:
            return False
        if self.yearly is None:
            return True
        begins, ends = self.yearly
        here = (day.month, day.day)
        return begins <= here <= ends if begins <= ends else here >= begins or here <= ends


@dataclass(frozen=True)
class Schedule:
    """The periods that are known at some moment. In the years that are prepared the holiday periods are published."""

    periods: tuple[Period, ...]
    by_kind: dict[Kind, tuple[Period, ...]] = field(init=False, compare=False, repr=False)
    prepared: frozenset[int] = field(init=False, compare=False)
    by_year: dict[int, dict[Kind, tuple[Period, ...]]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.periods, key=lambda period: (period.first, period.id))
        found = {kind: tuple(p for p in ordered if p.kind is kind) for kind in Kind}
        named = {(p.first.year, p.cause) for p in found[Kind.HOLIDAY_PERIOD]}
        years = {year for year, _ in named}
        object.__setattr__(self, "by_kind", found)
        object.__setattr__(self, "by_year", {})
        both = {year for year in years if {(year, Cause.SEOLLAL), (year, Cause.CHUSEOK)} <= named}
        object.__setattr__(self, "prepared", frozenset(both))

    def covering(self, kind: Kind, day: dt.date) -> Iterator[Period]:
        """The periods of a kind that speak for a day, the earliest first."""
        return (period for period in self.of_year(day.year)[kind] if period.covers(day))

    def of_year(self, year: int) -> dict[Kind, tuple[Period, ...]]:
        """The periods that reach into a year, looked for once: ten years of a playground are many rows, a year few."""
        if year not in self.by_year:
            first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
            self.by_year[year] = {
                kind: tuple(p for p in periods if p.first <= last and (p.last is None or p.last >= first))
                for kind, periods in self.by_kind.items()
            }
        return self.by_year[year]


@dataclass(frozen=True, kw_only=True)
class Day:
    """The answer for a day: what it is, the layer and the period that decided it, and between which times it is open.

    ``cuts`` are the part-day closures that took times away.
    """

    date: dt.date
    state: State
    because: Reason
    period: Period | None = None
    hours: tuple[Hours, ...] = ()
    cuts: tuple[Period, ...] = ()

    def open_at(self, time: dt.time) -> bool:
        """Whether it is open at a time of the day."""
        return any(opens <= time < closes for opens, closes in self.hours)

    def cut_at(self, time: dt.time) -> Period | None:
        """The part-day closure that speaks for a time, if any."""
        return next((cut for cut in self.cuts if cut.hours and cut.hours[0] <= time < cut.hours[1]), None)


CLOSES_WHOLE_DAYS = (
    (Kind.DATED_CLOSURE, Reason.DATED_CLOSURE),
    (Kind.FLOOD_PERIOD, Reason.FLOOD_CONTROL),
)
CLOSES_WITHOUT_EXCEPTION = (
    (Kind.HOLIDAY_PERIOD, Reason.HOLIDAY_PERIOD),
    (Kind.SEASONAL_CLOSURE, Reason.SEASONAL_CLOSURE),
    (Kind.WEEKLY_CLOSURE, Reason.WEEKLY_CLOSURE),
)


def answer(schedule: Schedule, day: dt.date) -> Day:
    """Whether it is open on a day, and why. Rule R8: the first layer that speaks wins."""
    if safety := _whole(schedule, Kind.SAFETY_CLOSURE, day):
        return _closed(day, Reason.EMERGENCY, safety)
    if _whole(schedule, Kind.OPERATION, day) is None:
        return _closed(day, Reason.OUT_OF_SEASON)
    if found := _closed_by(schedule, CLOSES_WHOLE_DAYS, day):
        return found
    if opening := next(schedule.covering(Kind.EXCEPTIONAL_OPENING, day), None):
        return _open(schedule, day, Reason.EXCEPTIONAL_OPENING, opening)
    return _closed_by(schedule, CLOSES_WITHOUT_EXCEPTION, day) or _ordinary(schedule, day)


def _whole(schedule: Schedule, kind: Kind, day: dt.date) -> Period | None:
    for period in schedule.of_year(day.year)[kind]:
        if period.hours is None and period.covers(day):
            return period
    return None


def _closed_by(schedule: Schedule, layers: Iterable[tuple[Kind, Reason]], day: dt.date) -> Day | None:
    for kind, reason in layers:
        if period := _whole(schedule, kind, day):
            return _closed(day, reason, period)
    return None


def _ordinary(schedule: Schedule, day: dt.date) -> Day:
    hours = next(schedule.covering(Kind.SEASON_HOURS, day), None) or next(schedule.covering(Kind.BASE_HOURS, day), None)
    if hours is None:
        return Day(date=day, state=State.NOT_PREPARED, because=Reason.NO_HOURS)
    if day.year not in schedule.prepared:
        return Day(date=day, state=State.NOT_PREPARED, because=Reason.NOT_PREPARED)
    return _open(schedule, day, Reason.WEEKLY_PATTERN, hours)


def _closed(day: dt.date, because: Reason, period: Period | None = None) -> Day:
    return Day(date=day, state=State.CLOSED, because=because, period=period)


def _open(schedule: Schedule, day: dt.date, because: Reason, period: Period) -> Day:
    assert period.hours is not None, f"{period.kind} without hours"
    left: tuple[Hours, ...] = (period.hours,)
    cuts = []
    for kind, reason in ((Kind.SAFETY_CLOSURE, Reason.EMERGENCY), (Kind.DATED_CLOSURE, Reason.DATED_CLOSURE)):
        for cut in schedule.covering(kind, day):
            if cut.hours is None:
                continue
            before, left = left, tuple(without(left, cut.hours))
            if not left:
                return _closed(day, reason, cut)
            if before != left:
                cuts.append(cut)
    return Day(date=day, state=State.OPEN, because=because, period=period, hours=left, cuts=tuple(cuts))


def without(hours: Iterable[Hours], cut: Hours) -> Iterator[Hours]:
    """What is left of some hours when others are taken away."""
    for opens, closes in hours:
        for first, last in ((opens, min(closes, cut[0])), (max(opens, cut[1]), closes)):
            if first < last:
                yield first, last


def days(schedule: Schedule, first: dt.date, last: dt.date) -> Iterator[Day]:
    """The answers from the first to the last day."""
    return (answer(schedule, first + DAY * n) for n in range((last - first).days + 1))


def open_days(schedule: Schedule, first: dt.date, last: dt.date) -> int:
    """On how many days it is open for any time."""
    return sum(day.state is State.OPEN for day in days(schedule, first, last))


def next_opening(schedule: Schedule, day: dt.date, time: dt.time | None = None) -> tuple[dt.date, dt.time] | None:
    """When it opens next: after ``time`` of the day, or after the whole day. None where nothing is decided that far."""
    if time is not None:
        later = [opens for opens, _ in answer(schedule, day).hours if opens > time]
        if later:
            return day, later[0]
    for ahead in range(1, LOOKS_AHEAD):
        found = answer(schedule, day + DAY * ahead)
        if found.hours:
            return found.date, found.hours[0][0]
    return None


# What disagrees ------------------------------------------------------------------------------------------------------


def clash(new: Period, others: Iterable[Period]) -> Period | None:
    """A period of the same layer that says something else on the same day, or None. There is no silent winner.

    Closures of different parts of one day go together; whole days closed twice say the same.
    """
    for other in others:
        if other.kind is not new.kind or other.id == new.id or other.hours == new.hours:
            continue
        apart = new.kind in CUTS and None not in (new.hours, other.hours) and not _meet(new.hours, other.hours)
        if not apart and any(new.covers(day) and other.covers(day) for day in _common(new, other)):
            return other
    return None


def _meet(one: Hours | None, other: Hours | None) -> bool:
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]


def _common(one: Period, other: Period) -> Iterator[dt.date]:
    """The days on which two periods may meet. What comes back every year shows within five of them."""
    first = max(one.first, other.first)
    ends = [period.last for period in (one, other) if period.last is not None]
    last = min([*ends, first + dt.timedelta(days=366 * 5)])
    return (first + DAY * n for n in range((last - first).days + 1))


def cancelled(schedule: Schedule, opening: Period) -> list[Day]:
    """The days of an exceptional opening on which a higher layer closes all the same, with what closes them."""
    last = opening.last or opening.first
    found = days(schedule, opening.first, min(last, opening.first + DAY * LOOKS_AHEAD))
    return [day for day in found if day.because is not Reason.EXCEPTIONAL_OPENING and opening.covers(day.date)]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Days on which layers disagree: the answer of the first of them, and the periods that it beats."""

    first: dt.date
    last: dt.date
    wins: Day
    beaten: tuple[Period, ...]


def conflicts(schedule: Schedule, first: dt.date, last: dt.date) -> list[Conflict]:
    """Where openings and closures that somebody entered for dates disagree, day after day put together."""
    found = []
    for day in days(schedule, first, last):
        beaten = tuple(_beaten(schedule, day))
        if beaten:
            found.append((day, beaten))
    together = []
    for _, group in groupby(enumerate(found), key=lambda n: (n[1][0].date - DAY * n[0], _same(n[1]))):
        members = [pair for _, pair in group]
        day, beaten = members[0]
        together.append(Conflict(first=day.date, last=members[-1][0].date, wins=day, beaten=beaten))
    return together


def _same(pair: tuple[Day, Sequence[Period]]) -> Any:
    day, beaten = pair
    return day.because, day.period.id if day.period else None, tuple(period.id for period in beaten)


def _beaten(schedule: Schedule, day: Day) -> Iterator[Period]:
    """Openings that a closure beats, and closures that an opening beats."""
    if day.because is Reason.EXCEPTIONAL_OPENING:
        for kind, _ in CLOSES_WITHOUT_EXCEPTION:
            yield from schedule.covering(kind, day.date)
    else:
        yield from schedule.covering(Kind.EXCEPTIONAL_OPENING, day.date)
