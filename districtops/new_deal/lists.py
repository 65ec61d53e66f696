"""The lists of the New Deal: each is a page, a CSV and an XLSX of the same rows."""

from flask import url_for
from flask_babel import lazy_pgettext

from districtops.kit.columns import Column, Kind
from districtops.kit.db import AnySelect
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import Payer, Program
from districtops.new_deal import bulk, queries
from districtops.new_deal.columns import DEPARTMENT, ID, TITLE
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.forms import ContestFilter, ProjectFilter
from districtops.new_deal.models import ContestSelection, Project

WON = _l("won")


def _part(payer: Payer) -> Column:
    key = f"{payer.value}_won"
    part = getattr(ProjectFigures, key)
    return Column(key=key, label=payer.label, kind=Kind.WON, unit=WON, expression=part, on_page=False)


projects = Listing(
    name="projects",
    title=_l("New Deal projects"),
    purpose=_l("Every project with its division, stage, status and money."),
    create=(_l("New project"), "new_deal.create"),
    bulk=bulk.of_projects,
    source=queries.with_figures,
    row_id=ProjectFigures.id,
    own_table=True,
    form=ProjectFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.id),
    default_sort="code",
    empty_text=_l("No project is recorded yet. File the first one, and it appears here and on the dashboard."),
    columns=(
        ID,
        Column(key="code", label=_l("Code"), expression=ProjectFigures.code, sort=ProjectFigures.code),
        TITLE,
        Column(
            key="category",
            label=_l("Category"),
            kind=Kind.ENUM,
            expression=ProjectFigures.category,
            sort=ProjectFigures.category,
        ),
        Column(key="type", label=_l("Type"), kind=Kind.ENUM, expression=Project.type, on_page=False),
        DEPARTMENT,
        Column(key="officer", label=_l("Officer"), expression=queries.officer_column, on_page=False),
        Column(key="stage", label=_l("Stage"), kind=Kind.ENUM, expression=ProjectFigures.stage),
        Column(
            key="status",
            label=_l("Status"),
            kind=Kind.ENUM,
            expression=ProjectFigures.status,
            sort=ProjectFigures.status,
            main=True,
        ),
        Column(
            key="fiscal_year",
            label=_l("Fiscal year"),
            kind=Kind.YEAR,
            expression=ProjectFigures.fiscal_year,
            on_page=False,
        ),
        Column(
            key="budget_won",
            label=_l("Budget"),
            kind=Kind.WON,
            unit=WON,
            expression=ProjectFigures.budget_won,
            sort=ProjectFigures.budget_won,
            main=True,
        ),
        Column(
            key="spent_won",
            label=_l("Spent"),
            kind=Kind.WON,
            unit=WON,
            expression=ProjectFigures.spent_won,
            on_page=False,
        ),
        Column(
            key="execution_rate",
            label=_l("Execution rate"),
            kind=Kind.PERCENT,
            unit="%",
            expression=ProjectFigures.execution_rate,
            sort=ProjectFigures.execution_rate,
            most=100,
        ),
        _part(Payer.NATIONAL),
        _part(Payer.CITY),
        _part(Payer.DISTRICT),
        _part(Payer.PRIVATE),
        Column(key="starts_on", label=_l("Starts"), kind=Kind.DATE, expression=Program.starts_on, on_page=False),
        Column(
            key="ends_on",
            label=_l("Ends"),
            kind=Kind.DATE,
            expression=ProjectFigures.ends_on,
            sort=ProjectFigures.ends_on,
        ),
        Column(
            key="named",
            label=_l("Named in the announcement"),
            kind=Kind.FLAG,
            expression=ProjectFigures.named,
            on_page=False,
        ),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ProjectFigures.sample, on_page=False),
    ),
)


def _contest_source(statement: AnySelect) -> AnySelect:
    return (
        statement.select_from(ContestSelection)
        .join(Project, Project.id == ContestSelection.project_id)
        .join(Program, Program.id == Project.program_id)
    )


contests = Listing(
    name="contests",
    title=_l("Contest selections of New Deal projects"),
    purpose=_l("Which projects were selected in contests of ministries and the city, and what they brought."),
    source=_contest_source,
    row_id=ContestSelection.id,
    form=ContestFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.project_id),
    default_sort="contest_year",
    empty_text=_l("No contest selection is recorded yet."),
    extra=(("project_id", Project.id),),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=ContestSelection.id, on_page=False),
        Column(
            key="title",
            label=lazy_pgettext("heading of names", "Project"),
            expression=queries.title_column,
            sort=queries.title_column,
            primary=True,
            main=True,
        ),
        Column(key="contest", label=_l("Contest"), expression=ContestSelection.contest),
        Column(
            key="contest_year",
            label=_l("Year of selection"),
            kind=Kind.YEAR,
            expression=ContestSelection.year,
            sort=ContestSelection.year,
        ),
        Column(
            key="amount_won",
            label=_l("National and city money"),
            kind=Kind.WON,
            unit=WON,
            expression=ContestSelection.amount_won,
            sort=ContestSelection.amount_won,
            main=True,
        ),
        Column(
            key="split_stated",
            label=_l("Split between nation and city stated"),
            kind=Kind.FLAG,
            expression=ContestSelection.split_stated,
        ),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ContestSelection.sample, on_page=False),
    ),
)
