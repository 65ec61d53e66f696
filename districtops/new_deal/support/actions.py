"""Marking a measure as held, with what came of it."""

import datetime as dt

from districtops.kit.rules import RuleBroken
from districtops.kit.steps import check_day
from districtops.kit.text import Words, _l
from districtops.new_deal.support.models import SupportMeasure


def hold(measure: SupportMeasure, on: dt.date, participants: int | None, result: Words | None) -> None:
    """Record that a measure was held on a day, with how many people, and its result.

    Raises RuleBroken for a day in the future, or outside the programme's year and those beside it (ideas are gathered
    before it begins, awards given when it is over); and without a result.
    """
    check_day(on, field="held_on")
    if abs(on.year - measure.programme.fiscal_year) > 1:
        raise RuleBroken(_l("The day lies outside the year of the programme."), "held_on")
    if not result:
        raise RuleBroken(_l("Say what came of it."), "result")
    measure.held_on, measure.participants, measure.result = on, participants, result
