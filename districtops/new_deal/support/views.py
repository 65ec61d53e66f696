"""The pages of measures beside the projects."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.text import Words
from districtops.models import queries as shared
from districtops.new_deal import queries
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.models import Programme
from districtops.new_deal.support import actions
from districtops.new_deal.support.forms import HeldForm, MeasureForm
from districtops.new_deal.support.models import SupportMeasure


@blueprint.get("/support/<int:measure_id>")
@requires(Action.VIEW)
def show_measure(measure_id: int) -> ResponseReturnValue:
    """A measure: how it is planned, and what came of it."""
    measure = fetch_or_404(SupportMeasure, measure_id)
    changes = history(shared.changes_of({SupportMeasure.__tablename__: [measure.id]}))
    return render_template("new_deal/measure.html", measure=measure, history=changes)


@blueprint.route("/support/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_measure() -> ResponseReturnValue:
    """Plan a measure."""
    current = queries.current_programme()
    return _keep(SupportMeasure(sample=False), MeasureForm(data={"programme": current.id if current else None}))


@blueprint.route("/support/<int:measure_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_measure(measure_id: int) -> ResponseReturnValue:
    """Change how a measure is planned."""
    measure = fetch_or_404(SupportMeasure, measure_id)
    texts = {name: str(getattr(measure, name) or "") for name in ("name", "place", "target_group")}
    values = {"programme": measure.programme_id, "kind": measure.kind, "planned_on": measure.planned_on, **texts}
    return _keep(measure, MeasureForm(data={**values, "version": str(measure.version)}))


def _keep(measure: SupportMeasure, form: MeasureForm) -> ResponseReturnValue:
    version = str(measure.version or "")

    def keep() -> None:
        measure.programme_id = fetch_or_404(Programme, form.programme.data).id
        measure.kind, measure.planned_on = form.kind.data, form.planned_on.data
        measure.name = Words.written(form.name.data, measure.name) or Words()
        measure.place = Words.written(form.place.data, measure.place)
        measure.target_group = Words.written(form.target_group.data, measure.target_group)
        db.session.add(measure)

    if save(form, keep, version=version):
        flash(gettext("The measure is saved."), "success")
        return redirect(url_for(".show_measure", measure_id=measure.id), 303)
    page = render_template("new_deal/measure_form.html", form=form, measure=measure if version else None)
    return page, form.http_status


@blueprint.route("/support/<int:measure_id>/held", methods=["GET", "POST"])
@requires(Action.EDIT)
def measure_held(measure_id: int) -> ResponseReturnValue:
    """Record that a measure was held, or correct its result."""
    measure = fetch_or_404(SupportMeasure, measure_id)
    values = {"held_on": measure.held_on or clock.today(), "participants": measure.participants}
    form = HeldForm(data={**values, "result": str(measure.result or ""), "version": str(measure.version)})

    def hold() -> None:
        result = Words.written(form.result.data, measure.result)
        actions.hold(measure, form.held_on.data or clock.today(), form.participants.data, result)

    if save(form, hold, version=str(measure.version)):
        flash(gettext("The result is saved."), "success")
        return redirect(url_for(".show_measure", measure_id=measure.id), 303)
    return render_template("new_deal/measure_held.html", form=form, measure=measure), form.http_status
