"""The way of an opinion to its answer, as pure functions."""

from collections.abc import Mapping

from districtops.kit.text import LabelledEnum, _l


class OpinionState(LabelledEnum):
    """How far an opinion has come."""

    RECEIVED = "received", _l("Received")
    ACCEPTED = "accepted", _l("Accepted")
    NOT_ACCEPTED = "not_accepted", _l("Not accepted")
    DONE = "done", _l("Carried out")
    ANSWERED = "answered", _l("Answered")


NEXT: Mapping[OpinionState, tuple[OpinionState, ...]] = {
    OpinionState.RECEIVED: (OpinionState.ACCEPTED, OpinionState.NOT_ACCEPTED),
    OpinionState.ACCEPTED: (OpinionState.DONE,),
    OpinionState.NOT_ACCEPTED: (OpinionState.ANSWERED,),
    OpinionState.DONE: (OpinionState.ANSWERED,),
    OpinionState.ANSWERED: (),
}
"""Which steps may follow; one that is not accepted is answered too, with its reason."""

MISSING: Mapping[OpinionState, str] = {
    OpinionState.NOT_ACCEPTED: _l("Say why it is not accepted: the resident is told."),
    OpinionState.DONE: _l("Say what was done."),
    OpinionState.ANSWERED: _l("Say what was answered."),
}
"""What a step asks for that is taken without a word; accepting an opinion needs none."""


def refusal(before: OpinionState, after: OpinionState, said: object) -> tuple[str, str] | None:
    """Why the step from one state to another cannot be taken with these words: (message, field); None where it can."""
    if after not in NEXT[before]:
        return _l("This step is not open now."), "state"
    if after in MISSING and not said:
        return MISSING[after], "said"
    return None
