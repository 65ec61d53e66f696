"""What people ask about monthly reports. Only ``draft_of`` knows figures that nobody confirmed."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, cast, func, or_, select

from districtops.kit.db import AnySelect, db
from districtops.models import Department, LedgerEntry, Program, User
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Project
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.models import (
    MonthlyReport,
    Reminder,
    ReportDraft,
    ReportMonth,
    ReportStep,
    Standing,
)
from districtops.new_deal.monthly.rules import State
from districtops.new_deal.rules import STOPPED


def owed() -> ColumnElement[bool]:
    """What was reported, and what is still to come: a project that was cancelled or dropped owes no report. Few are."""
    stopped = select(ProjectFigures.id).where(ProjectFigures.stage.in_(STOPPED))
    return or_(MonthlyReport.state.not_in(rules.MISSING), MonthlyReport.project_id.not_in(stopped))


def with_project(statement: AnySelect) -> AnySelect:
    """The reports that are owed, joined with their month, program, department and officer."""
    return (
        statement.select_from(MonthlyReport)
        .join(ReportMonth, ReportMonth.id == MonthlyReport.month_id)
        .join(Program, Program.id == MonthlyReport.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
        .outerjoin(User, User.id == Program.officer_id)
        .where(owed())
    )


def month_of(report: MonthlyReport) -> ReportMonth:
    """The month of a report."""
    return db.session.execute(select(ReportMonth).where(ReportMonth.id == report.month_id)).scalar_one()


def months() -> Sequence[str]:
    """Every month for which reports were requested, the latest first."""
    return db.session.execute(select(ReportMonth.month).distinct().order_by(ReportMonth.month.desc())).scalars().all()


def draft_of(report: MonthlyReport) -> ReportDraft | None:
    """What officers wrote for a report; only for them and for whoever decides about it."""
    return db.session.execute(select(ReportDraft).where(ReportDraft.report_id == report.id)).scalar_one_or_none()


def steps_of(report: MonthlyReport) -> Sequence[ReportStep]:
    """The journal of a report, the latest step first."""
    return (
        db.session.execute(select(ReportStep).where(ReportStep.report_id == report.id).order_by(ReportStep.id.desc()))
        .scalars()
        .all()
    )


def reminders_of(report: MonthlyReport) -> Sequence[Reminder]:
    """When somebody was reminded of a report, the latest first."""
    return (
        db.session.execute(select(Reminder).where(Reminder.report_id == report.id).order_by(Reminder.id.desc()))
        .scalars()
        .all()
    )


def wrote(report: MonthlyReport, person_id: int) -> bool:
    """Whether this person ever entered or submitted anything of the report."""
    found = select(ReportStep.id).where(
        ReportStep.report_id == report.id, ReportStep.verb.in_(rules.WRITING), ReportStep.by_id == person_id
    )
    return db.session.execute(found.limit(1)).first() is not None


def reports_of(project: Project) -> Sequence[MonthlyReport]:
    """The reports of a project, the latest month first."""
    return (
        db.session.execute(
            select(MonthlyReport)
            .where(MonthlyReport.project_id == project.id)
            .order_by(MonthlyReport.month.desc(), MonthlyReport.id.desc())
        )
        .scalars()
        .all()
    )


def confirmed_before(report: MonthlyReport) -> MonthlyReport | None:
    """The last confirmed report of the same project for an earlier month."""
    return (
        db.session.execute(
            select(MonthlyReport)
            .where(
                MonthlyReport.project_id == report.project_id,
                MonthlyReport.month < report.month,
                MonthlyReport.state == State.CONFIRMED,
            )
            .order_by(MonthlyReport.month.desc(), MonthlyReport.id.desc())
            .limit(1)
        )
        .scalars()
        .first()
    )


def ledger_by(report: MonthlyReport) -> int:
    """Won that the ledger holds of the project up to the last day of the report's month."""
    total = db.session.execute(
        select(cast(func.sum(LedgerEntry.amount_won), BigInteger)).where(
            LedgerEntry.program_id == report.program_id, LedgerEntry.on_date <= rules.last_day(report.month)
        )
    ).scalar_one()
    return total or 0


def stands(project: Project) -> bool:
    """Whether a report of the project was confirmed, or belongs to a month that is locked: it was told to others."""
    found = (
        select(MonthlyReport.id)
        .join(ReportMonth, ReportMonth.id == MonthlyReport.month_id)
        .where(
            MonthlyReport.project_id == project.id,
            or_(MonthlyReport.state == State.CONFIRMED, ReportMonth.standing == Standing.LOCKED),
        )
    )
    return db.session.execute(found.limit(1)).first() is not None
