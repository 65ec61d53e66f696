"""Which way a project goes, as pure functions: its stages, what its type skips, what each step needs.

Source: the district's workflow from discovery to settlement; own operation and grants order and accept nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from districtops.kit.text import LabelledEnum, _l


class ProjectType(LabelledEnum):
    """How a project is carried out, which decides its stages."""

    CONSTRUCTION = "construction", _l("Construction")
    PURCHASE = "purchase", _l("Purchase or system")
    SERVICE = "service", _l("Service contract")
    OWN_OPERATION = "own_operation", _l("Own operation")
    GRANT = "grant", _l("Grant")


class Stage(LabelledEnum):
    """Where a project stands."""

    DISCOVERED = "discovered", _l("Discovered")
    PLANNED = "planned", _l("Planned")
    BUDGET_SECURED = "budget_secured", _l("Budget secured")
    ORDERED = "ordered", _l("Order placed")
    CONTRACTED = "contracted", _l("Contracted")
    IN_EXECUTION = "in_execution", _l("In execution")
    INSPECTED = "inspected", _l("Inspected and accepted")
    COMPLETED = "completed", _l("Completed")
    SETTLED = "settled", _l("Settled")
    ON_HOLD = "on_hold", _l("On hold")
    CANCELLED = "cancelled", _l("Cancelled")
    DROPPED = "dropped", _l("Dropped")


LADDER = (
    Stage.DISCOVERED,
    Stage.PLANNED,
    Stage.BUDGET_SECURED,
    Stage.ORDERED,
    Stage.CONTRACTED,
    Stage.IN_EXECUTION,
    Stage.INSPECTED,
    Stage.COMPLETED,
    Stage.SETTLED,
)

NOTHING_BOUGHT = frozenset({Stage.ORDERED, Stage.CONTRACTED, Stage.INSPECTED})
SKIPPED: Mapping[ProjectType, frozenset[Stage]] = {
    ProjectType.OWN_OPERATION: NOTHING_BOUGHT,
    ProjectType.GRANT: NOTHING_BOUGHT,
}

STOPPED = frozenset({Stage.CANCELLED, Stage.DROPPED})
ENDED = frozenset({Stage.SETTLED, *STOPPED})
FINISHED = frozenset({Stage.COMPLETED, Stage.SETTLED})
MAY_SPEND = frozenset(LADDER[2:-1])


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A step that officers take. ``needs`` names the fields that must be filled; the labels say what they are here."""

    name: str
    label: str
    target: Stage | None
    needs: frozenset[str] = frozenset()
    detail: str | None = None
    amount: str | None = None
    reason: str | None = None
    asks_result: bool = False


VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(name="plan", label=_l("Record the plan"), target=Stage.PLANNED),
        Verb(name="secure_budget", label=_l("Record the budget as secured"), target=Stage.BUDGET_SECURED),
        Verb(
            name="order",
            label=_l("Record the order"),
            target=Stage.ORDERED,
            needs=frozenset({"detail"}),
            detail=_l("Method of ordering"),
            amount=_l("Estimated amount"),
        ),
        Verb(
            name="contract",
            label=_l("Record the contract"),
            target=Stage.CONTRACTED,
            needs=frozenset({"detail", "amount_won"}),
            detail=_l("Counterparty and period"),
            amount=_l("Contract amount"),
        ),
        Verb(name="start", label=_l("Start the execution"), target=Stage.IN_EXECUTION),
        Verb(name="accept", label=_l("Record the acceptance"), target=Stage.INSPECTED),
        Verb(
            name="complete",
            label=_l("Complete the project"),
            target=Stage.COMPLETED,
            needs=frozenset({"detail"}),
            detail=_l("Result against the indicator"),
            asks_result=True,
        ),
        Verb(
            name="settle",
            label=_l("Settle the money"),
            target=Stage.SETTLED,
            needs=frozenset({"amount_won"}),
            detail=_l("Carry-over and return"),
            amount=_l("Unspent amount"),
        ),
        Verb(
            name="hold",
            label=_l("Put on hold"),
            target=Stage.ON_HOLD,
            needs=frozenset({"reason"}),
            reason=_l("Reason for the hold"),
        ),
        Verb(name="resume", label=_l("Resume"), target=None, reason=_l("Remark")),
        Verb(
            name="cancel",
            label=_l("Cancel the project"),
            target=Stage.CANCELLED,
            needs=frozenset({"reason", "doc_no"}),
            reason=_l("Reason for the cancellation"),
        ),
        Verb(
            name="reinstate",
            label=_l("Take the project up again"),
            target=None,
            needs=frozenset({"reason"}),
            reason=_l("Why it goes on"),
        ),
        Verb(
            name="drop",
            label=_l("Drop the idea"),
            target=Stage.DROPPED,
            needs=frozenset({"reason"}),
            reason=_l("Reason for dropping it"),
        ),
    )
}

_FORWARD = {verb.target: verb.name for verb in VERBS.values() if verb.target in LADDER}


def path(kind: ProjectType | None) -> tuple[Stage, ...]:
    """The stages that a project of this type walks through, in order; all of them while the type is not stated."""
    skipped = SKIPPED.get(kind, frozenset()) if kind is not None else frozenset()
    return tuple(stage for stage in LADDER if stage not in skipped)


def next_stage(stage: Stage, kind: ProjectType | None) -> Stage | None:
    """The stage after this one for the type, or None at the end and beside the path."""
    if stage not in LADDER:
        return None
    return next((later for later in path(kind) if LADDER.index(later) > LADDER.index(stage)), None)


def verbs_from(stage: Stage, kind: ProjectType | None) -> tuple[str, ...]:
    """The names of the steps that may be taken now, the one forward first."""
    if stage is Stage.ON_HOLD:
        return ("resume", "cancel")
    if stage in STOPPED:
        return ("reinstate",)
    forward = next_stage(stage, kind)
    found = [_FORWARD[forward]] if forward else []
    if stage is Stage.DISCOVERED:
        found.append("drop")
    elif stage in LADDER and stage not in FINISHED:
        found += ["hold", "cancel"]
    return tuple(found)
