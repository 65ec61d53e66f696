"""The comparison of two years, and the act that says which project another continues."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.new_deal import queries
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.comparison import actions
from districtops.new_deal.comparison.forms import ContinuesForm
from districtops.new_deal.comparison.overview import Comparison
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.overview import overview_of


@blueprint.get("/programmes/<int:programme_id>/comparison")
@requires(Action.VIEW)
def comparison(programme_id: int) -> ResponseReturnValue:
    """What changed from last year, and where the money is."""
    programme = fetch_or_404(Programme, programme_id)
    found = Comparison(overview_of(programme, queries.programmes()))
    return render_template("new_deal/comparison.html", comparison=found)


@blueprint.route("/projects/<int:project_id>/continues", methods=["GET", "POST"])
@requires(Action.EDIT)
def continues(project_id: int) -> ResponseReturnValue:
    """Say which project of the year before one continues."""
    project = fetch_or_404(Project, project_id)
    before = project.continues
    form = ContinuesForm(data={"version": project.version_token, "code": before.program.code if before else ""})
    if save(form, lambda: actions.continue_from(project, form.code.data), version=project.version_token):
        flash(gettext("The changes are saved."), "success")
        return redirect(url_for(".show", project_id=project.id), 303)
    return act_page("continues", form, project), form.http_status
