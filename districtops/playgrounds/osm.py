"""A year of a schedule in OpenStreetMap's ``opening_hours`` syntax, as values. There the later rule wins, so the layers
are written from the lowest to the highest."""

import datetime as dt
from calendar import isleap
from collections.abc import Iterator

from districtops.playgrounds.rules import DAY, Hours, Kind, MonthDay, Period, Schedule

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

LAYERS = (
    Kind.BASE_HOURS,
    Kind.SEASON_HOURS,
    # After the seasons: a season that names no weekday would open the closed one again.
    Kind.WEEKLY_CLOSURE,
    Kind.SEASONAL_CLOSURE,
    Kind.HOLIDAY_PERIOD,
    Kind.EXCEPTIONAL_OPENING,
    Kind.FLOOD_PERIOD,
    Kind.DATED_CLOSURE,
    Kind.OPERATION,
    Kind.SAFETY_CLOSURE,
)

Span = tuple[dt.date, dt.date]


def opening_hours(schedule: Schedule, year: int) -> str | None:
    """The schedule of a year as an ``opening_hours`` value; None while its holiday periods are not published.

    No rule names public holidays: Korea's are open days here, and the holiday periods are written as their dates.
    """
    if year not in schedule.prepared:
        return None
    return "; ".join(rule for kind in LAYERS for rule in _rules(schedule, kind, year))


def _rules(schedule: Schedule, kind: Kind, year: int) -> Iterator[str]:
    whole = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    if kind is Kind.OPERATION:
        # What no operating season covers is closed.
        seasons = sorted(span for p in schedule.by_kind[kind] for span in spans(p, year))
        yield from (f"{written(span, year)} off".strip() for span in _between(seasons, whole))
        return
    # The earliest period of a layer is the one that speaks; here it must come last.
    for period in reversed(schedule.by_kind[kind]):
        for span in spans(period, year):
            day = WEEKDAYS[period.weekday] if period.weekday is not None else ""
            hours = _hours(period.hours) if period.hours else ""
            closes = "off" if kind not in (Kind.BASE_HOURS, Kind.SEASON_HOURS, Kind.EXCEPTIONAL_OPENING) else ""
            yield " ".join(part for part in (written(span, year), day, hours, closes) if part)


def spans(period: Period, year: int) -> list[Span]:
    """The stretches of a year in which a period lies, whatever its weekday."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    inside = (max(first, period.first), min(last, period.last or last))
    if period.yearly is None:
        parts = [inside]
    else:
        # 29 February of an ordinary year: a stretch begins after it and ends before it.
        begins, ends = _day(year, period.yearly[0], DAY), _day(year, period.yearly[1])
        turns = [(begins, last), (first, ends)] if begins > ends else [(begins, ends)]
        parts = [(max(inside[0], begin), min(inside[1], end)) for begin, end in turns]
    return sorted(part for part in parts if part[0] <= part[1])


def _day(year: int, place: MonthDay, otherwise: dt.timedelta = dt.timedelta(0)) -> dt.date:
    month, day = place
    if place == (2, 29) and not isleap(year):
        return dt.date(year, 2, 28) + otherwise
    return dt.date(year, month, day)


def _between(covered: list[Span], whole: Span) -> Iterator[Span]:
    """The stretches of ``whole`` that none of the spans covers."""
    place = whole[0]
    for first, last in covered:
        if first > place:
            yield place, first - DAY
        place = max(place, last + DAY)
    if place <= whole[1]:
        yield place, whole[1]


def written(span: Span, year: int) -> str:
    """A stretch of days; the whole year is left out."""
    first, last = span
    if (first, last) == (dt.date(year, 1, 1), dt.date(year, 12, 31)):
        return str(year)
    return _date(first) if first == last else f"{_date(first)}-{_date(last)}"


def _date(day: dt.date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02}"


def _hours(hours: Hours) -> str:
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"
