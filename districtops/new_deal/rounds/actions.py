"""The round of a month: reports are requested in one act, officers reminded, and the month locked or reopened."""

import datetime as dt
from collections.abc import Sequence

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import AnyRow, db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.new_deal.models import Programme
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.models import (
    MonthlyReport,
    MonthStep,
    Reminder,
    ReportMonth,
    RoundVerb,
    Standing,
)
from districtops.new_deal.monthly.rules import State
from districtops.new_deal.rounds import queries

YEARS_AFTER = 1
"""A programme's projects report in its year, and in the next one what was carried over."""

LATEST = dt.timedelta(days=90)
"""So far ahead, or after its month, a deadline may lie: a later one is a slip of the keyboard."""

ALREADY = _l("The reports of this month are requested already. Open the month to request those that are missing.")


def open_month(programme: Programme, month: str, due_on: dt.date, by_id: int | None) -> ReportMonth:
    """Request the reports of a month for all running projects of a programme.

    Raises RuleBroken for a month of the future or of other years, and a deadline that cannot be kept.
    """
    today = clock.today()
    if rules.first_day(month) > today:
        raise RuleBroken(_l("The month has not begun yet."), "month")
    if not programme.fiscal_year <= int(month[:4]) <= programme.fiscal_year + YEARS_AFTER:
        raise RuleBroken(_l("A programme reports in its own year and, of what was carried over, in the next."), "month")
    _refuse_deadline(month, due_on)
    row = ReportMonth(
        programme_id=programme.id,
        month=month,
        due_on=due_on,
        standing=Standing.OPEN,
        locks=0,
        opened_at=clock.now(),
        opened_by_id=by_id,
        sample=False,
    )
    db.session.add(row)
    db.session.flush()
    if _request(row, RoundVerb.OPEN, by_id) == 0:
        raise RuleBroken(_l("The programme has no running project that could report."), "programme")
    return row


def request_missing(month: ReportMonth, by_id: int | None) -> int:
    """Request the reports of running projects that came later. How many; raises RuleBroken for a locked month."""
    _refuse_locked(month)
    return _request(month, RoundVerb.REQUEST_MISSING, by_id)


def _request(month: ReportMonth, verb: RoundVerb, by_id: int | None) -> int:
    at = clock.now()
    reports = [
        MonthlyReport(
            month_id=month.id,
            project_id=project.id,
            program_id=project.program_id,
            month=month.month,
            state=State.REQUESTED,
            late=False,
            requested_at=at,
            requested_by_id=by_id,
            sample=project.sample,
        )
        for project in queries.without_report(month)
    ]
    db.session.add_all(reports)
    if reports:
        _step(month, verb, by_id, reports=len(reports))
    db.session.flush()
    return len(reports)


def lock(month: ReportMonth, by_id: int | None) -> None:
    """Close a month after its deadline: what has not come stays missing. Raises RuleBroken before, and twice."""
    _refuse_locked(month)
    if clock.today() <= month.due_on:
        raise RuleBroken(_l("The month can be locked once its deadline has passed."))
    month.standing = Standing.LOCKED
    month.locks += 1
    _step(month, RoundVerb.LOCK, by_id)
    db.session.flush()


def reopen(month: ReportMonth, reason: Words | None, by_id: int | None) -> None:
    """Open a locked month again. Raises RuleBroken without a reason, and for an open one."""
    if month.standing is Standing.OPEN:
        raise RuleBroken(_l("The month is open: there is nothing to reopen."))
    if not reason:
        raise RuleBroken(_l("Say why the month is reopened."), "reason")
    month.standing = Standing.OPEN
    _step(month, RoundVerb.REOPEN, by_id, reason=reason)
    db.session.flush()


def change_deadline(month: ReportMonth, due_on: dt.date, reason: Words | None, by_id: int | None) -> None:
    """Give a month another deadline. What was late until now and came by then is late no more; what came in time stays
    so, because the deadline never lies in the past.

    Raises RuleBroken for a locked month, a deadline that is the same, lies in the past or cannot be kept, and without a
    reason.
    """
    _refuse_locked(month)
    if due_on == month.due_on:
        raise RuleBroken(_l("This is the present deadline. Enter another day."), "due_on")
    _refuse_deadline(month.month, due_on)
    if not reason:
        raise RuleBroken(_l("Say why the deadline changes."), "reason")
    month.due_on = due_on
    for report in queries.late_reports(month):
        report.late = rules.is_late(due_on, clock.today(), report.submitted_on)
    _step(month, RoundVerb.DEFER, by_id, reason=reason, due_on=due_on)
    db.session.flush()


def remind(month: ReportMonth, by_id: int | None) -> int:
    """Remind whoever has yet to report, each once a day. Of how many reports; raises RuleBroken for a locked month."""
    return _remind(month, queries.to_remind(month, clock.today()), by_id)


def remind_division(month: ReportMonth, department_id: int | None, by_id: int | None) -> int:
    """The same for one division; for projects without one where it is None."""
    found = [row for row in queries.to_remind(month, clock.today()) if row.department_id == department_id]
    return _remind(month, found, by_id)


def _remind(month: ReportMonth, found: Sequence[AnyRow], by_id: int | None) -> int:
    _refuse_locked(month)
    today, at = clock.today(), clock.now()
    db.session.add_all(
        Reminder(
            report_id=row.id,
            month_id=month.id,
            program_id=row.program_id,
            officer_id=row.officer_id,
            department_id=row.department_id,
            on_date=today,
            at=at,
            by_id=by_id,
        )
        for row in found
    )
    db.session.flush()
    return len(found)


def _refuse_deadline(month: str, due_on: dt.date) -> None:
    if due_on < clock.today():
        raise RuleBroken(_l("The deadline must not lie in the past."), "due_on")
    if due_on < rules.last_day(month):
        raise RuleBroken(_l("The deadline lies before the end of the month about which is reported."), "due_on")
    if due_on > max(rules.last_day(month), clock.today()) + LATEST:
        raise RuleBroken(_l("The deadline lies more than 90 days ahead. Check the day."), "due_on")


def _refuse_locked(month: ReportMonth) -> None:
    if month.standing is Standing.LOCKED:
        raise RuleBroken(_l("The month is locked. A manager can reopen it with a reason."))


def _step(
    month: ReportMonth,
    verb: RoundVerb,
    by_id: int | None,
    *,
    reason: Words | None = None,
    reports: int | None = None,
    due_on: dt.date | None = None,
) -> None:
    step = MonthStep(month_id=month.id, verb=verb, reports=reports, reason=reason, at=clock.now(), by_id=by_id)
    step.due_on = due_on
    db.session.add(step)


explains("uq_new_deal_report_month_district_id_programme_id_month", ALREADY, "month")
explains(
    "uq_new_deal_monthly_report_district_id_month_id_project_id",
    _l("Somebody requested these reports at the same moment. Look at the month again."),
)
explains(
    "uq_new_deal_report_reminder_district_id_report_id_on_date",
    _l("Somebody reminded them at the same moment. Nobody is reminded twice on one day."),
)
