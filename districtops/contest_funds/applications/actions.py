"""Acts of an application: filing it, walking it from state to state, changing what is kept of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from districtops import clock
from districtops.contest_funds import rules
from districtops.contest_funds.models import Application, Award, Call, LossReason, StateChange
from districtops.contest_funds.rules import SettleUnit, State
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.locale import day as day_words
from districtops.kit.locale import won_exact
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import Payer, Program, filing


@dataclass(frozen=True, kw_only=True)
class Step:
    """What an officer enters when taking a step. Money in won; ``on_date`` a day in Korea."""

    on_date: dt.date
    reason: Words | None = None
    doc_no: str | None = None
    requested_won: int | None = None
    awards: Mapping[Payer, int] = field(default_factory=dict)
    fiscal_year: int | None = None
    total_won: int | None = None
    loss: LossReason | None = None
    lesson: Words | None = None
    settle_within: int | None = None
    settle_unit: SettleUnit | None = None
    returned_won: int | None = None
    interest_won: int | None = None


def file_application(program: Program, application: Application, call: Call) -> None:
    """Record that the office may apply to a call. Raises RuleBroken for a call that has closed."""
    if call.closes_on is not None and call.closes_on < clock.today():
        raise RuleBroken(_l("This call closed on %(day)s.", day=day_words(call.closes_on)), "call")
    program.fiscal_year = (call.closes_on or clock.today()).year
    filing.file(program, "CF")
    application.program_id, application.call_id = program.id, call.id
    application.state = State.DISCOVERED
    db.session.add(application)
    db.session.flush()


def refuse_ended(application: Application) -> None:
    """Raises RuleBroken for an application that is settled or came to nothing: what was reported of it stands."""
    if application.state in rules.ENDED:
        raise RuleBroken(_l("The application has ended and is not changed any more. A note can still be added."))


def refuse_deletion(application: Application) -> None:
    """Raises RuleBroken for an application that was made: it is counted in its year, whatever came of it."""
    if application.state not in rules.NEVER_APPLIED:
        raise RuleBroken(_l("The office applied, and applications are reported. Withdraw it or give it up instead."))


def check(application: Application) -> None:
    """The rules that hold for an application however it came to be. Raises RuleBroken."""
    reported = application.council_reported_on
    if reported is not None and reported > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "council_reported_on")
    outside = awarded(application)
    if application.total_won is not None and outside is not None and application.total_won < outside:
        raise RuleBroken(_l("The total cost is less than the award of %(won)s.", won=won_exact(outside)), "total_won")


def awarded(application: Application) -> int | None:
    """Won of the award so far; None without a line."""
    total = db.session.execute(
        select(func.sum(Award.amount_won)).where(Award.application_id == application.id)
    ).scalar_one()
    return None if total is None else int(total)


def move(application: Application, verb_name: str, step: Step, by_id: int | None) -> None:
    """Take a step: the application changes its state, and who, when and why is kept.

    Raises RuleBroken for a step that is not open now, or that lacks what it needs or contradicts what is known.
    """
    verb = rules.VERBS[verb_name]
    _refuse_closed(application, verb)
    _refuse_missing(verb, step)
    _refuse_wrong_day(application, step.on_date)
    _ACTS[verb_name](application, step, by_id)
    before, application.state = application.state, verb.target
    db.session.add(
        StateChange(
            application_id=application.id,
            program_id=application.program_id,
            from_state=before,
            to_state=verb.target,
            on_date=step.on_date,
            reason=step.reason,
            doc_no=step.doc_no,
            at=clock.now(),
            by_id=by_id,
        )
    )
    db.session.flush()


def _refuse_closed(application: Application, verb: rules.Verb) -> None:
    if verb.name in rules.TRANSITIONS.get(application.state, ()):
        return
    if verb.name in rules.RESULTS and application.result_on is not None:
        known = day_words(application.result_on)
        raise RuleBroken(_l("The result is recorded already, as of %(day)s.", day=known), "on_date")
    raise RuleBroken(_l("This step is not open in the application's present state."))


def _refuse_missing(verb: rules.Verb, step: Step) -> None:
    words = {
        "reason": verb.reason,
        "doc_no": _l("Document number"),
        "requested_won": _l("Requested"),
        "loss": _l("Why not selected"),
        "returned_won": _l("Unspent and returned"),
        "interest_won": _l("Interest returned"),
    }
    for name in sorted(verb.needs):
        if getattr(step, name) in (None, ""):
            raise RuleBroken(_l("This step needs: %(what)s.", what=words[name]), name)


def _refuse_wrong_day(application: Application, day: dt.date) -> None:
    if day > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "on_date")
    last = db.session.execute(
        select(func.max(StateChange.on_date)).where(StateChange.application_id == application.id)
    ).scalar_one()
    known = [known for known in (last, application.applied_on, application.result_on) if known is not None]
    if known and day < max(known):
        raise RuleBroken(_l("The step before was on a later day. Check the day."), "on_date")


def _review(application: Application, _step: Step, _by_id: int | None) -> None:
    if application.program.department_id is None:
        raise RuleBroken(_l("Enter the division in charge first."))


def _prepare(application: Application, _step: Step, _by_id: int | None) -> None:
    if application.program.officer_id is None:
        raise RuleBroken(_l("Enter the officer in charge first."))


def _apply(application: Application, step: Step, _by_id: int | None) -> None:
    call, requested = application.call, step.requested_won or 0
    if call.opens_on is not None and step.on_date < call.opens_on:
        raise RuleBroken(_l("The call opened on %(day)s only.", day=day_words(call.opens_on)), "on_date")
    if call.closes_on is not None and step.on_date > call.closes_on:
        raise RuleBroken(_l("The call closed on %(day)s.", day=day_words(call.closes_on)), "on_date")
    if requested <= 0:
        raise RuleBroken(_l("Enter an amount above zero."), "requested_won")
    if call.max_grant_won is not None and requested > call.max_grant_won:
        most = won_exact(call.max_grant_won)
        raise RuleBroken(_l("The call grants at most %(won)s.", won=most), "requested_won")
    application.applied_on, application.requested_won = step.on_date, requested
    # The year of a contest is the one in which the office applied, whatever was planned.
    application.program.fiscal_year = step.on_date.year


def _select(application: Application, step: Step, by_id: int | None) -> None:
    amounts = {payer: amount for payer, amount in step.awards.items() if amount}
    outside, first = sum(amounts.values()), "national_won"
    if outside <= 0:
        raise RuleBroken(_l("Enter who pays how much. Use “payer not stated” while the notice does not say."), first)
    if application.requested_won is not None and outside > application.requested_won:
        most = won_exact(application.requested_won)
        largest = max(amounts, key=lambda payer: amounts[payer])
        raise RuleBroken(_l("The award is above the %(won)s that were requested.", won=most), f"{largest.value}_won")
    if step.fiscal_year is not None and step.fiscal_year < step.on_date.year:
        raise RuleBroken(_l("The money is spent in the year of the award or later."), "fiscal_year")
    application.result_on, application.total_won = step.on_date, step.total_won
    for payer, amount in amounts.items():
        db.session.add(
            Award(
                application_id=application.id,
                program_id=application.program_id,
                payer=payer,
                fiscal_year=step.fiscal_year,
                amount_won=amount,
                decided_on=step.on_date,
                doc_no=step.doc_no,
                by_id=by_id,
            )
        )
    db.session.flush()
    check(application)


def _reject(application: Application, step: Step, _by_id: int | None) -> None:
    application.result_on, application.loss, application.lesson = step.on_date, step.loss, step.lesson


def _agree(application: Application, step: Step, _by_id: int | None) -> None:
    if (step.settle_within is None) != (step.settle_unit is None):
        missing = "settle_within" if step.settle_within is None else "settle_unit"
        raise RuleBroken(_l("Enter both: how many, and whether days or months."), missing)
    application.settle_within, application.settle_unit = step.settle_within, step.settle_unit


def _complete(application: Application, step: Step, _by_id: int | None) -> None:
    application.completed_on = step.on_date
    if application.settle_within is not None and application.settle_unit is not None:
        application.settle_by = rules.settlement_due(step.on_date, application.settle_within, application.settle_unit)


def _settle(application: Application, step: Step, _by_id: int | None) -> None:
    outside = awarded(application) or 0
    if (step.returned_won or 0) > outside:
        raise RuleBroken(_l("No more is returned than the award of %(won)s.", won=won_exact(outside)), "returned_won")
    application.returned_won, application.interest_won = step.returned_won, step.interest_won


def _miss(application: Application, _step: Step, _by_id: int | None) -> None:
    closes = application.call.closes_on
    if closes is not None and closes >= clock.today():
        raise RuleBroken(_l("The call is open until %(day)s.", day=day_words(closes)))


def _no_more(_application: Application, _step: Step, _by_id: int | None) -> None:
    """Steps that need nothing beside their day and their reason."""


_ACTS = {
    **dict.fromkeys(rules.VERBS, _no_more),
    "review": _review,
    "prepare": _prepare,
    "apply": _apply,
    "select": _select,
    "reject": _reject,
    "agree": _agree,
    "complete": _complete,
    "settle": _settle,
    "miss": _miss,
}

explains("ck_contest_application_total", _l("Enter an amount above zero."), "total_won")
