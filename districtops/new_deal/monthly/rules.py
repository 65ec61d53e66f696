"""Which way a monthly report goes, and which day a month ends on, as pure functions.

Source: the offices' light states draft, submitted, confirmed and returned, so that only confirmed figures reach
managers' pages.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_pgettext

from districtops.kit.text import LabelledEnum, Words, _l
from districtops.new_deal.rules import ENDED, Stage


class State(LabelledEnum):
    """How far a report has come."""

    REQUESTED = "requested", lazy_pgettext("state of a report", "Requested")
    DRAFT = "draft", _l("Draft")
    SUBMITTED = "submitted", _l("Submitted")
    RETURNED = "returned", _l("Returned")
    CONFIRMED = "confirmed", _l("Confirmed")


class Verb(LabelledEnum):
    """What people do to a report."""

    SAVE = "save", _l("Draft saved")
    SUBMIT = "submit", _l("Submitted to the manager")
    CONFIRM = "confirm", _l("Confirmed")
    RETURN = "return", _l("Returned to the officer")
    REOPEN = "reopen", _l("Reopened")


@dataclass(frozen=True, kw_only=True)
class Written:
    """What an officer enters: progress in percent, money in won."""

    progress: Decimal | None
    spent_won: int | None
    issue: Words | None = None
    counter_measure: Words | None = None
    next_step: Words | None = None


WRITING = frozenset({Verb.SAVE, Verb.SUBMIT})
"""Whoever did one of these wrote the report, and does not confirm it."""

MISSING = frozenset({State.REQUESTED, State.DRAFT, State.RETURNED})
"""States in which the officer has yet to report."""

RUNNING = frozenset(Stage) - ENDED
"""Stages of projects that report."""

_AFTER: Mapping[tuple[State, Verb], State] = {
    (State.REQUESTED, Verb.SAVE): State.DRAFT,
    (State.DRAFT, Verb.SAVE): State.DRAFT,
    # A returned report says so until it is submitted again.
    (State.RETURNED, Verb.SAVE): State.RETURNED,
    (State.DRAFT, Verb.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Verb.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Verb.CONFIRM): State.CONFIRMED,
    (State.SUBMITTED, Verb.RETURN): State.RETURNED,
    (State.CONFIRMED, Verb.REOPEN): State.RETURNED,
}


def after(state: State, verb: Verb) -> State | None:
    """The state after the act, or None where it is not open in this state."""
    return _AFTER.get((state, verb))


def verbs_from(state: State) -> frozenset[Verb]:
    """What may be done to a report in this state while its month is open."""
    return frozenset(verb for before, verb in _AFTER if before is state)


def month_of(day: dt.date) -> str:
    """The month of a day as it is kept: ``2022-01``."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> dt.date:
    """The first day of a month. Raises ValueError for a text that names none."""
    return dt.datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a day, not a moment


def last_day(month: str) -> dt.date:
    """The last day of a month. Raises ValueError for a text that names none."""
    first = first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


USUAL_DAYS = 7
"""Days that officers usually get to report: after the month's end, or from the day on which they are asked."""


def usual_round(today: dt.date) -> tuple[str, dt.date]:
    """The month whose reports are usually requested on a day, and its usual deadline: in the first half of a month
    the one before."""
    day = today if today.day > 15 else today.replace(day=1) - dt.timedelta(days=1)
    week = dt.timedelta(days=USUAL_DAYS)
    return month_of(day), max(last_day(month_of(day)), today) + week


def months_of(year: int) -> list[str]:
    """The months of a year in their order."""
    return [f"{year}-{number:02d}" for number in range(1, 13)]


def is_late(due_on: dt.date, today: dt.date, submitted_on: dt.date | None) -> bool:
    """Whether a report came, or has not come, after its deadline; the day itself is in time (rule R11)."""
    return (submitted_on or today) > due_on


def difference(now: int | None, before: int | None) -> int | None:
    """``now`` less ``before`` in won; None where either is not stated."""
    return None if now is None or before is None else now - before


def points(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """``now`` less ``before`` in percentage points; None where either is not stated."""
    return None if now is None or before is None else now - before
