"""The steps of an opinion, from its review to its answer."""

import datetime as dt

from districtops.guard.transaction import explains
from districtops.kit.rules import RuleBroken
from districtops.kit.steps import check_day
from districtops.kit.text import Words, _l
from districtops.playgrounds.opinions.models import NEXT, Feedback, Step

DAYS = {
    Step.REVIEWED: "reviewed_on",
    Step.ACCEPTED: "decided_on",
    Step.NOT_ACCEPTED: "decided_on",
    Step.DONE: "done_on",
    Step.ANSWERED: "answered_on",
}


def take(feedback: Feedback, step: Step, on: dt.date, words: Words | None) -> None:
    """Take a step on a day. ``words`` are the reason of a refusal, or what was improved.

    Raises RuleBroken for a step that is not open now, a day before the last step or in the future, and a refusal
    without its reason.
    """
    if step not in NEXT[feedback.step]:
        raise RuleBroken(_l("This step is not open now."), "step")
    check_day(on, feedback.received_on, *(getattr(feedback, name) for name in DAYS.values()))
    if step is Step.NOT_ACCEPTED:
        if not words:
            raise RuleBroken(_l("Say why it is not accepted: the resident is told."), "words")
        feedback.reason = words
    if step is Step.DONE:
        if not words:
            raise RuleBroken(_l("Say what was improved."), "words")
        feedback.improvement = words
    feedback.step = step
    setattr(feedback, DAYS[step], on)


explains("ck_playgrounds_feedback_answered_after_it_came", _l("The answer lies before the opinion."), "on_date")
