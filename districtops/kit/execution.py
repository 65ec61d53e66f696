"""How much of the money has been spent (Rule R1). Every amount is a whole number of won."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from districtops.kit.ratio import Number, exact_percent, half_up


def current_budget(
    original: int | None, *, supplementary: int = 0, changes: int = 0, carried_in: int = 0, reserve: int = 0
) -> int | None:
    """The current budget (예산현액) in won, or None when the original budget is not stated. Rule R1.

    ``changes`` are transfers and adjustments, signed; ``carried_in`` comes from last year; ``reserve`` is what was used
    of the reserve fund. Work that began with a supplementary budget has an original budget of 0, which is not None.
    """
    if original is None:
        return None
    return original + supplementary + changes + carried_in + reserve


def execution_rate(spent: int | None, budget: int | None) -> Decimal | None:
    """Spending in percent of the current budget, one decimal, half up; may exceed 100. Rule R1.

    None when an amount is not stated and when the budget is 0 or below. For a portfolio pass the two sums, never an
    average of rates. For a threshold take ``exact_rate``.
    """
    return _printed(exact_rate(spent, budget))


def exact_rate(spent: int | None, budget: int | None) -> Fraction | None:
    """The unrounded execution rate in percent, for thresholds. None as in ``execution_rate``. Rule R1."""
    if budget is None or budget <= 0:
        return None
    return exact_percent(spent, budget)


def over_budget(spent: int | None, budget: int | None) -> bool:
    """Whether more was spent than budgeted, to the won: the data alert of Rule R1. False when either is not stated."""
    return spent is not None and budget is not None and spent > budget


@dataclass(frozen=True)
class Projection:
    """Spending drawn on in a straight line to 31 December. Rule R1."""

    exact: Fraction
    """Won, unrounded."""
    budget: int | None
    """Won; None when not stated."""

    @property
    def amount(self) -> int:
        """Won, half up."""
        return int(half_up(self.exact))

    @property
    def rate(self) -> Decimal | None:
        """In percent of the budget, one decimal; None without a budget above 0."""
        return _printed(self._exact_rate)

    def is_below(self, threshold: Number) -> bool:
        """Whether the unrounded rate is below ``threshold`` percent: the under-spend list. False without a rate."""
        rate = self._exact_rate
        return rate is not None and rate < Fraction(threshold)

    @property
    def _exact_rate(self) -> Fraction | None:
        return exact_percent(self.exact, self.budget) if self.budget is not None and self.budget > 0 else None


def projected(spent: int | None, budget: int | None, as_of: date) -> Projection | None:
    """What will be spent by 31 December if spending goes on as it did from 1 January to ``as_of``, both days included.

    None when the spending is not stated. The fallback of Rule R1: use contract payment dates where they exist.
    """
    if spent is None:
        return None
    day = as_of.timetuple().tm_yday
    days = date(as_of.year, 12, 31).timetuple().tm_yday
    return Projection(exact=Fraction(spent * days, day), budget=budget)


def unused(budget: int, *, spent: int, carry_next: int, grant_return: int) -> int:
    """The unused amount (불용액) in won that closes the year-end identity of Rule R1.

    current budget = spent + carried to next year + grant to return + unused. Below 0 the year's figures contradict
    each other, and the caller should say so.
    """
    return budget - spent - carry_next - grant_return


def achievement(spent: int | None, target: int | None) -> Decimal | None:
    """Spending in percent of a target (early execution), one decimal; may exceed 100. Rule R1.

    None when an amount is not stated and when the target is 0 or below.
    """
    return execution_rate(spent, target)


def _printed(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else half_up(rate, 1)
