"""Announced figures as a list: each statement beside what the rows say today, on a page, as CSV and as XLSX."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from districtops import clock
from districtops.announced_figures.checks import Check, computations, name_of
from districtops.announced_figures.forms import StatementFilter
from districtops.announced_figures.rules import Verdict
from districtops.kit.columns import Column, Kind
from districtops.kit.db import AnySelect
from districtops.kit.listing import Listing
from districtops.kit.locale import measured
from districtops.kit.text import _l, language
from districtops.models import AnnouncedFigure, Department


def _check(row: Any) -> Check:
    return Check(row, computations())


def remark(check: Check) -> str:
    """Why a statement differs or cannot be computed, and that it is not announced yet; empty where all is plain."""
    found = []
    if check.own is not None and check.own.verdict is Verdict.DIFFERS and check.from_own is not None:
        found.append(gettext("Its own two figures make %(value)s.", value=measured(check.from_own)))
    if check.reason is not None:
        found.append(str(check.reason.label))
    if check.reason is not None and check.verdict is Verdict.MATCHES:
        found.append(gettext("It was checked against its own two figures alone."))
    if check.statement.announced_on is None:
        found.append(gettext("Not announced yet."))
    elif check.statement.announced_on > clock.today():
        found.append(gettext("Announced after the date of this page."))
    return " ".join(found)


def _department() -> Any:
    return Department.name_ko if language() == "ko" else Department.name_en


def _with_department(statement: AnySelect) -> AnySelect:
    return statement.select_from(AnnouncedFigure).outerjoin(Department, Department.id == AnnouncedFigure.department_id)


announced_figures = Listing(
    name="announced-figures",
    title=_l("Announced figures"),
    purpose=_l("What the district told the public, beside what its own rows say today."),
    source=_with_department,
    row_id=AnnouncedFigure.id,
    form=StatementFilter,
    link=lambda row: url_for("announced_figures.show", announced_id=row.id),
    default_sort="-announced_on",
    empty_text=_l("Enter a figure of the next press release, and see whether the rows say the same."),
    extra=(("district_id", AnnouncedFigure.district_id), ("value", AnnouncedFigure.value)),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=AnnouncedFigure.id, on_page=False),
        Column(key="statement", label=_l("Statement"), expression=AnnouncedFigure.statement, primary=True, main=True),
        Column(
            key="year",
            label=_l("Year"),
            kind=Kind.YEAR,
            expression=AnnouncedFigure.year,
            sort=AnnouncedFigure.year,
        ),
        Column(
            key="announced_on",
            label=_l("Announced on"),
            kind=Kind.DATE,
            expression=AnnouncedFigure.announced_on,
            sort=AnnouncedFigure.announced_on,
        ),
        Column(
            key="measure",
            label=_l("What it states"),
            kind=Kind.ENUM,
            expression=AnnouncedFigure.measure,
            on_page=False,
        ),
        Column(key="unit", label=_l("Unit"), kind=Kind.ENUM, expression=AnnouncedFigure.unit, on_page=False),
        Column(
            key="printed",
            label=_l("Announced value"),
            kind=Kind.MEASURED,
            derive=lambda row: _check(row).printed,
            main=True,
        ),
        Column(
            key="step",
            label=_l("Rounded to the nearest"),
            kind=Kind.NUMBER,
            expression=AnnouncedFigure.step,
            on_page=False,
        ),
        Column(
            key="computed",
            label=_l("The rows say"),
            kind=Kind.MEASURED,
            derive=lambda row: _check(row).computed,
            main=True,
            blank="–",
        ),
        Column(
            key="difference",
            label=_l("Difference"),
            kind=Kind.MEASURED,
            derive=lambda row: _check(row).difference,
            blank="–",
        ),
        Column(key="verdict", label=_l("Verdict"), kind=Kind.ENUM, derive=lambda row: _check(row).verdict, main=True),
        Column(key="remark", label=_l("Remark"), derive=lambda row: remark(_check(row)), blank="–", prose=True),
        Column(key="figure", label=_l("Key of the figure"), expression=AnnouncedFigure.figure, on_page=False),
        Column(
            key="figure_name", label=_l("Name of the figure"), derive=lambda row: name_of(row.figure), on_page=False
        ),
        Column(
            key="compared",
            label=_l("The part, or this year"),
            kind=Kind.NUMBER,
            expression=AnnouncedFigure.compared,
            on_page=False,
        ),
        Column(
            key="base",
            label=_l("The whole, or the year before"),
            kind=Kind.NUMBER,
            expression=AnnouncedFigure.base,
            on_page=False,
        ),
        Column(
            key="base_step",
            label=_l("These two rounded to the nearest"),
            kind=Kind.NUMBER,
            expression=AnnouncedFigure.base_step,
            on_page=False,
        ),
        Column(
            key="from_own",
            label=_l("Made by these two"),
            kind=Kind.MEASURED,
            derive=lambda row: _check(row).from_own,
            on_page=False,
        ),
        Column(
            key="as_of",
            label=_l("As-of date"),
            kind=Kind.DATE,
            expression=AnnouncedFigure.as_of,
            sort=AnnouncedFigure.as_of,
            on_page=False,
        ),
        Column(key="source", label=_l("Published in"), expression=AnnouncedFigure.source, on_page=False),
        Column(key="department", label=_l("Department"), expression=_department, on_page=False),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=AnnouncedFigure.sample, on_page=False),
    ),
)
