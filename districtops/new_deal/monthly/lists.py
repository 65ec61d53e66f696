"""The monthly reports as a list. Its figures are the confirmed ones: a report holds no others."""

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import lazy_pgettext

from districtops import clock
from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import Program
from districtops.new_deal.monthly import queries, rules
from districtops.new_deal.monthly.forms import ReportFilter
from districtops.new_deal.monthly.models import MonthlyReport, ReportMonth
from districtops.new_deal.queries import department_column, officer_column, title_column


def _late(row: Any) -> bool:
    due_on: dt.date = row.due_on
    return bool(row.submitted_late) or (row.submitted_on is None and rules.is_late(due_on, clock.today(), None))


reports = Listing(
    name="reports",
    title=_l("Monthly reports"),
    purpose=_l(
        "Who reported what, and when. Figures stand here once a manager has confirmed them; until then they are left "
        "empty."
    ),
    source=queries.with_project,
    row_id=MonthlyReport.id,
    form=ReportFilter,
    link=lambda row: url_for("new_deal.report", report_id=row.id),
    default_sort="-month",
    empty_text=_l("No report is requested yet. Request the reports of a month, and they appear here."),
    create=(_l("Request reports"), "new_deal.open_month"),
    extra=(("submitted_late", MonthlyReport.late),),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=MonthlyReport.id, on_page=False),
        Column(
            key="month",
            label=lazy_pgettext("month of a report", "Month"),
            expression=MonthlyReport.month,
            sort=MonthlyReport.month,
            main=True,
        ),
        Column(
            key="title",
            label=lazy_pgettext("heading of names", "Project"),
            expression=title_column,
            sort=title_column,
            primary=True,
            main=True,
        ),
        Column(key="code", label=_l("Code"), expression=Program.code, on_page=False),
        Column(key="department", label=_l("Department"), expression=department_column),
        Column(key="officer", label=_l("Officer"), expression=officer_column),
        Column(
            key="state",
            label=_l("State"),
            kind=Kind.ENUM,
            expression=MonthlyReport.state,
            sort=MonthlyReport.state,
            main=True,
        ),
        Column(
            key="progress",
            label=_l("Progress"),
            kind=Kind.PERCENT,
            unit="%",
            expression=MonthlyReport.progress,
            sort=MonthlyReport.progress,
            blank="–",
        ),
        Column(
            key="spent_won",
            label=_l("Spent by the end of the month"),
            kind=Kind.WON,
            unit=_l("won"),
            expression=MonthlyReport.spent_won,
            sort=MonthlyReport.spent_won,
            blank="–",
        ),
        Column(key="due_on", label=_l("Deadline"), kind=Kind.DATE, expression=ReportMonth.due_on),
        Column(
            key="submitted_on",
            label=_l("Submitted on"),
            kind=Kind.DATE,
            expression=MonthlyReport.submitted_on,
            sort=MonthlyReport.submitted_on,
            blank="–",
        ),
        Column(
            key="confirmed_on",
            label=_l("Confirmed on"),
            kind=Kind.DATE,
            expression=MonthlyReport.confirmed_on,
            sort=MonthlyReport.confirmed_on,
            blank="–",
            on_page=False,
        ),
        Column(key="late", label=_l("Submitted late or missing"), kind=Kind.FLAG, derive=_late),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=MonthlyReport.sample, on_page=False),
    ),
)
