"""Acts that write several kinds of row: filing a project, deciding about its money, spending it."""

from collections.abc import Mapping

from sqlalchemy import func, select

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import FundingKind, FundingLine, LedgerEntry, Payer, Program, filing
from districtops.module import refuse_tied
from districtops.new_deal import rules
from districtops.new_deal.contracts.actions import refuse_paid
from districtops.new_deal.models import ContestSelection, Programme, Project, Status
from districtops.new_deal.monthly import queries as reports
from districtops.new_deal.rules import Stage
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import DecisionState


def file_project(program: Program, project: Project, money: Mapping[Payer, int], by_id: int | None) -> None:
    """Record a new project with its original budget by payer; a payer that is left out is not stated.

    Raises RuleBroken where dates or status contradict the project's stage.
    """
    filing.file(program, "ND")
    project.program_id = program.id
    check(project, program)
    db.session.add(project)
    for payer, amount in money.items():
        if amount <= 0:
            raise RuleBroken(_l("Enter an amount other than zero."), f"original_{payer.value}")
        db.session.add(
            FundingLine(
                program_id=program.id,
                fiscal_year=program.fiscal_year,
                payer=payer,
                kind=FundingKind.ORIGINAL,
                amount_won=amount,
                by_id=by_id,
            )
        )
    db.session.flush()


def check(project: Project, program: Program) -> None:
    """The rules that hold for a project however it came to be. Raises RuleBroken."""
    if program.starts_on and program.ends_on and program.ends_on < program.starts_on:
        raise RuleBroken(_l("The project must not end before it starts."), "ends_on")
    stage = project.held_from or project.stage
    if stage in rules.LADDER and stage not in rules.path(project.type):
        raise RuleBroken(_l("A project of this type has no stage such as the present one."), "type")
    check_status(project.stage, project.status)


def check_status(stage: Stage, status: Status | None) -> None:
    """Raises RuleBroken for a status word that contradicts the stage."""
    if status is Status.DONE and stage not in rules.FINISHED:
        raise RuleBroken(_l("Complete the project first; its status then becomes done."), "status")
    if stage in rules.FINISHED and status is not Status.DONE:
        raise RuleBroken(_l("A completed project is done."), "status")


def refuse_ended(project: Project) -> None:
    """Raises RuleBroken for a project that is settled, cancelled or dropped: what was reported of it stands."""
    if project.stage in rules.ENDED:
        raise RuleBroken(_l("The project has ended and is not changed any more. A note can still be added."))


def refuse_deletion(project: Project) -> None:
    """Raises RuleBroken for a project that was not filed by mistake: it was announced, won a contest, spent or paid
    money, has ended or its year was closed, and what was reported would no longer come out."""
    if project.stage in rules.ENDED:
        raise RuleBroken(_l("The project has ended. What was reported of it stands."))
    if project.named:
        raise RuleBroken(_l("The announcement names the project; what was announced would no longer come out."))
    selected = select(ContestSelection.id).where(ContestSelection.project_id == project.id).limit(1)
    if db.session.execute(selected).first() is not None:
        raise RuleBroken(_l("The project was selected in a contest, and selections are announced. Cancel it instead."))
    if reports.stands(project):
        raise RuleBroken(
            _l("A monthly report of the project is confirmed or belongs to a locked month. Cancel it instead.")
        )
    refuse_tied(project.program)
    refuse_paid(project)
    decided = select(YearEndDecision.id).where(
        YearEndDecision.project_id == project.id, YearEndDecision.state == DecisionState.CONFIRMED
    )
    if db.session.execute(decided.limit(1)).first() is not None:
        raise RuleBroken(
            _l("A year-end decision about the project is confirmed. Withdraw it first, or cancel the project.")
        )
    spent = select(func.sum(LedgerEntry.amount_won)).where(LedgerEntry.program_id == project.program_id)
    if db.session.execute(spent).scalar_one():
        raise RuleBroken(_l("Money was spent on the project. Reverse the spending first, or cancel the project."))


def refuse_other_year(project: Project, programme: Programme) -> None:
    """Raises RuleBroken when a project with money would move to another year: its lines belong to theirs."""
    if programme.id != project.programme_id and budget_of(project.program) is not None:
        raise RuleBroken(_l("The project has money of its year. File a new project for another year."), "programme")


def spent_of(program: Program) -> int:
    """The balance of the ledger in won."""
    total = db.session.execute(
        select(func.sum(LedgerEntry.amount_won)).where(LedgerEntry.program_id == program.id)
    ).scalar_one()
    return int(total or 0)


