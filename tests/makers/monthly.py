"""Months of reports and reports for tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from factories import Maker

from districtops import clock
from districtops.kit.text import Words
from districtops.models import User
from districtops.new_deal.models import Project
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth, ReportStep, Standing
from districtops.new_deal.monthly.rules import State, Verb, first_day, last_day

DUE = dt.date(2022, 3, 20)
"""After the day of the test applications, 15 March 2022."""


def month(
    make: Maker, name: str = "2022-02", *, due_on: dt.date = DUE, year: int = 2022, **columns: Any
) -> ReportMonth:
    """A month whose reports were requested, due in five days."""
    programme = make.programme(year, columns.pop("district", None))
    values = {"standing": Standing.OPEN, "locks": 0, "opened_at": clock.now(), "sample": False, **columns}
    values["locks"] = columns.get("locks", int(values["standing"] is Standing.LOCKED))
    return make.keep(ReportMonth(programme_id=programme.id, month=name, due_on=due_on, **values), make._of(programme))


def report(
    make: Maker,
    project: Project,
    of: ReportMonth,
    state: State = State.REQUESTED,
    *,
    progress: int | str | None = 40,
    spent: int | None = 300,
    issue: str | None = None,
    measure: str | None = None,
    writer: User | None = None,
    **columns: Any,
) -> MonthlyReport:
    """A report in a state, with the draft and the journal that led to it."""
    words = {"issue": Words(en=issue) if issue else None, "counter_measure": Words(en=measure) if measure else None}
    figures = {"progress": None if progress is None else Decimal(progress), "spent_won": spent, **words}
    came = state in (State.SUBMITTED, State.RETURNED, State.CONFIRMED)
    confirmed = {**figures, "confirmed_on": last_day(of.month)} if state is State.CONFIRMED else {}
    row = MonthlyReport(
        month_id=of.id,
        project_id=project.id,
        program_id=project.program_id,
        month=of.month,
        state=state,
        late=False,
        submitted_on=first_day(of.month) if came else None,
        requested_at=clock.now(),
        sample=False,
        **{**confirmed, **columns},
    )
    home = make._of(project)
    with make.inside(home) as session:
        session.add(row)
        session.flush()
        if state is not State.REQUESTED:
            session.add(ReportDraft(report_id=row.id, program_id=row.program_id, **figures))
            written = [(Verb.SAVE, State.REQUESTED, State.DRAFT)]
            written += [(Verb.SUBMIT, State.DRAFT, State.SUBMITTED)] if came else []
            for verb, before, after in written:
                step = ReportStep(report_id=row.id, program_id=row.program_id, verb=verb, at=clock.now())
                step.from_state, step.to_state, step.by_id = before, after, writer.id if writer else None
                session.add(step)
        session.commit()
        assert row.project is not None, "loaded while the session is open"
    return row
