"""The pages of a project's milestones."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.text import Words
from districtops.models import Milestone
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.milestones import actions
from districtops.new_deal.milestones.forms import MilestoneForm
from districtops.new_deal.models import Project


@blueprint.route("/projects/<int:project_id>/milestones/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_milestone(project_id: int) -> ResponseReturnValue:
    """Add a step to a project's schedule."""
    project = fetch_or_404(Project, project_id)
    return _milestone(project, Milestone(program_id=project.program_id))


@blueprint.route("/projects/<int:project_id>/milestones/<int:milestone_id>", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_milestone(project_id: int, milestone_id: int) -> ResponseReturnValue:
    """Change a step of a project's schedule, or mark it done."""
    project = fetch_or_404(Project, project_id)
    milestone = fetch_or_404(Milestone, milestone_id)
    if milestone.program_id != project.program_id:
        abort(404)
    return _milestone(project, milestone)


def _milestone(project: Project, milestone: Milestone) -> ResponseReturnValue:
    version = str(milestone.version or "")
    due_before = milestone.due_on
    values = {"version": version, "title": str(milestone.title or ""), "due_on": due_before}
    remarks = {name: str(getattr(milestone, name) or "") for name in ("issue", "countermeasure", "given_up_reason")}
    given_up = milestone.given_up_on is not None
    form = MilestoneForm(data={**values, **remarks, "done_on": milestone.done_on, "given_up": given_up})
    if not version:
        # A first date has nothing to explain, and nothing is planned to be given up.
        for name in ("reason", "given_up", "given_up_reason"):
            delattr(form, name)

    def keep() -> None:
        milestone.title = Words.written(form.title.data, milestone.title) or Words()
        milestone.due_on = form.due_on.data or clock.today()
        milestone.done_on = form.done_on.data
        milestone.issue = Words.written(form.issue.data, milestone.issue)
        milestone.countermeasure = Words.written(form.countermeasure.data, milestone.countermeasure)
        if not version:
            actions.keep(project, milestone, None, None)
            return
        actions.keep(
            project,
            milestone,
            due_before,
            Words.written(form.reason.data),
            given_up=form.given_up.data,
            given_up_reason=Words.written(form.given_up_reason.data, milestone.given_up_reason),
        )

    if save(form, keep, version=version):
        flash(gettext("The milestone is saved."), "success")
        return redirect(url_for(".show", project_id=project.id, _anchor="schedule"), 303)
    return act_page("milestone", form, project, milestone=milestone), form.http_status
