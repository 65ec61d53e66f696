"""The readings of an indicator as the points of a small drawing; the figures stand in the table beside it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from districtops.kit.ratio import half_up

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
