"""How late a milestone is, as pure functions (rule R11)."""

import datetime as dt

from flask_babel import lazy_pgettext

from districtops.kit.deadline import DueState, due_state
from districtops.kit.text import LabelledEnum, _l


class Standing(LabelledEnum):
    """Where a milestone stands on a day."""

    OPEN = "open", _l("Not done yet")
    OVERDUE = "overdue", _l("Overdue")
    DONE = "done", _l("Done")
    GIVEN_UP = "given_up", lazy_pgettext("state of a milestone", "Given up")


def standing(due: dt.date, done: dt.date | None, given_up: dt.date | None, today: dt.date) -> Standing:
    """Whether a milestone is done, overdue or open; the day itself is not overdue (rule R11).

    What was given up, by hand or because its project ended, nobody waits for any more.
    """
    if done is not None:
        return Standing.DONE
    if given_up is not None:
        return Standing.GIVEN_UP
    return Standing.OVERDUE if due_state(due, today, done=False) is DueState.OVERDUE else Standing.OPEN


def slip(
    planned: dt.date | None, due: dt.date, done: dt.date | None, given_up: dt.date | None, today: dt.date
) -> int | None:
    """Days between the first planned date and what became of it; below 0 when earlier. None without a first date.

    What became of it: the day on which it was done; today, while it is overdue; else the date that is planned now.
    A milestone that was given up slips no further than the day on which it was.
    """
    if planned is None:
        return None
    return ((done or max(due, given_up or today)) - planned).days
