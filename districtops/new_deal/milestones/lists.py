"""Milestones as a list."""

from typing import Any

from flask import url_for
from flask_babel import lazy_pgettext

from districtops import clock
from districtops.kit.columns import Column, Kind
from districtops.kit.db import AnySelect
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import Department, Milestone, Program
from districtops.new_deal import queries
from districtops.new_deal.columns import DEPARTMENT
from districtops.new_deal.milestones import rules
from districtops.new_deal.milestones.forms import MilestoneFilter
from districtops.new_deal.models import Project


def _source(statement: AnySelect) -> AnySelect:
    return (
        statement.select_from(Milestone)
        .join(Project, Project.program_id == Milestone.program_id)
        .join(Program, Program.id == Milestone.program_id)
        .outerjoin(Department, Department.id == Program.department_id)
    )


def _slip(row: Any) -> int | None:
    return rules.slip(row.planned_on, row.due_on, row.done_on, row.given_up_on, clock.today())


milestones = Listing(
    name="milestones",
    title=_l("Milestones of New Deal projects"),
    purpose=_l("Which projects are late, by how many days, and why."),
    source=_source,
    row_id=Milestone.id,
    form=MilestoneFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.project_id, _anchor="schedule"),
    default_sort="due_on",
    empty_text=_l("No milestone is recorded yet. Open a project and add the dates that must not be missed."),
    extra=(("project_id", Project.id),),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=Milestone.id, on_page=False),
        Column(
            key="title",
            label=lazy_pgettext("heading of names", "Project"),
            expression=queries.title_column,
            primary=True,
            main=True,
        ),
        Column(key="milestone", label=_l("Milestone"), expression=Milestone.title, main=True),
        DEPARTMENT,
        Column(key="planned_on", label=_l("First planned"), kind=Kind.DATE, expression=Milestone.planned_on),
        Column(key="due_on", label=_l("Due"), kind=Kind.DATE, expression=Milestone.due_on, sort=Milestone.due_on),
        Column(
            key="done_on", label=_l("Done on"), kind=Kind.DATE, expression=Milestone.done_on, blank="–", on_page=False
        ),
        Column(
            key="given_up_on",
            label=_l("Given up on"),
            kind=Kind.DATE,
            expression=Milestone.given_up_on,
            blank="–",
            on_page=False,
        ),
        Column(key="slip_days", label=_l("Slip"), kind=Kind.NUMBER, unit=_l("days"), derive=_slip, main=True),
        Column(
            key="state",
            label=_l("State"),
            kind=Kind.ENUM,
            derive=lambda row: rules.standing(row.due_on, row.done_on, row.given_up_on, clock.today()),
        ),
        Column(key="issue", label=_l("Issue"), expression=Milestone.issue, blank="–"),
        Column(key="countermeasure", label=_l("Countermeasure"), expression=Milestone.countermeasure, blank="–"),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=Milestone.sample, on_page=False),
    ),
)
