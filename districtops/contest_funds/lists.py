"""The lists of contests: each is a page, a CSV and an XLSX of the same rows."""

from flask import url_for
from flask_babel import lazy_pgettext

from districtops.contest_funds import queries
from districtops.contest_funds.figures import ContestFigures
from districtops.contest_funds.forms import ApplicationFilter, CallFilter, RewardFilter, RoutingFilter
from districtops.contest_funds.models import Call, Routing
from districtops.kit.columns import Column, Kind
from districtops.kit.db import AnySelect
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import Payer

WON = _l("won")
NAME = lazy_pgettext("heading of names", "Contest project")


def _amount(name: str, label: str, *, main: bool = False, on_page: bool = True) -> Column:
    figure = getattr(ContestFigures, name)
    sort = figure if on_page else None
    return Column(
        key=name, label=label, kind=Kind.WON, unit=WON, expression=figure, sort=sort, main=main, on_page=on_page
    )


def _part(payer: Payer) -> Column:
    return _amount(f"{payer.value}_won", payer.label, on_page=False)


applications = Listing(
    name="applications",
    title=_l("Contest applications"),
    purpose=_l("Every contest project from the call to the settlement, with the outside money that it brought."),
    create=(_l("New application"), "contest_funds.create"),
    source=queries.with_figures,
    row_id=ContestFigures.id,
    own_table=True,
    form=ApplicationFilter,
    link=lambda row: url_for("contest_funds.show", application_id=row.id),
    default_sort="-applied_on",
    empty_text=_l("No application is recorded yet. Record a call first, then file an application to it."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=ContestFigures.id, on_page=False),
        Column(
            key="title",
            label=NAME,
            expression=queries.title_column,
            sort=queries.title_column,
            primary=True,
            main=True,
        ),
        Column(key="call", label=_l("Call"), expression=queries.call_title_column, on_page=False),
        Column(key="organiser", label=_l("Organiser"), expression=Call.organiser, on_page=False),
        Column(
            key="organiser_kind",
            label=_l("Kind of organiser"),
            kind=Kind.ENUM,
            expression=ContestFigures.organiser_kind,
        ),
        Column(key="type", label=_l("Type of contest"), kind=Kind.ENUM, expression=ContestFigures.type, on_page=False),
        Column(key="department", label=_l("Department"), expression=queries.department_column),
        Column(
            key="state",
            label=_l("State"),
            kind=Kind.ENUM,
            expression=ContestFigures.state,
            sort=ContestFigures.state,
            main=True,
        ),
        Column(
            key="award_year",
            label=_l("Selected in"),
            kind=Kind.YEAR,
            expression=ContestFigures.award_year,
            sort=ContestFigures.award_year,
            on_page=False,
        ),
        Column(
            key="applied_on",
            label=_l("Applied on"),
            kind=Kind.DATE,
            expression=ContestFigures.applied_on,
            sort=ContestFigures.applied_on,
        ),
        Column(
            key="result_on",
            label=_l("Result on"),
            kind=Kind.DATE,
            expression=ContestFigures.result_on,
            sort=ContestFigures.result_on,
        ),
        _amount("requested_won", _l("Requested")),
        _part(Payer.NATIONAL),
        _part(Payer.CITY),
        _part(Payer.PRIVATE),
        _part(Payer.OTHER),
        _amount("external_won", _l("External"), main=True),
        _amount("matching_won", _l("Matching")),
        _amount("total_won", _l("Total cost"), on_page=False),
        Column(
            key="external_share",
            label=_l("External share"),
            kind=Kind.PERCENT,
            unit="%",
            expression=ContestFigures.external_share,
            sort=ContestFigures.external_share,
            on_page=False,
        ),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ContestFigures.sample, on_page=False),
    ),
)


