"""What people do to a report. Every act holds the report's month, so that it is either done before the month is
locked or refused."""

from sqlalchemy import select

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.new_deal.monthly import queries, rules
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth, ReportStep, Standing
from districtops.new_deal.monthly.rules import State, Verb, Written
from districtops.new_deal.rules import STOPPED

CONTENTS = ("progress", "spent_won", "issue", "counter_measure", "next_step")
"""What a report says; its draft holds it until it is confirmed."""

LOCKED = _l("The month is locked: its reports are not changed any more. A manager can reopen this report by name.")
ELSEWHERE = _l("Somebody changed the report after you had opened it. Look at it again before you go on.")


def token(report: MonthlyReport, draft: ReportDraft | None) -> str:
    """The versions of a report and its draft, as a page remembers what it showed."""
    return f"{report.version}.{draft.version if draft is not None else 0}"


def save(report: MonthlyReport, written: Written, by_id: int | None) -> ReportDraft:
    """Keep what an officer wrote. Raises RuleBroken for a report that is not written now, and an impossible figure."""
    _hold_open(report)
    target = _after(report, Verb.SAVE)
    if written.progress is not None and not 0 <= written.progress <= 100:
        raise RuleBroken(_l("Progress lies between 0 and 100 percent."), "progress")
    if written.spent_won is not None and written.spent_won < 0:
        raise RuleBroken(_l("The amount must not be below zero."), "spent_won")
    draft = queries.draft_of(report) or ReportDraft(report_id=report.id, program_id=report.program_id)
    for name in CONTENTS:
        setattr(draft, name, getattr(written, name))
    db.session.add(draft)
    _step(report, Verb.SAVE, target, None, by_id)
    return draft


def submit(report: MonthlyReport, by_id: int | None, *, seen: str | None = None) -> None:
    """Hand the draft to the manager; after the deadline it is late. ``seen`` is the token of what the page showed.

    Raises RuleBroken for a draft that lacks a figure, or names an issue without what is done about it.
    """
    month = _hold_open(report)
    target = _after(report, Verb.SUBMIT)
    draft = _seen(report, seen)
    if draft.progress is None:
        raise RuleBroken(_l("Enter the progress before you submit the report."))
    if draft.spent_won is None:
        raise RuleBroken(_l("Enter the money spent before you submit the report."))
    if draft.issue and not draft.counter_measure:
        raise RuleBroken(_l("The report names an issue. Say what is done about it."))
    today = clock.today()
    # A report that was returned in time and comes again is judged by its first submission.
    if report.submitted_on is None:
        report.late = rules.is_late(month.due_on, today, today)
    report.submitted_on = today
    _step(report, Verb.SUBMIT, target, None, by_id)


def confirm(report: MonthlyReport, remark: Words | None, by_id: int | None, *, seen: str | None = None) -> None:
    """Let the figures count. Raises RuleBroken for whoever wrote or submitted them: two people stand for a figure."""
    _hold_open(report)
    target = _after(report, Verb.CONFIRM)
    draft = _seen(report, seen)
    if by_id is not None and queries.wrote(report, by_id):
        raise RuleBroken(
            _l("You wrote or submitted this report. Somebody else must confirm it: two people stand for a figure.")
        )
    for name in CONTENTS:
        setattr(report, name, getattr(draft, name))
    report.confirmed_on = clock.today()
    report.opened_for = None
    _step(report, Verb.CONFIRM, target, remark, by_id)


def send_back(report: MonthlyReport, reason: Words | None, by_id: int | None, *, seen: str | None = None) -> None:
    """Return a report to its officer. Raises RuleBroken without a reason."""
    _hold_open(report)
    target = _after(report, Verb.RETURN)
    _seen(report, seen)
    if not reason:
        raise RuleBroken(_l("Say why the report is returned, so that the officer knows what to change."), "reason")
    _step(report, Verb.RETURN, target, reason, by_id)


def reopen(report: MonthlyReport, reason: Words | None, by_id: int | None) -> None:
    """Open one report again: a confirmed one is withdrawn and returned, any one of a locked month may change again.

    Raises RuleBroken without a reason, and for a report that is open.
    """
    month = hold(report)
    locked = _is_locked(month, report)
    target = rules.after(report.state, Verb.REOPEN)
    if target is None and not locked:
        raise RuleBroken(_l("The report is open: there is nothing to reopen."))
    if not reason:
        raise RuleBroken(_l("Say why the report is reopened."), "reason")
    if locked:
        report.opened_for = month.locks
    if target is not None:
        for name in CONTENTS:
            setattr(report, name, None)
        report.confirmed_on = None
    _step(report, Verb.REOPEN, target or report.state, reason, by_id)


def hold(report: MonthlyReport) -> ReportMonth:
    """The report's month as it stands now, held so that nobody locks or reopens it before this transaction ends."""
    statement = select(ReportMonth).where(ReportMonth.id == report.month_id).with_for_update(read=True)
    return db.session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def may_change(month: ReportMonth, report: MonthlyReport) -> bool:
    """Whether the lock of its month leaves the report open."""
    return not _is_locked(month, report)


def _is_locked(month: ReportMonth, report: MonthlyReport) -> bool:
    return month.standing is Standing.LOCKED and report.opened_for != month.locks


def _hold_open(report: MonthlyReport) -> ReportMonth:
    month = hold(report)
    if _is_locked(month, report):
        raise RuleBroken(LOCKED)
    if report.state in rules.MISSING and report.project.stage in STOPPED:
        raise RuleBroken(_l("The project was cancelled or dropped: nothing more is reported of it."))
    return month


def _after(report: MonthlyReport, verb: Verb) -> State:
    target = rules.after(report.state, verb)
    if target is None:
        raise RuleBroken(_l("This is not open for a report that is: %(state)s.", state=report.state.label))
    return target


def _seen(report: MonthlyReport, seen: str | None) -> ReportDraft:
    draft = queries.draft_of(report)
    if seen is not None and seen != token(report, draft):
        raise RuleBroken(ELSEWHERE)
    if draft is None:
        raise RuleBroken(_l("Nothing is written in this report yet."))
    return draft


def _step(report: MonthlyReport, verb: Verb, target: State, reason: Words | None, by_id: int | None) -> None:
    step = ReportStep(report_id=report.id, program_id=report.program_id, verb=verb, from_state=report.state)
    step.to_state, step.reason, step.at, step.by_id = target, reason, clock.now(), by_id
    db.session.add(step)
    report.state = target
    db.session.flush()


explains("uq_new_deal_report_draft_district_id_report_id", ELSEWHERE)
