"""The days of steps that follow one another: none lies in the future, none before the step that it follows."""

import datetime as dt

from districtops import clock
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l


def check_day(day: dt.date, *before: dt.date | None, field: str = "on_date") -> None:
    """Raises RuleBroken for a day in the future, or before one of the days ``before`` of earlier steps."""
    if day > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), field)
    if any(earlier is not None and day < earlier for earlier in before):
        raise RuleBroken(_l("The step before was on a later day. Check the day."), field)
