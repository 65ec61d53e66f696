"""The monthly reports of the demonstration: every one of them is made up."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from districtops.clock import KOREA
from districtops.demo.files import Line, Office, day, maybe, rows, words
from districtops.kit.db import db
from districtops.kit.text import Words
from districtops.models import User
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.monthly.models import (
    MonthlyReport,
    MonthStep,
    Reminder,
    ReportDraft,
    ReportMonth,
    ReportStep,
    RoundVerb,
    Standing,
)
from districtops.new_deal.monthly.rules import State, Verb

Move = tuple[Verb, State, State, dt.date, Words | None]


def load(office: Office, programmes: Mapping[str, Programme], projects: Mapping[str, Project]) -> None:
    """The months of a district's programmes, and what its sample officer reported."""
    lines = office.own("report_months")
    if lines:
        _Reports(office, programmes, projects).load(lines)


class _Reports:
    """Loads months and reports, written by the sample officer and decided by the sample manager."""

    def __init__(self, office: Office, programmes: Mapping[str, Programme], projects: Mapping[str, Project]) -> None:
        self.programmes, self.projects = programmes, projects
        names = (f"officer.{office.slug}", f"manager.{office.slug}")
        people = db.session.execute(select(User).where(User.username.in_(names))).scalars()
        by_name = {person.username: person.id for person in people}
        self.officer_id, self.manager_id = (by_name[name] for name in names)

    def load(self, lines: list[Line]) -> None:
        """Everything, month by month."""
        months = {line["month"]: self._month(line) for line in lines}
        requested = {line["month"]: dt.date.fromisoformat(line["requested_on"]) for line in lines}
        reports = [self._report(line, months[line["month"]]) for line in rows("monthly_reports")]
        db.session.add_all(reports)
        db.session.flush()
        for line, report in zip(rows("monthly_reports"), reports, strict=True):
            db.session.add_all(self._written(line, report, requested[line["month"]]))
        db.session.flush()
        for line in lines:
            self._steps_of_month(line, months[line["month"]], reports)
        db.session.flush()

    def _month(self, line: Line) -> ReportMonth:
        locked = bool(line["locked_on"])
        month = ReportMonth(
            programme_id=self.programmes[line["fiscal_year"]].id,
            month=line["month"],
            due_on=dt.date.fromisoformat(line["due_on"]),
            standing=Standing.LOCKED if locked else Standing.OPEN,
            locks=int(locked),
            opened_at=_morning(dt.date.fromisoformat(line["requested_on"])),
            opened_by_id=self.officer_id,
            sample=True,
        )
        db.session.add(month)
        db.session.flush()
        return month

    def _steps_of_month(self, line: Line, month: ReportMonth, reports: list[MonthlyReport]) -> None:
        count = sum(report.month_id == month.id for report in reports)
        steps = [MonthStep(verb=RoundVerb.OPEN, reports=count, at=month.opened_at, by_id=self.officer_id)]
        locked_on = day(line["locked_on"])
        if locked_on is not None:
            steps.append(MonthStep(verb=RoundVerb.LOCK, at=_morning(locked_on), by_id=self.manager_id))
        for step in steps:
            step.month_id = month.id
        db.session.add_all(steps)

    def _report(self, line: Line, month: ReportMonth) -> MonthlyReport:
        project, state = self.projects[line["project"]], State(line["state"])
        return MonthlyReport(
            month_id=month.id,
            project_id=project.id,
            program_id=project.program_id,
            month=month.month,
            state=state,
            submitted_on=day(line["submitted_on"]),
            late=line["late"] == "1",
            confirmed_on=day(line["confirmed_on"]),
            requested_at=month.opened_at,
            requested_by_id=self.officer_id,
            sample=True,
            **(_contents(line) if state is State.CONFIRMED else {}),
        )

    def _written(self, line: Line, report: MonthlyReport, requested_on: dt.date) -> Iterator[Any]:
        if report.state is not State.REQUESTED:
            yield ReportDraft(report_id=report.id, program_id=report.program_id, **_contents(line))
        for verb, before, after, on, reason in _moves(line, report, requested_on):
            by_id = self.officer_id if verb in (Verb.SAVE, Verb.SUBMIT) else self.manager_id
            step = ReportStep(report_id=report.id, program_id=report.program_id, verb=verb, at=_morning(on))
            step.from_state, step.to_state, step.reason, step.by_id = before, after, reason, by_id
            yield step
        reminded_on = day(line["reminded_on"])
        if reminded_on is not None:
            yield Reminder(
                report_id=report.id,
                month_id=report.month_id,
                program_id=report.program_id,
                department_id=self.projects[line["project"]].program.department_id,
                on_date=reminded_on,
                at=_morning(reminded_on),
                by_id=self.manager_id,
            )


def _contents(line: Line) -> dict[str, Any]:
    texts = {name: words(line, name) for name in ("issue", "counter_measure", "next_step")}
    return {"progress": maybe(line["progress"], Decimal), "spent_won": maybe(line["spent_won"], int), **texts}


def _moves(line: Line, report: MonthlyReport, requested_on: dt.date) -> Iterator[Move]:
    """The steps that led to the report's state; each on the day that the line tells."""
    if report.state is State.REQUESTED:
        return
    yield Verb.SAVE, State.REQUESTED, State.DRAFT, report.submitted_on or requested_on, None
    if report.submitted_on is not None:
        yield Verb.SUBMIT, State.DRAFT, State.SUBMITTED, report.submitted_on, None
        returned = words(line, "returned")
        if returned:
            yield Verb.RETURN, State.SUBMITTED, State.RETURNED, report.submitted_on + dt.timedelta(days=1), returned
    if report.confirmed_on is not None:
        yield Verb.CONFIRM, State.SUBMITTED, State.CONFIRMED, report.confirmed_on, None


def _morning(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(10), KOREA)
