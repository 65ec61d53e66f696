"""Acts about an application's money: award lines, matching lines, a total split by shares, an award at work."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from districtops.contest_funds import rules
from districtops.contest_funds.applications.actions import Step, awarded, check, move
from districtops.contest_funds.models import Application, Award, Matching, MatchingSource, Tie
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.locale import won_exact
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import FundingKind, FundingLine, Payer, Program, filing
from districtops.module import give_money


def add_award(application: Application, line: Award) -> None:
    """Add outside money to an award, or take some away.

    Raises RuleBroken outside the states in which an award changes, for nothing, for less than nothing, for a reduction
    without its reason, and above what was requested.
    """
    if application.state not in rules.MAY_CHANGE_AWARD:
        raise RuleBroken(_l("An award changes between the selection and the completion."))
    _check_line(application, line, Award.payer, line.payer)
    if line.payer is Payer.DISTRICT:
        raise RuleBroken(_l("The district's money is matching, not part of the award."), "payer")
    after = (awarded(application) or 0) + line.amount_won
    if application.requested_won is not None and after > application.requested_won:
        most = won_exact(application.requested_won)
        raise RuleBroken(_l("The award would be above the %(won)s that were requested.", won=most), "amount_won")
    if after <= 0:
        raise RuleBroken(_l("Nothing would be left of the award. Give it up instead."), "amount_won")
    _refuse_early_year(application, line)
    _store(application, line)


def add_matching(application: Application, line: Matching) -> None:
    """Add money beside the award, or take some away. Raises RuleBroken as for an award."""
    if application.state not in rules.MAY_CHANGE_MATCHING:
        raise RuleBroken(_l("Matching money is entered between the review and the completion."))
    _check_line(application, line, Matching.source, line.source)
    _store(application, line)


def _check_line(application: Application, line: Any, key: Any, of: Any) -> None:
    if line.amount_won == 0:
        raise RuleBroken(_l("Enter an amount other than zero."), "amount_won")
    if line.amount_won < 0 and not line.reason:
        raise RuleBroken(_l("Say why the amount becomes smaller."), "reason")
    model = type(line)
    before = db.session.execute(
        select(func.sum(model.amount_won)).where(model.application_id == application.id, key == of)
    ).scalar_one()
    if (before or 0) + line.amount_won < 0:
        raise RuleBroken(_l("Less than nothing would be left of this money."), "amount_won")


def _refuse_early_year(application: Application, line: Award) -> None:
    won_in = application.result_on.year if application.result_on else None
    if line.fiscal_year is not None and won_in is not None and line.fiscal_year < won_in:
        raise RuleBroken(_l("The money is spent in the year of the award or later."), "fiscal_year")


def _store(application: Application, line: Award | Matching) -> None:
    line.application_id, line.program_id = application.id, application.program_id
    db.session.add(line)
    db.session.flush()
    check(application)


def select_by_shares(
    application: Application, step: Step, total_won: int, shares: Mapping[Payer, Decimal], by_id: int | None
) -> None:
    """Record a selection as its notice states it: the total cost and each payer's percentage.

    Each share is cut to the won and the district takes the remainder, so that the parts add up (rule R3). Raises
    RuleBroken where the shares do not make 100, and as the step itself.
    """
    try:
        parts = rules.split(total_won, {payer.value: share for payer, share in shares.items()})
    except ValueError as error:
        raise RuleBroken(_l("The shares must make 100 percent."), "district_percent") from error
    outside = {Payer(payer): amount for payer, amount in parts.items() if payer != Payer.DISTRICT.value}
    move(application, "select", replace(step, awards=outside, total_won=total_won), by_id)
    rest = parts.get(Payer.DISTRICT.value, 0)
    if rest:
        line = Matching(
            source=MatchingSource.DISTRICT, fiscal_year=step.fiscal_year, amount_won=rest, by_id=by_id, sample=False
        )
        add_matching(application, line)


TAKEN_OVER = Words(en="Contest award: {title}", ko="공모 선정액: {title}")


def put_to_work(application: Application, target: Program, kind: FundingKind, by_id: int | None) -> int:
    """Let a program spend the award: each award line of its fiscal year becomes a budget line there, once.

    Returns won. A line without a fiscal year goes to the program that takes it. Raises RuleBroken where no line is left
    for the program's year, and as the rules of the program's own module.
    """
    if application.state not in rules.SECURED:
        raise RuleBroken(_l("Only an award that is secured can be spent."))
    moved = 0
    for award in unused_awards(application):
        if award.fiscal_year not in (None, target.fiscal_year):
            continue
        line = FundingLine(
            program_id=target.id,
            fiscal_year=target.fiscal_year,
            payer=award.payer,
            kind=kind,
            amount_won=award.amount_won,
            decided_on=award.decided_on,
            doc_no=award.doc_no,
            reason=_reason(application, award),
            by_id=by_id,
            sample=award.sample,
        )
        give_money(target, line)
        db.session.flush()
        _tie(application, target, award, line)
        moved += award.amount_won
    if not moved:
        year = target.fiscal_year
        raise RuleBroken(_l("No award line of fiscal year %(year)s is left to take over.", year=year), "program")
    db.session.flush()
    return moved


def run_on_its_own(application: Application, fiscal_year: int, by_id: int | None) -> Program:
    """Open a program of its own for an award and let it spend the lines of that fiscal year. Raises RuleBroken."""
    award = application.program
    program = Program(
        module=award.module,
        title_en=award.title_en,
        title_ko=award.title_ko,
        fiscal_year=fiscal_year,
        department_id=award.department_id,
        officer_id=award.officer_id,
        sample=award.sample,
    )
    filing.file(program, "CP")
    put_to_work(application, program, FundingKind.ORIGINAL, by_id)
    return program


def unused_awards(application: Application) -> Sequence[Award]:
    """The lines of an award that no program spends yet, the first one first."""
    used = select(Tie.award_id).where(Tie.application_id == application.id, Tie.award_id.is_not(None))
    statement = select(Award).where(Award.application_id == application.id, Award.id.not_in(used)).order_by(Award.id)
    return db.session.execute(statement).scalars().all()


def take_money(program: Program, line: FundingLine) -> None:
    """Add a budget line to a program that an award runs on its own. Raises RuleBroken below zero."""
    before = db.session.execute(
        select(func.sum(FundingLine.amount_won)).where(
            FundingLine.program_id == program.id, FundingLine.payer == line.payer
        )
    ).scalar_one()
    if (before or 0) + line.amount_won < 0:
        raise RuleBroken(_l("This payer would be left with less than nothing."), "program")
    db.session.add(line)


def _reason(application: Application, award: Award) -> Words:
    program = application.program
    if award.reason:
        return award.reason
    return Words(
        en=(TAKEN_OVER.en or "").format(title=program.title_en), ko=(TAKEN_OVER.ko or "").format(title=program.title_ko)
    )


def _tie(application: Application, target: Program, award: Award, line: FundingLine) -> None:
    db.session.add(
        Tie(
            application_id=application.id,
            program_id=application.program_id,
            target_id=target.id,
            award_id=award.id,
            funding_line_id=line.id,
        )
    )


explains("uq_contest_tie_district_id_award_id", _l("This award line is a budget line already. Look at the page again."))
