"""Acts of a call: keeping it, asking divisions, answering for one."""

import datetime as dt

from sqlalchemy import select

from districtops import clock
from districtops.contest_funds.models import Answer, Application, Call, NoReason, Routing
from districtops.contest_funds.rules import PENDING
from districtops.guard import summaries
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import Program


def keep(call: Call) -> None:
    """Record a call, or what changed of it. Raises RuleBroken where its days or its rate cannot be."""
    if call.opens_on and call.closes_on and call.closes_on < call.opens_on:
        raise RuleBroken(_l("The call must not close before it opens."), "closes_on")
    if call.matching_percent is not None and not 0 <= call.matching_percent <= 100:
        raise RuleBroken(_l("The matching rate lies between 0 and 100 percent."), "matching_percent")
    db.session.add(call)
    db.session.flush()
    # An application's figures tell of its call.
    told = select(Program).join(Application, Application.program_id == Program.id).where(Application.call_id == call.id)
    summaries.touch(db.session.execute(told).scalars())


def ask(call: Call, department_id: int, by_id: int | None) -> Routing:
    """Ask a division whether it will apply. Raises RuleBroken for a call that has closed."""
    if call.closes_on is not None and call.closes_on < clock.today():
        raise RuleBroken(_l("The call has closed; nobody can apply any more."), "department")
    routing = Routing(call_id=call.id, department_id=department_id, asked_on=clock.today(), asked_by_id=by_id)
    db.session.add(routing)
    db.session.flush()
    return routing


def answer(
    routing: Routing, given: Answer, reason: NoReason | None, text: Words | None, on: dt.date, by_id: int | None
) -> None:
    """Keep what a division answered; a later answer replaces an earlier one, and the record of changes keeps both.

    Raises RuleBroken for a no without its reason, an answer before the question or in the future, a no while the
    division has an application under way.
    """
    if on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "answered_on")
    if on < routing.asked_on:
        raise RuleBroken(_l("The division was asked on a later day."), "answered_on")
    if given is Answer.NO:
        if reason is None:
            raise RuleBroken(_l("Choose why the division does not apply."), "reason")
        if reason is NoReason.OTHER and not text:
            raise RuleBroken(_l("Say in words what the other reason is."), "reason_text")
        _refuse_no(routing)
    routing.answer, routing.answered_on, routing.answered_by_id = given, on, by_id
    routing.reason = reason if given is Answer.NO else None
    routing.reason_text = text
    db.session.flush()


def _refuse_no(routing: Routing) -> None:
    under_way = (
        select(Application.id)
        .join(Program, Program.id == Application.program_id)
        .where(
            Application.call_id == routing.call_id,
            Program.department_id == routing.department_id,
            Application.state.in_(PENDING),
        )
        .limit(1)
    )
    if db.session.execute(under_way).first() is not None:
        raise RuleBroken(
            _l("This division has an application to the call under way. Drop or withdraw it first."), "answer"
        )


explains(
    "uq_contest_routing_district_id_call_id_department_id", _l("This division has been asked already."), "department"
)
