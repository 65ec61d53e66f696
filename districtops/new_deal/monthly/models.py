"""The months for which reports were requested, the reports, their drafts, and the journals of both."""

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_pgettext
from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, WonInt, kept_as, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import LARGEST_WON, DistrictScoped, User, within_district
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.monthly.rules import State, Verb

MONTH = String(7)
"""A month such as ``2022-01``, which sorts and compares as it is written."""


class Standing(LabelledEnum):
    """Whether the reports of a month may still change."""

    OPEN = "open", lazy_pgettext("state of a month", "Open")
    LOCKED = "locked", _l("Locked")


class RoundVerb(LabelledEnum):
    """What people do to a month."""

    OPEN = "open", _l("Reports requested")
    REQUEST_MISSING = "request_missing", _l("Missing reports requested")
    LOCK = "lock", _l("Month locked")
    REOPEN = "reopen", _l("Month reopened")
    DEFER = "defer", _l("Deadline changed")


class ReportMonth(DistrictScoped, Versioned, Base):
    """A month of a programme for which reports were requested. ``locks`` counts how often it was locked: a report
    that was opened by name for one lock is not open for the next."""

    __tablename__ = "new_deal_report_month"
    __label__ = _l("Month of reports")
    __constraints__ = (
        within_district("programme_id", "new_deal_programme"),
        within_district("opened_by_id", "user_account"),
        UniqueConstraint("district_id", "programme_id", "month"),
        Index("ix_new_deal_report_month_due", "district_id", "due_on", "id"),
        Index("ix_new_deal_report_month_month", "district_id", "month", "id"),
        Index("ix_new_deal_report_month_programme", "district_id", "programme_id", "month"),
    )

    programme_id: Mapped[int] = labelled(_l("Annual programme"), info={"silent": True})
    month: Mapped[str] = labelled(lazy_pgettext("month of a report", "Month"), MONTH)
    due_on: Mapped[dt.date] = labelled(_l("Deadline"))
    standing: Mapped[Standing] = labelled(_l("Standing"))
    locks: Mapped[int] = labelled(_l("Times locked"), default=0)
    opened_at: Mapped[dt.datetime] = labelled(_l("Requested at"), info={"silent": True})
    opened_by_id: Mapped[int | None] = labelled(_l("Requested by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    programme: Mapped[Programme] = relationship(
        primaryjoin="foreign(ReportMonth.programme_id) == Programme.id", viewonly=True
    )


class MonthStep(DistrictScoped, Base):
    """What was done to a month: when, by whom, why, how many reports it asked for, and the deadline that it set."""

    __tablename__ = "new_deal_report_month_step"
    __label__ = _l("Step of a month")
    __append_only__ = True
    __constraints__ = (
        within_district("month_id", "new_deal_report_month"),
        within_district("by_id", "user_account"),
        Index("ix_new_deal_report_month_step_month", "district_id", "month_id", "id"),
    )

    month_id: Mapped[int] = labelled(lazy_pgettext("month of a report", "Month"), info={"silent": True})
    verb: Mapped[RoundVerb] = labelled(_l("Step"))
    reports: Mapped[int | None] = labelled(_l("Reports"))
    due_on: Mapped[dt.date | None] = labelled(_l("Deadline"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})

    by: Mapped[User | None] = relationship(primaryjoin="foreign(MonthStep.by_id) == User.id", viewonly=True)


class MonthlyReport(DistrictScoped, Versioned, Base):
    """A project's report of a month. It holds figures and words only while they are confirmed: what is merely written
    stands in its draft, so that no list, card or page can show it by mistake.

    ``opened_for`` is the lock of the month (by its number) that does not hold for this report.
    """

    __tablename__ = "new_deal_monthly_report"
    __label__ = _l("Monthly report")
    __constraints__ = (
        within_district("month_id", "new_deal_report_month"),
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        within_district("requested_by_id", "user_account"),
        UniqueConstraint("district_id", "month_id", "project_id"),
        CheckConstraint("(state = 'confirmed') = (confirmed_on IS NOT NULL)", name="confirmed_has_its_day"),
        CheckConstraint(
            "(state = 'confirmed') = (progress IS NOT NULL) AND (state = 'confirmed') = (spent_won IS NOT NULL)",
            name="figures_are_confirmed",
        ),
        CheckConstraint(
            "state = 'confirmed' OR (issue IS NULL AND counter_measure IS NULL AND next_step IS NULL)",
            name="words_are_confirmed",
        ),
        CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 100000", name="progress"),
        CheckConstraint(f"spent_won IS NULL OR spent_won BETWEEN 0 AND {LARGEST_WON}", name="spent_in_range"),
        Index("ix_new_deal_monthly_report_counts", "district_id", "month_id", "state", "program_id"),
        Index("ix_new_deal_monthly_report_project", "district_id", "project_id", "month"),
        Index("ix_new_deal_monthly_report_program", "district_id", "program_id", "id"),
        *(
            Index(f"ix_new_deal_monthly_report_{name}", "district_id", name, "id")
            for name in ("month", "state", "progress", "spent_won", "submitted_on", "confirmed_on")
        ),
    )

    month_id: Mapped[int] = labelled(lazy_pgettext("month of a report", "Month"), info={"silent": True})
    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    month: Mapped[str] = labelled(lazy_pgettext("month of a report", "Month"), MONTH)
    state: Mapped[State] = labelled(_l("State"))
    progress: Mapped[Decimal | None] = labelled(_l("Progress"))
    spent_won: Mapped[WonInt | None] = labelled(_l("Spent by the end of the month"))
    issue: Mapped[Words | None] = labelled(_l("Issue"))
    counter_measure: Mapped[Words | None] = labelled(_l("Counter-measure"))
    next_step: Mapped[Words | None] = labelled(_l("Next step"))
    submitted_on: Mapped[dt.date | None] = labelled(_l("Submitted on"))
    late: Mapped[bool] = labelled(_l("Submitted late"), default=False)
    confirmed_on: Mapped[dt.date | None] = labelled(_l("Confirmed on"))
    opened_for: Mapped[int | None] = labelled(_l("Opened in spite of lock no."))
    requested_at: Mapped[dt.datetime] = labelled(_l("Requested at"), info={"silent": True})
    requested_by_id: Mapped[int | None] = labelled(_l("Requested by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    project: Mapped[Project] = relationship(
        primaryjoin="foreign(MonthlyReport.project_id) == Project.id", lazy="joined", innerjoin=True, viewonly=True
    )
    requested_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(MonthlyReport.requested_by_id) == User.id", viewonly=True
    )


class ReportDraft(DistrictScoped, Versioned, Base):
    """What officers wrote for a report. Nobody but them and whoever decides about it reads it, so the record of
    changes keeps that it changed, not to what."""

    __tablename__ = "new_deal_report_draft"
    __label__ = _l("Draft of a monthly report")
    __constraints__ = (
        within_district("report_id", "new_deal_monthly_report"),
        within_district("program_id", "program"),
        UniqueConstraint("district_id", "report_id"),
        Index("ix_new_deal_report_draft_report", "district_id", "report_id"),
        CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 100000", name="progress"),
        CheckConstraint(f"spent_won IS NULL OR spent_won BETWEEN 0 AND {LARGEST_WON}", name="spent_in_range"),
    )

    report_id: Mapped[int] = labelled(_l("Monthly report"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    progress: Mapped[Decimal | None] = labelled(_l("Progress"), info={"secret": True})
    spent_won: Mapped[WonInt | None] = labelled(_l("Spent by the end of the month"), info={"secret": True})
    issue: Mapped[Words | None] = labelled(_l("Issue"), info={"secret": True})
    counter_measure: Mapped[Words | None] = labelled(_l("Counter-measure"), info={"secret": True})
    next_step: Mapped[Words | None] = labelled(_l("Next step"), info={"secret": True})


class ReportStep(DistrictScoped, Base):
    """What was done to a report: from where to where, when, by whom and why."""

    __tablename__ = "new_deal_report_step"
    __label__ = _l("Step of a monthly report")
    __append_only__ = True
    __constraints__ = (
        within_district("report_id", "new_deal_monthly_report"),
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        Index("ix_new_deal_report_step_report", "district_id", "report_id", "id"),
    )

    report_id: Mapped[int] = labelled(_l("Monthly report"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    verb: Mapped[Verb] = labelled(_l("Step"))
    from_state: Mapped[State] = labelled(_l("From"), kept_as(State, "from_state"))
    to_state: Mapped[State] = labelled(_l("To"), kept_as(State, "to_state"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})

    by: Mapped[User | None] = relationship(primaryjoin="foreign(ReportStep.by_id) == User.id", viewonly=True)


class Reminder(DistrictScoped, Base):
    """That an officer, or a division without one, was reminded of a report. The product sends no mail: whoever is
    reminded finds it on the first page."""

    __tablename__ = "new_deal_report_reminder"
    __label__ = _l("Reminder")
    __append_only__ = True
    __constraints__ = (
        within_district("report_id", "new_deal_monthly_report"),
        within_district("month_id", "new_deal_report_month"),
        within_district("program_id", "program"),
        within_district("officer_id", "user_account"),
        within_district("department_id", "department"),
        within_district("by_id", "user_account"),
        UniqueConstraint("district_id", "report_id", "on_date"),
        Index("ix_new_deal_report_reminder_month", "district_id", "month_id", "department_id", "on_date"),
    )

    report_id: Mapped[int] = labelled(_l("Monthly report"), info={"silent": True})
    month_id: Mapped[int] = labelled(lazy_pgettext("month of a report", "Month"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    officer_id: Mapped[int | None] = labelled(_l("Officer in charge"), info={"names": "user_account"})
    department_id: Mapped[int | None] = labelled(_l("Department in charge"), info={"names": "department"})
    on_date: Mapped[dt.date] = labelled(_l("Reminded on"))
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})

    officer: Mapped[User | None] = relationship(primaryjoin="foreign(Reminder.officer_id) == User.id", viewonly=True)
    by: Mapped[User | None] = relationship(primaryjoin="foreign(Reminder.by_id) == User.id", viewonly=True)
