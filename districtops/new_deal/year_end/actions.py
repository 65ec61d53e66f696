"""The way of a year-end decision: drafted by one person, confirmed by another, withdrawn with a reason."""

from sqlalchemy import select

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.execution import unused
from districtops.kit.locale import won_exact
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.new_deal.actions import budget_of, spent_of
from districtops.new_deal.models import Project
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import DecisionState, Reason

SECOND = _l("There is a decision for this year already. Edit its draft, or withdraw it first.")


def left_of(project: Project) -> int:
    """Won of the budget that are not spent. Raises RuleBroken where no budget above zero is stated."""
    budget = budget_of(project.program)
    if budget is None or budget <= 0:
        raise RuleBroken(
            _l("Enter the project's budget first: of an amount that is not stated, nothing can be carried.")
        )
    return budget - spent_of(project.program)


def draft(project: Project, decision: YearEndDecision, by_id: int | None) -> None:
    """Store a draft, a new one or one that was changed.

    Raises RuleBroken for a second decision of the year, one that is no draft any more, a carry-over without its kind,
    another reason without words, a day outside the fiscal year or in the future, and amounts above what is left.
    """
    if decision.id and decision.state is not DecisionState.DRAFT:
        raise RuleBroken(_l("Only a draft is edited. Withdraw the decision, and enter another one."))
    if decision.carry_won and decision.carry_kind is None:
        raise RuleBroken(_l("Choose the kind of carry-over."), "carry_kind")
    if decision.carry_kind is not None and not decision.carry_won:
        raise RuleBroken(_l("Enter the amount that is carried over, or no kind of carry-over."), "carry_won")
    if decision.reason_code is Reason.OTHER and not decision.reason:
        raise RuleBroken(_l("Say which other reason."), "reason")
    if decision.decided_on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "decided_on")
    if decision.decided_on.year != project.program.fiscal_year:
        raise RuleBroken(
            _l(
                "The books of fiscal year %(year)s close on 31 December: decide by then.",
                year=project.program.fiscal_year,
            ),
            "decided_on",
        )
    _refuse_more_than_left(project, decision)
    if not decision.id:
        with db.session.no_autoflush:
            _refuse_second(project)
        decision.project_id, decision.program_id = project.id, project.program_id
        decision.fiscal_year = project.program.fiscal_year
        decision.state = DecisionState.DRAFT
        decision.entered_at, decision.entered_by_id = clock.now(), by_id
    decision.changed_by_id = by_id
    db.session.add(decision)
    db.session.flush()


def _refuse_more_than_left(project: Project, decision: YearEndDecision) -> None:
    with db.session.no_autoflush:
        left = left_of(project)
    rest = unused(left, spent=0, carry_next=decision.carry_won, grant_return=decision.return_won)
    if rest < 0:
        field = "carry_won" if decision.carry_won > left else "return_won"
        raise RuleBroken(
            _l(
                "The budget leaves %(left)s, which is less than what is carried over and returned.",
                left=won_exact(left),
            ),
            field,
        )


def _refuse_second(project: Project) -> None:
    standing = select(YearEndDecision.id).where(
        YearEndDecision.project_id == project.id, YearEndDecision.state != DecisionState.WITHDRAWN
    )
    if db.session.execute(standing.limit(1)).first() is not None:
        raise RuleBroken(SECOND)


def confirm(project: Project, decision: YearEndDecision, by_id: int | None) -> None:
    """Confirm a draft: from now on it counts.

    Raises RuleBroken for what is no draft, for whoever entered or changed it, and where more was spent meanwhile.
    """
    if decision.state is not DecisionState.DRAFT:
        raise RuleBroken(_l("Only a draft can be confirmed."))
    if by_id is None or by_id in (decision.entered_by_id, decision.changed_by_id):
        raise RuleBroken(_l("Somebody else must confirm it: nobody confirms what they entered themselves."))
    try:
        _refuse_more_than_left(project, decision)
    except RuleBroken as refusal:
        # The form of a confirmation has no field for it.
        raise RuleBroken(refusal.message) from refusal
    decision.state = DecisionState.CONFIRMED
    decision.confirmed_at, decision.confirmed_by_id = clock.now(), by_id
    db.session.flush()


def withdraw(decision: YearEndDecision, reason: Words | None, by_id: int | None) -> None:
    """Decline a draft, or take back what was confirmed. Raises RuleBroken without a reason, and a second time."""
    if decision.state is DecisionState.WITHDRAWN:
        raise RuleBroken(_l("It was withdrawn already."))
    if not reason:
        raise RuleBroken(_l("Say why it is withdrawn."), "reason")
    decision.state = DecisionState.WITHDRAWN
    decision.withdrawn_at, decision.withdrawn_by_id = clock.now(), by_id
    decision.withdrawal_reason = reason
    db.session.flush()


explains("uq_new_deal_year_end_standing", SECOND)