calls = Listing(
    name="calls",
    title=_l("Calls"),
    purpose=_l("What ministries, the city and joint bodies invite to, and until when."),
    create=(_l("New call"), "contest_funds.create_call"),
    source=lambda statement: statement.select_from(Call),
    row_id=Call.id,
    own_table=True,
    form=CallFilter,
    link=lambda row: url_for("contest_funds.show_call", call_id=row.id),
    default_sort="-closes_on",
    empty_text=_l("No call is recorded yet. Record the first one; divisions can then be asked about it."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=Call.id, on_page=False),
        Column(
            key="title",
            label=lazy_pgettext("heading of names", "Call"),
            expression=queries.call_title_column,
            sort=queries.call_title_column,
            primary=True,
            main=True,
        ),
        Column(key="organiser", label=_l("Organiser"), expression=Call.organiser),
        Column(
            key="organiser_kind",
            label=_l("Kind of organiser"),
            kind=Kind.ENUM,
            expression=Call.organiser_kind,
            sort=Call.organiser_kind,
        ),
        Column(key="type", label=_l("Type of contest"), kind=Kind.ENUM, expression=Call.type),
        Column(key="opens_on", label=_l("Opens"), kind=Kind.DATE, expression=Call.opens_on, on_page=False),
        Column(
            key="closes_on",
            label=_l("Closes"),
            kind=Kind.DATE,
            expression=Call.closes_on,
            sort=Call.closes_on,
            main=True,
        ),
        Column(
            key="max_grant_won",
            label=_l("Maximum grant"),
            kind=Kind.WON,
            unit=WON,
            expression=Call.max_grant_won,
            sort=Call.max_grant_won,
        ),
        Column(
            key="matching_percent",
            label=_l("Matching rate"),
            kind=Kind.PERCENT,
            unit="%",
            expression=Call.matching_percent,
        ),
        Column(
            key="council_report",
            label=_l("Report to the council needed"),
            kind=Kind.FLAG,
            expression=Call.council_report,
            on_page=False,
        ),
        Column(key="doc_no", label=_l("Document number"), expression=Call.doc_no, on_page=False),
        Column(key="link", label=_l("Address of the notice"), expression=Call.link, on_page=False),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=Call.sample, on_page=False),
    ),
)


routings = Listing(
    name="routings",
    title=_l("Questions to divisions"),
    purpose=_l("Which division was asked about which call, and what it answered."),
    source=queries.with_call,
    row_id=Routing.id,
    form=RoutingFilter,
    link=lambda row: url_for("contest_funds.show_call", call_id=row.call_id),
    default_sort="-asked_on",
    empty_text=_l("No division has been asked yet. Open a call and ask one."),
    extra=(("call_id", Call.id),),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=Routing.id, on_page=False),
        Column(key="call", label=_l("Call"), expression=queries.call_title_column, primary=True, main=True),
        Column(key="closes_on", label=_l("Closes"), kind=Kind.DATE, expression=Call.closes_on),
        Column(key="department", label=_l("Department"), expression=queries.department_column, main=True),
        Column(
            key="asked_on", label=_l("Asked on"), kind=Kind.DATE, expression=Routing.asked_on, sort=Routing.asked_on
        ),
        Column(
            key="answer", label=_l("Answer"), kind=Kind.ENUM, expression=Routing.answer, sort=Routing.answer, main=True
        ),
        Column(key="reason", label=_l("Reason"), kind=Kind.ENUM, expression=Routing.reason),
        Column(key="reason_text", label=_l("Reason in words"), expression=Routing.reason_text, on_page=False),
        Column(
            key="answered_on",
            label=_l("Answered on"),
            kind=Kind.DATE,
            expression=Routing.answered_on,
            sort=Routing.answered_on,
        ),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=Routing.sample, on_page=False),
    ),
)


def _secured(statement: AnySelect) -> AnySelect:
    return queries.with_figures(statement).where(ContestFigures.secured.is_(True))


rewards = Listing(
    name="rewards",
    title=_l("Reward points"),
    purpose=_l("Secured contests, and the points that they earn their division and officer."),
    source=_secured,
    row_id=ContestFigures.id,
    form=RewardFilter,
    link=lambda row: url_for("contest_funds.show", application_id=row.id),
    default_sort="-award_year",
    empty_text=_l("No contest has been secured yet."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=ContestFigures.id, on_page=False),
        Column(
            key="title", label=NAME, expression=queries.title_column, sort=queries.title_column, primary=True, main=True
        ),
        Column(key="department", label=_l("Department"), expression=queries.department_column),
        Column(key="officer", label=_l("Officer"), expression=queries.officer_column),
        Column(
            key="award_year",
            label=_l("Selected in"),
            kind=Kind.YEAR,
            expression=ContestFigures.award_year,
            sort=ContestFigures.award_year,
        ),
        Column(
            key="external_won",
            label=_l("External"),
            kind=Kind.WON,
            unit=WON,
            expression=ContestFigures.external_won,
            sort=ContestFigures.external_won,
        ),
        Column(key="points", label=_l("Points"), kind=Kind.NUMBER, expression=queries.points, main=True),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ContestFigures.sample, on_page=False),
    ),
)
