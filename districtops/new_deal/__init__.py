"""New Deal: the district's yearly programme of projects, their stages and their money."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import url_for
from sqlalchemy import select

from districtops import clock
from districtops.attachments.views import RecordPage
from districtops.guard.access import Action
from districtops.kit.db import db, fetch_or_404
from districtops.kit.text import _l
from districtops.models import FundingLine, Program
from districtops.module import Card, Entry, Module
from districtops.new_deal import actions, figures, headlines, lists, queries, views
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.comparison import lists as comparison_lists
from districtops.new_deal.comparison import views as comparison_views
from districtops.new_deal.contracts import views as contract_views
from districtops.new_deal.fact_sheet import views as fact_sheet_views
from districtops.new_deal.indicators import lists as indicator_lists
from districtops.new_deal.indicators import views as indicator_views
from districtops.new_deal.milestones import lists as milestone_lists
from districtops.new_deal.milestones import views as milestone_views
from districtops.new_deal.models import Project
from districtops.new_deal.monthly import figures as monthly_figures
from districtops.new_deal.monthly import lists as monthly_lists
from districtops.new_deal.monthly import views as monthly_views
from districtops.new_deal.opinions import lists as opinions_lists
from districtops.new_deal.opinions import views as opinions_views
from districtops.new_deal.opinions.models import Opinion
from districtops.new_deal.overview import Overview, overview_of
from districtops.new_deal.rounds import notices
from districtops.new_deal.rounds import views as round_views
from districtops.new_deal.support import lists as support_lists
from districtops.new_deal.support import views as support_views
from districtops.new_deal.support.models import SupportMeasure
from districtops.new_deal.year_end import lists as year_end_lists
from districtops.new_deal.year_end import notices as year_end_notices
from districtops.new_deal.year_end import views as year_end_views

PAGES = (
    *(views, comparison_views, contract_views, fact_sheet_views, indicator_views, milestone_views),
    *(monthly_views, opinions_views, round_views, support_views, year_end_views),
)
"""Imported so that their pages are known to the blueprint."""

OWN_PAGES: tuple[tuple[Any, str, str], ...] = (
    (Opinion, "new_deal.show_opinion", "opinion_id"),
    (SupportMeasure, "new_deal.show_measure", "measure_id"),
)
"""Tables whose rows have a page of their own beside the projects."""


def _current() -> Overview | None:
    programmes = queries.programmes()
    programme = next((p for p in programmes if p.fiscal_year <= clock.today().year), None)
    return overview_of(programme, programmes) if programme else None


def cards() -> Iterable[Card]:
    """The programme in three numbers."""
    overview = _current()
    if overview is None:
        return
    total, year = overview.year.total, overview.programme.fiscal_year
    today = clock.today()
    yield Card(
        label=_l("New Deal projects %(year)s", year=year),
        value=total.projects,
        kind="count",
        unit=_l("projects"),
        url=overview.year.url(),
        as_of=today,
        district_id=overview.programme.district_id,
    )
    yield Card(
        label=_l("New Deal budget %(year)s", year=year),
        value=total.budget,
        kind="won",
        hint=_l("%(stated)s of %(all)s projects with an amount", stated=total.with_amount, all=total.projects),
        url=overview.year.url(amount="yes"),
        as_of=today,
        district_id=overview.programme.district_id,
    )
    yield Card(
        label=_l("New Deal execution rate %(year)s", year=year),
        value=total.rate,
        kind="percent",
        url=overview.year.url(sort="execution_rate"),
        as_of=today,
        district_id=overview.programme.district_id,
    )
    reported = notices.card(overview.programme)
    if reported is not None:
        yield reported


def entries(first: dt.date, last: dt.date) -> Iterable[Entry]:
    """Milestones of projects that are not done yet, and monthly reports that are to come."""
    yield from notices.entries(first, last)
    for row in queries.open_milestones(first, last, limit=50):
        yield Entry(
            day=row.Milestone.due_on,
            district_id=row.Milestone.district_id,
            title=f"{row.title} · {row.Milestone.title}",
            url=url_for("new_deal.show", project_id=row.id, _anchor="schedule"),
            what=_l("Milestone"),
            who=row.department or "",
            sample=row.Milestone.sample,
        )


def waiting(action: Action) -> Iterable[Entry]:
    """Monthly reports and year-end decisions that somebody else has to confirm."""
    if action is Action.DECIDE:
        yield from notices.waiting()
        yield from year_end_notices.waiting()


def address(table: str, row_id: int, program_id: int | None) -> str | None:
    """The page of a row that has its own, else that of the project on which it hangs; the year's dashboard for a
    programme."""
    if table == "new_deal_programme" and any(programme.id == row_id for programme in queries.programmes()):
        return url_for("new_deal.index", programme=row_id)
    if table == "new_deal_report_month":
        return url_for("new_deal.report_month", month_id=row_id)
    for model, endpoint, name in OWN_PAGES:
        if model.__tablename__ == table:
            found = db.session.execute(select(model.id).where(model.id == row_id)).scalar_one_or_none()
            values: dict[str, Any] = {name: found}
            return url_for(endpoint, **values) if found is not None else None
    project = queries.project_of(program_id) if program_id is not None else None
    return url_for("new_deal.show", project_id=project) if project is not None else None


def take_money(program: Program, line: FundingLine) -> None:
    """Add a budget line to a project, such as one that a contest award became. Raises RuleBroken."""
    actions.decide_money(fetch_or_404(Project, queries.project_of(program.id) or 0), line)


module = Module(
    label=_l("New Deal"),
    icon="sparkles",
    blueprint=blueprint,
    lists=(
        *(lists.projects, lists.contests, comparison_lists.changes, milestone_lists.milestones, monthly_lists.reports),
        *(indicator_lists.indicators, year_end_lists.year_end, opinions_lists.opinions, support_lists.measures),
    ),
    cards=cards,
    entries=entries,
    waiting=waiting,
    summaries=(figures.summary, monthly_figures.summary),
    record=RecordPage(
        model=Project,
        path="/projects",
        endpoint="show",
        argument="project_id",
        refuse_deletion=actions.refuse_deletion,
    ),
    address=address,
    figures=headlines.sources,
    take_money=take_money,
)
