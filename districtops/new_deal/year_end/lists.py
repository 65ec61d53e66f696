"""The year's end as a list: what will be left of each project's money, and what becomes of it."""

from typing import Any

from flask import url_for
from sqlalchemy import and_

from districtops import clock
from districtops.kit.columns import Column, Kind
from districtops.kit.db import AnySelect
from districtops.kit.execution import Projection
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.columns import DEPARTMENT, ID, TITLE
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.year_end import rules
from districtops.new_deal.year_end.forms import YearEndFilter
from districtops.new_deal.year_end.models import YearEndDecision, why
from districtops.new_deal.year_end.rules import DecisionState

WON = _l("won")
NO_PROJECTION = _l("not available")
UNDECIDED = _l("not decided")


def _source(statement: AnySelect) -> AnySelect:
    confirmed = and_(
        YearEndDecision.program_id == ProjectFigures.program_id, YearEndDecision.state == DecisionState.CONFIRMED
    )
    return queries.with_figures(statement).outerjoin(YearEndDecision, confirmed)


def _projection(row: Any) -> Projection | None:
    return rules.projection(
        spent=row.spent_won,
        budget=row.budget_won,
        payments=row.payments_due_won,
        fiscal_year=row.fiscal_year,
        today=clock.today(),
    )


def _projected(row: Any) -> int | None:
    found = _projection(row)
    return None if found is None else found.amount


def _rate(row: Any) -> Any:
    found = _projection(row)
    return None if found is None else found.rate


def _why(row: Any) -> str | None:
    return None if row.reason_code is None else why(row.carry_kind, row.reason_code, row.reason_text)


def _won(key: str, label: str, **more: Any) -> Column:
    return Column(key=key, label=label, kind=Kind.WON, unit=WON, **more)


year_end = Listing(
    name="year-end",
    title=_l("Year end of New Deal projects"),
    purpose=_l("Which projects will under-spend by the year's end, why, and what was decided about the rest."),
    source=_source,
    row_id=ProjectFigures.id,
    own_table=True,
    form=YearEndFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.id, _anchor="year-end"),
    default_sort="execution_rate",
    empty_text=_l("No project is recorded yet. File the first one, and it appears here with its projection."),
    extra=(
        ("fiscal_year", ProjectFigures.fiscal_year),
        ("payments_due_won", ProjectFigures.payments_due_won),
        ("carry_kind", YearEndDecision.carry_kind),
        ("reason_code", YearEndDecision.reason_code),
        ("reason_text", YearEndDecision.reason),
    ),
    columns=(
        ID,
        TITLE,
        DEPARTMENT,
        _won("budget_won", _l("Budget"), expression=ProjectFigures.budget_won, sort=ProjectFigures.budget_won),
        _won("spent_won", _l("Spent"), expression=ProjectFigures.spent_won),
        Column(
            key="execution_rate",
            label=_l("Execution rate"),
            kind=Kind.PERCENT,
            unit="%",
            expression=ProjectFigures.execution_rate,
            sort=ProjectFigures.execution_rate,
            blank=NO_PROJECTION,
            most=rules.WHOLE,
            main=True,
        ),
        _won("projected_won", _l("Projected to 31 December"), derive=_projected, blank=NO_PROJECTION),
        Column(
            key="projected_rate",
            label=_l("Projected rate"),
            kind=Kind.PERCENT,
            unit="%",
            derive=_rate,
            blank=NO_PROJECTION,
            most=rules.WHOLE,
            main=True,
        ),
        _won("carry_won", _l("Carried to next year"), expression=ProjectFigures.carry_won, blank=UNDECIDED),
        _won("return_won", _l("To be returned"), expression=ProjectFigures.return_won, blank=UNDECIDED),
        _won("unused_won", _l("Unused"), expression=ProjectFigures.unused_won, blank=UNDECIDED),
        Column(key="reason", label=_l("Reason"), derive=_why, blank=UNDECIDED, prose=True),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ProjectFigures.sample, on_page=False),
    ),
)
