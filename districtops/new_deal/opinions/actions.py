"""Recording an opinion, and its steps to the answer."""

import datetime as dt

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.steps import check_day
from districtops.kit.text import Words, _l
from districtops.new_deal import queries
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.opinions.models import Opinion, OpinionStep
from districtops.new_deal.opinions.rules import OpinionState, refusal

DAYS = {
    OpinionState.ACCEPTED: "decided_on",
    OpinionState.NOT_ACCEPTED: "decided_on",
    OpinionState.DONE: "done_on",
    OpinionState.ANSWERED: "answered_on",
}


def place(opinion: Opinion, programme: Programme, code: str | None) -> None:
    """Say what an opinion is about: the project with this code, or without one the programme as a whole.

    Raises RuleBroken for a code of no project, or of another year's.
    """
    project: Project | None = None
    if code:
        project = queries.project_coded(code)
        if project is None:
            raise RuleBroken(_l("There is no project with this code."), "project")
        if project.programme_id != programme.id:
            raise RuleBroken(_l("The project belongs to another year's programme."), "project")
    opinion.programme_id = programme.id
    opinion.project_id = project.id if project else None
    opinion.program_id = project.program_id if project else None
    if opinion.department_id is None and project is not None:
        opinion.department_id = project.program.department_id


def keep(opinion: Opinion, received_on: dt.date) -> None:
    """Store an opinion as it was received. Raises RuleBroken for a day in the future, or after its first step."""
    if received_on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "received_on")
    if opinion.decided_on is not None and received_on > opinion.decided_on:
        raise RuleBroken(_l("It was decided about before that day."), "received_on")
    opinion.received_on = received_on
    if opinion.answered_on is not None:
        opinion.days = (opinion.answered_on - received_on).days
    db.session.add(opinion)


def take(opinion: Opinion, state: OpinionState, on: dt.date, said: Words | None, by_id: int | None) -> None:
    """Take a step on a day: the opinion changes its state, and who, when and what was said is kept.

    Raises RuleBroken for a step that is not open now, one without the words that it needs, a day before the last step
    or in the future.
    """
    if found := refusal(opinion.state, state, said):
        raise RuleBroken(*found)
    check_day(on, opinion.received_on, opinion.decided_on, opinion.done_on)
    db.session.add(
        OpinionStep(
            opinion_id=opinion.id,
            program_id=opinion.program_id,
            from_state=opinion.state,
            to_state=state,
            on_date=on,
            said=said,
            at=clock.now(),
            by_id=by_id,
        )
    )
    opinion.state = state
    setattr(opinion, DAYS[state], on)
    if state is OpinionState.NOT_ACCEPTED:
        opinion.reason = said
    if state is OpinionState.ANSWERED:
        opinion.days = (on - opinion.received_on).days
    db.session.flush()


explains("ck_new_deal_opinion_answered_after_it_came", _l("The answer lies before the opinion."), "on_date")
