"""How many days are left, and what that means (Rule R11). Dates are calendar days in Korea."""

from datetime import date, datetime
from enum import StrEnum

SOON_DAYS = 14
"""A deadline this many days away, or fewer, is soon."""


class DueState(StrEnum):
    """Where a deadline stands on a given day."""

    DONE = "done"
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    SOON = "soon"
    LATER = "later"


def days_left(deadline: date, today: date) -> int:
    """Calendar days from ``today`` to ``deadline``: 0 on the day itself, below 0 afterwards. Rule R11.

    Raises ``TypeError`` for a moment: in UTC it is still yesterday while the office in Seoul has opened.
    """
    if isinstance(deadline, datetime) or isinstance(today, datetime):
        raise TypeError("a deadline is a date in Korea, not a moment")
    return (deadline - today).days


def due_state(deadline: date, today: date, done: bool) -> DueState:
    """The state of a deadline on ``today``: the day itself is not overdue, and what is done never is. Rule R11."""
    left = days_left(deadline, today)
    if done:
        return DueState.DONE
    if left < 0:
        return DueState.OVERDUE
    if left == 0:
        return DueState.DUE_TODAY
    return DueState.SOON if left <= SOON_DAYS else DueState.LATER
