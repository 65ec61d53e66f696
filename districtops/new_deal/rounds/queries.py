"""What people ask about the months of reports: how many came, from whom, and who was reminded when."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, and_, cast, func, or_, select

from districtops.kit.db import AnyRow, db
from districtops.models import Department, Program, User
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.figures import ReportSums
from districtops.new_deal.monthly.models import MonthlyReport, MonthStep, Reminder, ReportMonth, Standing
from districtops.new_deal.monthly.queries import owed
from districtops.new_deal.queries import title_column


def months_of(programme: Programme) -> Sequence[ReportMonth]:
    """The months for which reports of the programme were requested, in their order."""
    return (
        db.session.execute(
            select(ReportMonth).where(ReportMonth.programme_id == programme.id).order_by(ReportMonth.month)
        )
        .scalars()
        .all()
    )


def latest_month(programme: Programme) -> ReportMonth | None:
    """The last month for which reports of the programme were requested."""
    return (
        db.session.execute(
            select(ReportMonth)
            .where(ReportMonth.programme_id == programme.id)
            .order_by(ReportMonth.month.desc())
            .limit(1)
        )
        .scalars()
        .first()
    )


def counts(months: Sequence[ReportMonth]) -> Sequence[AnyRow]:
    """The reports of these months by division and state. Columns: department_id, month_id, state, reports."""
    return _summed(ReportSums.department_id, ReportSums.month_id, ReportSums.state, months=months)


def states(months: Sequence[ReportMonth]) -> Sequence[AnyRow]:
    """The same without the divisions. Columns: month_id, state, reports."""
    return _summed(ReportSums.month_id, ReportSums.state, months=months)


def _summed(*groups: Any, months: Sequence[ReportMonth]) -> Sequence[AnyRow]:
    reports = cast(func.sum(ReportSums.reports), BigInteger)
    return db.session.execute(
        select(*groups, reports.label("reports"))
        .where(ReportSums.month_id.in_([month.id for month in months]))
        .group_by(*groups)
        .having(reports > 0)
    ).all()


def reminded(months: Sequence[ReportMonth]) -> dict[tuple[int | None, int], dt.date]:
    """The last day on which a division was reminded of a month, by (division, month)."""
    rows = db.session.execute(
        select(Reminder.department_id, Reminder.month_id, func.max(Reminder.on_date))
        .where(Reminder.month_id.in_([month.id for month in months]))
        .group_by(Reminder.department_id, Reminder.month_id)
    )
    return {(department_id, month_id): day for department_id, month_id, day in rows}


def steps_of(month: ReportMonth) -> Sequence[MonthStep]:
    """The journal of a month, the latest step first."""
    return (
        db.session.execute(select(MonthStep).where(MonthStep.month_id == month.id).order_by(MonthStep.id.desc()))
        .scalars()
        .all()
    )


def without_report(month: ReportMonth) -> Sequence[AnyRow]:
    """The running projects of the programme that have no report of the month. Columns: id, program_id, sample."""
    asked = select(MonthlyReport.project_id).where(MonthlyReport.month_id == month.id)
    return db.session.execute(
        select(Project.id, Project.program_id, Program.sample)
        .join(Program, Program.id == Project.program_id)
        .where(
            Project.programme_id == month.programme_id,
            Project.stage.in_(rules.RUNNING),
            Project.id.not_in(asked),
        )
        .order_by(Project.id)
    ).all()


def late_reports(month: ReportMonth) -> Sequence[MonthlyReport]:
    """The reports of a month that came after its deadline."""
    return (
        db.session.execute(
            select(MonthlyReport)
            .where(MonthlyReport.month_id == month.id, MonthlyReport.late.is_(True))
            .order_by(MonthlyReport.id)
        )
        .scalars()
        .all()
    )


def to_remind(month: ReportMonth, today: dt.date) -> Sequence[AnyRow]:
    """The reports of a month that have yet to come and of which nobody was reminded today.

    Columns: id, program_id, officer_id, department_id.
    """
    already = select(Reminder.report_id).where(Reminder.month_id == month.id, Reminder.on_date == today)
    return db.session.execute(
        select(MonthlyReport.id, MonthlyReport.program_id, Program.officer_id, Program.department_id)
        .join(Program, Program.id == MonthlyReport.program_id)
        .where(
            MonthlyReport.month_id == month.id,
            MonthlyReport.state.in_(rules.MISSING),
            owed(),
            MonthlyReport.id.not_in(already),
        )
        .order_by(MonthlyReport.id)
    ).all()


def due_months(first: dt.date, last: dt.date, *, limit: int) -> Sequence[ReportMonth]:
    """Months that are not locked and whose deadline lies between two days."""
    return (
        db.session.execute(
            select(ReportMonth)
            .where(ReportMonth.standing == Standing.OPEN, ReportMonth.due_on.between(first, last))
            .order_by(ReportMonth.due_on, ReportMonth.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def to_decide(*, limit: int) -> Sequence[AnyRow]:
    """Open months in which reports wait for a decision, the nearest deadline first.

    Columns: district_id, month, programme_id, due_on, sample, reports.
    """
    reports = cast(func.sum(ReportSums.reports), BigInteger)
    columns = (
        ReportMonth.district_id,
        ReportMonth.month,
        ReportMonth.programme_id,
        ReportMonth.due_on,
        ReportMonth.sample,
    )
    return db.session.execute(
        select(*columns, reports.label("reports"))
        .join(ReportSums, ReportSums.month_id == ReportMonth.id)
        .where(ReportMonth.standing == Standing.OPEN, ReportSums.state == rules.State.SUBMITTED)
        .group_by(ReportMonth.id, *columns)
        .having(reports > 0)
        .order_by(ReportMonth.due_on, ReportMonth.id)
        .limit(limit)
    ).all()


def own_missing(person: User, *, limit: int) -> Sequence[AnyRow]:
    """The reports of open months that this officer has yet to write, or their division where no officer is named.

    Columns: id, district_id, month, state, due_on, title, sample, reminded_on (the last reminder; None without one).
    """
    last = (
        select(func.max(Reminder.on_date))
        .where(Reminder.report_id == MonthlyReport.id)
        .correlate(MonthlyReport)
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            MonthlyReport.id,
            MonthlyReport.district_id,
            MonthlyReport.month,
            MonthlyReport.state,
            MonthlyReport.sample,
            ReportMonth.due_on,
            title_column().label("title"),
            last.label("reminded_on"),
        )
        .join(ReportMonth, ReportMonth.id == MonthlyReport.month_id)
        .join(Program, Program.id == MonthlyReport.program_id)
        .where(
            ReportMonth.standing == Standing.OPEN,
            MonthlyReport.state.in_(rules.MISSING),
            owed(),
            or_(
                Program.officer_id == person.id,
                and_(Program.officer_id.is_(None), Program.department_id == person.department_id),
            ),
        )
        .order_by(ReportMonth.due_on, MonthlyReport.id)
        .limit(limit)
    ).all()


def department_names(ids: Sequence[int]) -> dict[int, str]:
    """The names of divisions in the reader's language, in the order of their codes."""
    rows = db.session.execute(select(Department).where(Department.id.in_(ids)).order_by(Department.code)).scalars()
    return {row.id: row.name for row in rows}
