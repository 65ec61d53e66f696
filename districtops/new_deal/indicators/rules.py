"""How far an indicator has come from its base to its target, and its readings as a drawing, as pure functions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from districtops.kit.ratio import half_up, percent
from districtops.kit.text import LabelledEnum, _l


class Goal(LabelledEnum):
    """Whether a project reaches what it set out for."""

    REACHED = "reached", _l("Reached")
    ON_THE_WAY = "on_the_way", _l("On the way")
    NOT_MEASURED = "not_measured", _l("Not measured yet")


def achievement(base: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Percent of the way from base to target, one decimal, half up; also where the target lies below the base.

    Below 0 the indicator went the wrong way, above 100 beyond the target. None where a value is missing, and where base
    and target are equal: there is no way then.
    """
    if base is None or target is None or actual is None:
        return None
    return percent(actual - base, target - base)


def goal(base: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Goal | None:
    """Whether the target is reached, seen from the base; None without a target or a base to see it from."""
    if base is None or target is None:
        return None
    if actual is None:
        return Goal.NOT_MEASURED
    if target == base:
        return None
    return Goal.REACHED if (actual - target) * (target - base) >= 0 else Goal.ON_THE_WAY


WIDTH, HEIGHT, EDGE = 320, 96, 8


@dataclass(frozen=True)
class Chart:
    """Where everything stands in a drawing of WIDTH by HEIGHT; None for a line that has no value."""

    points: Sequence[tuple[str, str]]
    base: str | None
    target: str | None
    width: int = WIDTH
    height: int = HEIGHT
    edge: int = EDGE

    @property
    def line(self) -> str:
        """The points as a polyline takes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


def chart_of(
    readings: Sequence[tuple[dt.date, Decimal]], *, base: Decimal | None, target: Decimal | None
) -> Chart | None:
    """The drawing of readings in the order of their days. None with fewer than two: a point is no line."""
    if len(readings) < 2:
        return None
    first, last = readings[0][0], readings[-1][0]
    values = [value for _, value in readings] + [value for value in (base, target) if value is not None]
    low, high = min(values), max(values)

    def across(day: dt.date) -> str:
        span = (last - first).days or 1
        return _place(Fraction((day - first).days, span) * (WIDTH - 2 * EDGE) + EDGE)

    def up(value: Decimal) -> str:
        share = Fraction(value - low) / Fraction(high - low) if high > low else Fraction(1, 2)
        return _place(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE))

    return Chart(
        points=[(across(day), up(value)) for day, value in readings],
        base=None if base is None else up(base),
        target=None if target is None else up(target),
    )


def _place(value: Fraction) -> str:
    return str(half_up(value, 1))
