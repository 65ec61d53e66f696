"""This year against last year (Rule R2): the difference, the percentage, and how far a printed figure goes."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from districtops.kit.ratio import Number, half_up, percent


class ChangeKind(StrEnum):
    """What can be said about two figures."""

    NEW = "new"
    NO_DATA = "no_data"
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """Two figures of the same thing, in won or as counts; None where a figure is not stated. Rule R2."""

    current: int | None
    previous: int | None

    @property
    def difference(self) -> int | None:
        """``current`` less ``previous``, or None when either is not stated."""
        if self.current is None or self.previous is None:
            return None
        return self.current - self.previous

    @property
    def kind(self) -> ChangeKind:
        """NO_DATA when a figure is missing; NEW when there was nothing before and there is something now."""
        difference = self.difference
        if difference is None:
            return ChangeKind.NO_DATA
        if difference == 0:
            return ChangeKind.SAME
        if self.previous == 0:
            return ChangeKind.NEW
        return ChangeKind.UP if difference > 0 else ChangeKind.DOWN

    def percent(self, places: int = 1) -> Decimal | None:
        """The difference in percent of the previous figure, half up to ``places`` decimals.

        None when a figure is missing and when the previous one is 0 or below: against a negative base a rise would
        print as a fall.
        """
        if self.previous is not None and self.previous <= 0:
            return None
        return percent(self.difference, self.previous, places)


def compare(current: int | None, previous: int | None) -> Change:
    """The change from ``previous`` to ``current``. Rule R2."""
    return Change(current, previous)


def points(current: Number | None, previous: Number | None, places: int = 1) -> Decimal | None:
    """The difference between two rates, in percentage points, half up to ``places`` decimals. Rule R2.

    None when either is unknown. Rates are compared so, never by a percentage of a percentage. Pass the unrounded rates
    of ``ratio.exact_percent`` where they are at hand.
    """
    if current is None or previous is None:
        return None
    # Each is made exact before the subtraction: a Decimal difference would be cut to the context's digits.
    return half_up(Fraction(current) - Fraction(previous), places)


def band(current: int, previous: int, rounding: int, *, places: int = 1) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest percentage change that two rounded figures allow. Rule R2.

    ``rounding`` is the step, in the unit of the figures, to which both were rounded half up: 100,000,000 for won that
    were printed as 6.5 billion. With a step of 1 the figures are exact and both ends meet. None when the previous
    figure may have been 0 or less. Raises ``ValueError`` for a step below 1.
    """
    if rounding < 1:
        raise ValueError("rounding must be 1 or more")
    lowest_before, highest_before = before_rounding(previous, rounding)
    if lowest_before <= 0:
        return None
    changes = [
        Fraction(now - before, before) * 100
        for now in before_rounding(current, rounding)
        for before in (lowest_before, highest_before)
    ]
    return half_up(min(changes), places), half_up(max(changes), places)


def before_rounding(printed: int, step: int) -> tuple[int, int]:
    """The smallest and the largest whole number that half up, away from zero, would have printed as ``printed``."""
    towards_zero, away = step // 2, (step - 1) // 2
    if printed > 0:
        return printed - towards_zero, printed + away
    if printed < 0:
        return printed - away, printed + towards_zero
    return -away, away
