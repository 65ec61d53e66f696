"""Contest funds: calls, the applications to them, and the outside money that they bring."""

import datetime as dt
from collections.abc import Iterable

from flask import url_for

from districtops import clock
from districtops.attachments.views import RecordPage
from districtops.contest_funds import figures, headlines, lists, queries
from districtops.contest_funds.applications import views as application_views
from districtops.contest_funds.applications.actions import refuse_deletion
from districtops.contest_funds.calls import views as call_views
from districtops.contest_funds.models import Application, Call
from districtops.contest_funds.money import views as money_views
from districtops.contest_funds.money.actions import take_money
from districtops.contest_funds.overview import overview_of, shown_year
from districtops.contest_funds.reports import views as report_views
from districtops.contest_funds.rewards import views as reward_views
from districtops.contest_funds.rules import State
from districtops.contest_funds.views import blueprint
from districtops.kit.db import db
from districtops.kit.locale import won_exact
from districtops.kit.text import _l
from districtops.models import Program
from districtops.module import Card, Entry, Module, Tie

PAGES = (application_views, call_views, money_views, report_views, reward_views)
"""The features whose pages stand in the blueprint; importing them puts them there."""


def cards() -> Iterable[Card]:
    """The year in three numbers."""
    years = queries.years()
    if not years:
        return
    year = overview_of(shown_year(years)).year
    today = clock.today()
    yield Card(
        label=_l("Contests selected %(year)s", year=year.year),
        value=year.total.selected,
        kind="count",
        unit=_l("applications"),
        hint=_l("of %(applied)s applied for", applied=year.total.applied),
        url=year.selected_url(),
        as_of=today,
    )
    yield Card(
        label=_l("Selection rate %(year)s", year=year.year),
        value=year.total.rate,
        kind="percent",
        url=year.applied_url(),
        as_of=today,
    )
    yield Card(
        label=_l("External funds secured %(year)s", year=year.year),
        value=year.total.external,
        kind="won",
        hint=_l("without the district’s matching money"),
        url=year.secured_url(),
        as_of=today,
    )


def entries(first: dt.date, last: dt.date) -> Iterable[Entry]:
    """Calls that close and awards that are to be settled."""
    today = clock.today()
    for row in queries.closing(max(first, today), last):
        yield Entry(
            day=row.Call.closes_on,
            district_id=row.Call.district_id,
            title=row.Call.title,
            url=url_for("contest_funds.show_call", call_id=row.Call.id),
            what=_l("Call closes"),
            sample=row.Call.sample,
        )
    for row in queries.settlements_due(last, first=first):
        yield Entry(
            day=row.Application.settle_by,
            district_id=row.Application.district_id,
            title=row.title,
            url=url_for("contest_funds.show", application_id=row.Application.id),
            what=_l("Settlement"),
            who=row.department or "",
            sample=row.sample,
        )


def address(table: str, row_id: int, program_id: int | None) -> str | None:
    """The page of an application, for everything that hangs on it; a call's page for the call."""
    if table == "contest_call" and db.session.get(Call, row_id) is not None:
        return url_for("contest_funds.show_call", call_id=row_id)
    application = queries.application_of(program_id) if program_id is not None else None
    return url_for("contest_funds.show", application_id=application) if application is not None else None


def _changed(state: State, taken: int | None, award: int | None) -> str:
    """What a project that took an award over has to know of it."""
    if state is State.GIVEN_UP:
        return _l("The award was given up.")
    if taken is not None and taken > (award or 0):
        return _l("The award is now %(won)s.", won=won_exact(award or 0))
    return ""


def ties(program: Program) -> Iterable[Tie]:
    """The awards that a program spends."""
    for row in queries.spent_by(program):
        yield Tie(
            label=row.title,
            what=_l("Contest award"),
            note=_changed(row.state, row.amount, row.external_won),
            url=url_for("contest_funds.show", application_id=row.id),
            amount=row.amount,
            sample=row.sample,
        )


module = Module(
    label=_l("Contest funds"),
    icon="trophy",
    blueprint=blueprint,
    lists=(lists.applications, lists.calls, lists.routings, lists.rewards),
    cards=cards,
    entries=entries,
    summaries=(figures.summary,),
    record=RecordPage(
        model=Application,
        path="/applications",
        endpoint="show",
        argument="application_id",
        refuse_deletion=refuse_deletion,
    ),
    address=address,
    figures=headlines.sources,
    ties=ties,
    take_money=take_money,
    settings=((_l("Rules for rewards"), "contest_funds.reward_rules"),),
)