def budget_of(program: Program) -> int | None:
    """The current budget in won; None while no line states any (rule R1)."""
    total = db.session.execute(
        select(func.sum(FundingLine.amount_won)).where(FundingLine.program_id == program.id)
    ).scalar_one()
    return None if total is None else int(total)


def decide_money(project: Project, line: FundingLine) -> None:
    """Add a decision about the project's money.

    Raises RuleBroken for a second original budget of one payer, a change without its reason, a payer below zero.
    """
    refuse_ended(project)
    program = project.program
    if line.decided_on is not None and line.decided_on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "decided_on")
    lines = select(FundingLine).where(FundingLine.program_id == program.id, FundingLine.payer == line.payer)
    before = db.session.execute(lines).scalars().all()
    if line.amount_won == 0:
        raise RuleBroken(_l("Enter an amount other than zero."), "amount_won")
    if line.kind is FundingKind.ORIGINAL:
        if any(old.kind is FundingKind.ORIGINAL for old in before):
            raise RuleBroken(_l("This payer's original budget is recorded. Enter the change and its reason."), "kind")
        if line.amount_won < 0:
            raise RuleBroken(_l("An original budget is not below zero."), "amount_won")
    elif not line.reason:
        raise RuleBroken(_l("Say why the budget changes."), "reason")
    if sum(old.amount_won for old in before) + line.amount_won < 0:
        raise RuleBroken(_l("This payer would be left with less than nothing."), "amount_won")
    line.program_id = program.id
    line.fiscal_year = program.fiscal_year
    db.session.add(line)
    db.session.flush()


def spend(project: Project, entry: LedgerEntry) -> None:
    """Add spending to the ledger. More than the budget is recorded and shown as such; it is not refused.

    Raises RuleBroken for a day in the future, an amount that is not above zero, a stage that cannot spend.
    """
    if project.stage not in rules.MAY_SPEND:
        raise RuleBroken(
            _l("Money is spent once the budget is secured, and not on hold, after settlement or a cancellation.")
        )
    if entry.amount_won <= 0:
        raise RuleBroken(_l("Enter an amount above zero. A mistake is reversed from its own row."), "amount_won")
    if entry.on_date > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "on_date")
    if entry.on_date.year < project.program.fiscal_year:
        raise RuleBroken(_l("The day lies before the project's fiscal year."), "on_date")
    entry.program_id = project.program_id
    db.session.add(entry)
    db.session.flush()


def reverse(project: Project, entry: LedgerEntry, reason: Words | None, by_id: int | None) -> None:
    """Take back one entry of the ledger by its opposite, dated today. Raises RuleBroken when it cannot be."""
    refuse_ended(project)
    if entry.program_id != project.program_id or entry.reverses_id is not None:
        raise RuleBroken(_l("Only spending of this project can be reversed."))
    if not reason:
        raise RuleBroken(_l("Say why the entry is reversed."), "reason")
    taken_back = select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.id)
    if db.session.execute(taken_back).first() is not None:
        raise RuleBroken(_l("This entry is reversed already."))
    db.session.add(
        LedgerEntry(
            program_id=entry.program_id,
            on_date=max(clock.today(), entry.on_date),
            amount_won=-entry.amount_won,
            note=reason,
            reverses_id=entry.id,
            by_id=by_id,
        )
    )
    db.session.flush()


def check_programme(programme: Programme) -> None:
    """Raises RuleBroken for an announcement or a report of the future, and for targets that make no sense."""
    for name in ("announced_on", "status_on"):
        day = getattr(programme, name)
        if day is not None and day > clock.today():
            raise RuleBroken(_l("The day must not lie in the future."), name)
    if programme.early_rate is not None and not 0 < programme.early_rate <= 100:
        raise RuleBroken(_l("A target lies above 0 and at most at 100 percent."), "early_rate")
    if programme.early_won is not None and programme.early_won <= 0:
        raise RuleBroken(_l("Enter an amount above zero."), "early_won")
    if programme.early_rate is not None and programme.early_won is not None:
        raise RuleBroken(_l("Enter the target in percent or as an amount, not both."), "early_won")


def keep_year(programme: Programme, fiscal_year: int) -> None:
    """Give a programme its year. Raises RuleBroken when its projects already stand in another one."""
    if programme.fiscal_year not in (None, fiscal_year):
        filed = select(Project.id).where(Project.programme_id == programme.id).limit(1)
        if db.session.execute(filed).first() is not None:
            raise RuleBroken(_l("Projects are filed under this year. Open another programme instead."), "fiscal_year")
    programme.fiscal_year = fiscal_year


explains("uq_new_deal_programme_district_id_fiscal_year", _l("This year has a programme already."), "fiscal_year")
explains("ck_program_dates_in_order", _l("The project must not end before it starts."), "ends_on")
