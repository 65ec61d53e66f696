"""The pages of an indicator's readings."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.text import Words
from districtops.new_deal.actions import refuse_ended
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.indicators import actions
from districtops.new_deal.indicators.forms import CorrectionForm, ReadingForm
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Project


@blueprint.route("/projects/<int:project_id>/readings/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_reading(project_id: int) -> ResponseReturnValue:
    """Enter what the indicator shows."""
    project = fetch_or_404(Project, project_id)
    return _read(project, None, gettext("Enter a reading"))


@blueprint.route("/projects/<int:project_id>/readings/<int:reading_id>/correct", methods=["GET", "POST"])
@requires(Action.EDIT)
def correct_reading(project_id: int, reading_id: int) -> ResponseReturnValue:
    """Put another reading in the place of a wrong one."""
    project, reading = fetch_or_404(Project, project_id), fetch_or_404(Reading, reading_id)
    if reading.project_id != project.id:
        abort(404)
    return _read(project, reading, gettext("Correct the reading"))


def _read(project: Project, replaces: Reading | None, title: str) -> ResponseReturnValue:
    form = CorrectionForm() if replaces else ReadingForm(data={"on_date": clock.today()})

    def read() -> None:
        refuse_ended(project)
        on = form.on_date.data or (replaces.on_date if replaces else clock.today())
        assert form.value.data is not None, "the form asks for it"
        note = Words.written(form.note.data)
        actions.read(project, on, form.value.data, note, replaces=replaces, by_id=visitor_id())

    if save(form, read):
        flash(gettext("The reading is saved."), "success")
        return redirect(url_for(".show", project_id=project.id, _anchor="indicator"), 303)
    page = act_page(
        "act",
        form,
        project,
        title=title,
        purpose=gettext("A reading is never changed: a correction takes its place, and both stay readable.")
        if replaces
        else gettext("What the indicator shows on a day: %(name)s.", name=project.kpi_name or gettext("not stated")),
        submit=gettext("Save the reading"),
        anchor="indicator",
    )
    return page, form.http_status
