"""What holds for milestones."""

import datetime as dt

from districtops import clock
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import Milestone
from districtops.new_deal.actions import refuse_ended
from districtops.new_deal.models import Project


def keep(
    project: Project,
    milestone: Milestone,
    due_before: dt.date | None,
    reason: Words | None,
    *,
    given_up: bool = False,
    given_up_reason: Words | None = None,
) -> None:
    """Store a milestone. Its first planned date stays; ``reason`` says why the present one changes. Giving it up, which
    needs its own reason, can be taken back.

    Raises RuleBroken for a project that has ended, a milestone that is done in the future or given up and done, another
    date or giving up without a reason.
    """
    refuse_ended(project)
    if milestone.done_on is not None and milestone.done_on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "done_on")
    if given_up and milestone.done_on is not None:
        raise RuleBroken(_l("A step that is done cannot be given up."), "given_up")
    if due_before is not None and milestone.due_on != due_before:
        if not reason:
            raise RuleBroken(_l("Say why the date changes."), "reason")
        milestone.reason = reason
    if given_up and not given_up_reason:
        raise RuleBroken(_l("Say why the step is given up."), "given_up_reason")
    milestone.given_up_on = (milestone.given_up_on or clock.today()) if given_up else None
    milestone.given_up_reason = given_up_reason if given_up else None
    db.session.add(milestone)
