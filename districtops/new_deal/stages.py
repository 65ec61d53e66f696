"""Moving a project from stage to stage: what each step needs, and what follows from it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from districtops import clock
from districtops.kit.db import db
from districtops.kit.locale import day as in_words
from districtops.kit.locale import won_exact
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import LedgerEntry, Program
from districtops.models.queries import milestones
from districtops.new_deal import rules
from districtops.new_deal.actions import budget_of, spent_of
from districtops.new_deal.indicators.actions import read_result
from districtops.new_deal.models import Project, StageChange, Status
from districtops.new_deal.queries import stage_changes
from districtops.new_deal.rules import Stage

YEARS_BEFORE = 1
"""A project is discovered and planned in its year or in the one before."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What an officer enters when taking a step. Money in won; ``on_date`` a day in Korea."""

    on_date: dt.date
    detail: Words | None = None
    amount_won: int | None = None
    reason: Words | None = None
    doc_no: str | None = None
    result: Decimal | None = None


def move(project: Project, verb_name: str, step: Step, by_id: int | None) -> None:
    """Take a step: the project changes its stage, and who, when and why is kept.

    Raises RuleBroken for a step that is not open now, or that lacks what it needs.
    """
    verb = rules.VERBS[verb_name]
    program = project.program
    if verb_name not in rules.verbs_from(project.stage, project.type):
        raise RuleBroken(_l("This step is not open at the project's present stage."))
    _refuse_missing(verb, step)
    _refuse_wrong_day(project, step.on_date)
    _refuse_unready(project, verb.target, step)
    before = project.stage
    if before in rules.STOPPED:
        _reinstate(project)
    else:
        project.stage = (project.held_from or Stage.DISCOVERED) if verb.target is None else verb.target
        project.held_from = before if verb.target is Stage.ON_HOLD else None
    _follow(project, step, by_id)
    db.session.add(
        StageChange(
            project_id=project.id,
            program_id=program.id,
            from_stage=before,
            to_stage=project.stage,
            on_date=step.on_date,
            detail=step.detail,
            amount_won=step.amount_won,
            reason=step.reason,
            doc_no=step.doc_no,
            at=clock.now(),
            by_id=by_id,
        )
    )
    db.session.flush()


def _reinstate(project: Project) -> None:
    """Put a project that was cancelled or dropped where it stood, its milestones with it."""
    steps = stage_changes(project)
    project.stage = steps[0].from_stage if steps else Stage.DISCOVERED
    held = next((step.from_stage for step in steps if step.to_stage is Stage.ON_HOLD), None)
    project.held_from = held if project.stage is Stage.ON_HOLD else None
    for milestone in milestones(project.program):
        if steps and (milestone.given_up_on, milestone.given_up_reason) == (steps[0].on_date, steps[0].reason):
            milestone.given_up_on = milestone.given_up_reason = None


def _give_milestones_up(program: Program, step: Step) -> None:
    """What is not done when a project ends is waited for no more."""
    for milestone in milestones(program):
        if milestone.done_on is None and milestone.given_up_on is None:
            milestone.given_up_on, milestone.given_up_reason = step.on_date, step.reason


def _follow(project: Project, step: Step, by_id: int | None) -> None:
    """What follows from the stage that a project has reached."""
    if project.stage is Stage.COMPLETED:
        project.status = Status.DONE
        if step.result is not None:
            read_result(project, step.on_date, step.result, step.detail, by_id)
    if project.stage in rules.ENDED:
        _give_milestones_up(project.program, step)
    if project.stage in rules.STOPPED:
        # Neither delayed nor on schedule: no word of a project that goes on fits it.
        project.status = None


def _refuse_missing(verb: rules.Verb, step: Step) -> None:
    words = {"detail": verb.detail, "amount_won": verb.amount, "reason": verb.reason, "doc_no": _l("Document number")}
    for name in sorted(verb.needs):
        if getattr(step, name) in (None, "") or (verb.target is Stage.CONTRACTED and getattr(step, name) == 0):
            raise RuleBroken(_l("This step needs: %(what)s.", what=words[name]), name)


def _refuse_wrong_day(project: Project, day: dt.date) -> None:
    if day > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "on_date")
    last = db.session.execute(
        select(func.max(StageChange.on_date)).where(StageChange.project_id == project.id)
    ).scalar_one()
    if last is not None and day < last:
        raise RuleBroken(_l("The step before was on a later day. Check the day."), "on_date")
    if day.year < project.program.fiscal_year - YEARS_BEFORE:
        raise RuleBroken(_l("The day lies long before the year of the project. Check the day."), "on_date")


def _refuse_unready(project: Project, target: Stage | None, step: Step) -> None:
    program = project.program
    if target is Stage.PLANNED:
        _refuse_without_plan(project, program)
    if target is Stage.BUDGET_SECURED and (budget_of(program) or 0) <= 0:
        raise RuleBroken(_l("Enter the project's budget first: a budget that is not stated cannot be secured."))
    if target in rules.ENDED:
        _refuse_before_spending(program, step.on_date)
    if target is Stage.SETTLED:
        _refuse_wrong_rest(program, step.amount_won or 0)


def _refuse_before_spending(program: Program, day: dt.date) -> None:
    last = db.session.execute(
        select(func.max(LedgerEntry.on_date)).where(LedgerEntry.program_id == program.id)
    ).scalar_one()
    if last is not None and day < last:
        raise RuleBroken(
            _l("Money was spent on %(day)s: the project cannot have ended before.", day=in_words(last)), "on_date"
        )


def _refuse_without_plan(project: Project, program: Program) -> None:
    if not (project.purpose and program.starts_on and program.ends_on):
        raise RuleBroken(_l("Enter the purpose and both dates of the project first."))


def _refuse_wrong_rest(program: Program, unspent: int) -> None:
    """What is left must come out of the ledger: budget = spent + left (rule R1)."""
    budget = budget_of(program)
    if budget is None:
        return
    left = max(0, budget - spent_of(program))
    if unspent != left:
        raise RuleBroken(
            _l(
                "The ledger leaves %(left)s of the budget. Enter that, or the missing spending first.",
                left=won_exact(left),
            ),
            "amount_won",
        )
