"""What will be spent by the year's end, and what becomes of the rest, as pure functions (rule R1).

Shares are kept as whole numbers of PARTS of the budget, so that lists find and order them by an index; a share is exact
to a millionth of a millionth, far below one won of any budget.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from districtops.kit.execution import Projection, projected
from districtops.kit.ratio import half_up
from districtops.kit.text import LabelledEnum, _l

UNDER_SPEND = 90
"""Percent of the budget below which a project under-spends when projected to 31 December (rule R1, example j)."""

WHOLE = 100
"""Percent of the budget; a projection above it raises an alert (rule R1)."""

PARTS = 10**12
MOST_PARTS = 10**18
HALF_YEAR = (6, 30)
"""Early execution is measured at the end of 30 June."""


class CarryKind(LabelledEnum):
    """Why money may be spent in the next year (Local Finance Act, articles 50 and 42)."""

    SPECIFIED = "specified", _l("Specified carry-over")
    ACCIDENTAL = "accidental", _l("Accidental carry-over")
    CONTINUING = "continuing", _l("Continuing expenditure carry-over")


class Reason(LabelledEnum):
    """Why money is left at the end of the year."""

    LATE_START = "late_start", _l("Order or contract came late")
    DELAY = "delay", _l("Work was delayed")
    PLAN_CHANGE = "plan_change", _l("Plan changed")
    LATE_GRANT = "late_grant", _l("Grant arrived late in the year")
    BID_BALANCE = "bid_balance", _l("Contract was cheaper than planned")
    LOW_DEMAND = "low_demand", _l("Fewer applicants than expected")
    SAVED = "saved", _l("Money was saved")
    OTHER = "other_reason", _l("Another reason")


class DecisionState(LabelledEnum):
    """How far a year-end decision has come. Only what is confirmed counts."""

    DRAFT = "draft", _l("Draft")
    CONFIRMED = "confirmed", _l("Confirmed")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class Outlook(LabelledEnum):
    """Where a projection leads."""

    UNDER = "under", _l("Will under-spend (below 90 percent)")
    OVER = "over", _l("Will exceed the budget")


def last_day(fiscal_year: int) -> dt.date:
    """The day on which the books of a fiscal year close."""
    return dt.date(fiscal_year, 12, 31)


def as_of(fiscal_year: int, today: dt.date) -> dt.date | None:
    """The day up to which a year is looked at: today, of a past year its last day. None before it begins."""
    return None if today.year < fiscal_year else min(today, last_day(fiscal_year))


def projection(
    *, spent: int, budget: int | None, payments: int | None, fiscal_year: int, today: dt.date
) -> Projection | None:
    """What will be spent by 31 December, against the budget (rule R1).

    ``payments`` are the unpaid contract payments that fall due by then; None where no payment is planned, and only then
    spending is drawn on in a straight line. None without a budget above 0, and before the year begins.
    """
    if budget is None or budget <= 0:
        return None
    if payments is not None:
        return Projection(exact=Fraction(spent + payments), budget=budget)
    day = as_of(fiscal_year, today)
    return None if day is None else projected(spent, budget, day)


def outlook(found: Projection | None) -> Outlook | None:
    """Whether a projection is below UNDER_SPEND or above the budget; by the unrounded rate."""
    if found is None:
        return None
    if found.is_below(UNDER_SPEND):
        return Outlook.UNDER
    return Outlook.OVER if found.budget is not None and found.exact > found.budget else None


def share(amount: int, budget: int | None) -> int | None:
    """PARTS of the budget, cut to a whole number; None without a budget above 0."""
    return None if budget is None or budget <= 0 else min(amount * PARTS // budget, MOST_PARTS)


def straight_limit(percent: int, day: dt.date) -> int:
    """The share of the budget, in PARTS, that spending has reached on a day when it will reach ``percent`` by
    31 December in a straight line."""
    elapsed = Fraction(day.timetuple().tm_yday, last_day(day.year).timetuple().tm_yday)
    return int(Fraction(percent, 100) * elapsed * PARTS)


def early_target(budget: int | None, *, rate: Decimal | None, won: int | None) -> int | None:
    """Won that are to be spent by 30 June: the amount, or the percentage of the budget; None where neither is set."""
    if won is not None:
        return won
    if rate is None or budget is None:
        return None
    return int(half_up(Fraction(rate) * budget / 100))
