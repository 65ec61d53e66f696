"""How much a playground is used, as pure functions on counts; averages and rates are exact, rounded once, half up."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from districtops.kit.ratio import half_up


@dataclass(frozen=True, kw_only=True)
class LoggedDay:
    """A day of the log. ``visitors`` and ``dogs`` are None where nobody counted."""

    date: dt.date
    visitors: int | None
    dogs: int | None
    incidents: int


def average(values: Sequence[int]) -> Decimal | None:
    """The average to one decimal; None of nothing."""
    return half_up(Fraction(sum(values), len(values)), 1) if values else None


def visitors_of(days: Iterable[LoggedDay]) -> list[int]:
    """The visitors of the days on which they were counted."""
    return [day.visitors for day in days if day.visitors is not None]


def by_weekday(days: Sequence[LoggedDay]) -> list[tuple[int, int, Decimal | None]]:
    """(weekday, days counted, average visitors) for each weekday, 0 is Monday."""
    found = []
    for weekday in range(7):
        counted = visitors_of(day for day in days if day.date.weekday() == weekday)
        found.append((weekday, len(counted), average(counted)))
    return found


def incidents_per_thousand(days: Sequence[LoggedDay]) -> Decimal | None:
    """Incidents per 1,000 visits, of the days on which visitors were counted; None without a visit."""
    counted = [day for day in days if day.visitors is not None]
    visits = sum(visitors_of(counted))
    return half_up(Fraction(1000 * sum(day.incidents for day in counted), visits), 1) if visits else None


def per_hundred_pyeong(dogs: int, pyeong: Decimal | None) -> Decimal | None:
    """Dogs per 100 pyeong; None where the area is not stated."""
    return half_up(Fraction(100 * dogs) / Fraction(pyeong), 1) if pyeong else None


def sums(counts: Mapping[tuple[int, int], tuple[int, int]], place: int) -> dict[int, tuple[int, int]]:
    """(visitors, dogs) summed by one part of the key: 0 the zone, 1 the hour."""
    found: dict[int, tuple[int, int]] = {}
    for key, (visitors, dogs) in counts.items():
        before = found.get(key[place], (0, 0))
        found[key[place]] = (before[0] + visitors, before[1] + dogs)
    return dict(sorted(found.items()))
