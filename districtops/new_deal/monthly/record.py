"""A report's page as values: what it says, against last month's report and against the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from districtops import clock
from districtops.kit.execution import over_budget
from districtops.new_deal.actions import budget_of
from districtops.new_deal.models import Project
from districtops.new_deal.monthly import actions, queries, rules
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth
from districtops.new_deal.monthly.rules import State, Verb
from districtops.new_deal.rules import STOPPED


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The figures of a report (confirmed, or its draft's) beside the last confirmed report's, the ledger's and the
    budget."""

    progress: Decimal | None
    spent: int | None
    before: MonthlyReport | None
    ledger: int
    budget: int | None

    @property
    def over(self) -> bool:
        """Whether more was spent than the budget holds."""
        return over_budget(self.spent, self.budget)

    @property
    def points(self) -> Decimal | None:
        """Percentage points since the report before."""
        return rules.points(self.progress, self.before.progress if self.before else None)

    @property
    def spent_since(self) -> int | None:
        """Won since the report before."""
        return rules.difference(self.spent, self.before.spent_won if self.before else None)

    @property
    def beside_ledger(self) -> int | None:
        """Won by which the report differs from the ledger at the end of its month."""
        return rules.difference(self.spent, self.ledger)


def comparison_of(report: MonthlyReport, contents: MonthlyReport | ReportDraft | None) -> Comparison:
    """The figures that ``contents`` holds, compared."""
    return Comparison(
        progress=contents.progress if contents is not None else None,
        spent=contents.spent_won if contents is not None else None,
        before=queries.confirmed_before(report),
        ledger=queries.ledger_by(report),
        budget=budget_of(report.project.program),
    )


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What everybody sees of a report: its state, its way, and its confirmed contents."""

    report: MonthlyReport
    month: ReportMonth
    confirmed: Comparison | None
    open: bool

    @property
    def late(self) -> bool:
        """Whether it came late, or is late now."""
        report = self.report
        overdue = report.submitted_on is None and rules.is_late(self.month.due_on, clock.today(), None)
        return report.late or overdue

    def offers(self, verb: Verb) -> bool:
        """Whether an act is open to those who may do it."""
        if verb is Verb.REOPEN:
            return not self.open or self.report.state is State.CONFIRMED
        owes = verb not in rules.WRITING or self.report.project.stage not in STOPPED
        return self.open and owes and verb in rules.verbs_from(self.report.state)


def page_of(report: MonthlyReport) -> ReportPage:
    """A report with its month."""
    month = queries.month_of(report)
    is_confirmed = report.state is State.CONFIRMED
    return ReportPage(
        report=report,
        month=month,
        confirmed=comparison_of(report, report) if is_confirmed else None,
        open=actions.may_change(month, report),
    )


@dataclass(frozen=True, kw_only=True)
class ProjectReports:
    """The reports of a project, the latest month first, and the last one whose figures count."""

    reports: Sequence[MonthlyReport]

    @property
    def last_confirmed(self) -> MonthlyReport | None:
        """The report whose figures the project's page shows."""
        return next((report for report in self.reports if report.state is State.CONFIRMED), None)


def reports_of(project: Project) -> ProjectReports:
    """The monthly reports of a project's page."""
    return ProjectReports(reports=queries.reports_of(project))


def refusal_words(form: Any) -> str:
    """Why a form of one button was refused, for the page on which the button stands."""
    errors = [*form.form_errors, *(message for field in form for message in field.errors)]
    return " ".join(str(error) for error in errors) or gettext("That did not work.")
