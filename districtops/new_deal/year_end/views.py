"""The pages of the year's end: the programme's identity, and each project's decision."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.identity import visitor_id
from districtops.guard.tenancy import scope
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.text import Words
from districtops.models.queries import district_names
from districtops.new_deal import queries as new_deal
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.record import record_of
from districtops.new_deal.year_end import actions, queries, rules
from districtops.new_deal.year_end.forms import ConfirmationForm, DecisionForm, WithdrawalForm
from districtops.new_deal.year_end.models import YearEndDecision

DECISION = ("carry_won", "carry_kind", "return_won", "reason_code", "decided_on", "doc_no")


@blueprint.get("/year-end/overview")
@requires(Action.VIEW)
def year_end_overview() -> ResponseReturnValue:
    """The year's end of a whole programme: where its budget went, and what is still to be decided."""
    programmes = new_deal.programmes()
    programme = _asked(programmes)
    return render_template(
        "new_deal/year_end.html",
        programmes=programmes,
        end=queries.year_end_of(programme) if programme else None,
        contradictions=queries.contradictions(programme) if programme else (),
        offices=district_names() if len(scope().districts) > 1 else {},
        threshold=rules.UNDER_SPEND,
        kinds=queries.CARRIED,
    )


def _asked(programmes: Any) -> Programme | None:
    """The programme that the address names by its id or its year; else the present year's, or the last one before."""
    for name in ("programme", "year"):
        if asked := request.args.get(name, ""):
            key = "id" if name == "programme" else "fiscal_year"
            found: Programme | None = next((p for p in programmes if str(getattr(p, key)) == asked), None)
            return found or abort(404)
    past = (p for p in programmes if p.fiscal_year <= clock.today().year)
    return next(past, programmes[0] if programmes else None)


def _found(project_id: int, decision_id: int) -> tuple[Project, YearEndDecision]:
    project, decision = fetch_or_404(Project, project_id), fetch_or_404(YearEndDecision, decision_id)
    if decision.project_id != project.id:
        abort(404)
    return project, decision


def _back(project: Project) -> ResponseReturnValue:
    return redirect(url_for(".show", project_id=project.id, _anchor="year-end"), 303)


@blueprint.route("/projects/<int:project_id>/year-end/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def draft_year_end(project_id: int) -> ResponseReturnValue:
    """Draft what becomes of the rest of a project's money."""
    project = fetch_or_404(Project, project_id)
    return _draft(project, YearEndDecision(sample=False), gettext("Draft the year-end decision"))


@blueprint.route("/projects/<int:project_id>/year-end/<int:decision_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_year_end(project_id: int, decision_id: int) -> ResponseReturnValue:
    """Change a draft."""
    return _draft(*_found(project_id, decision_id), gettext("Edit the draft of the year-end decision"))


def _draft(project: Project, decision: YearEndDecision, title: str) -> ResponseReturnValue:
    version = str(decision.version or "")
    values: dict[str, Any] = {name: getattr(decision, name) for name in DECISION}
    form = DecisionForm(data={**values, "reason": str(decision.reason or ""), "version": version})

    def keep() -> None:
        for name in DECISION:
            setattr(decision, name, form[name].data)
        decision.doc_no = form.doc_no.data or None
        decision.reason = Words.written(form.reason.data, decision.reason)
        actions.draft(project, decision, visitor_id())

    if save(form, keep, version=version):
        flash(gettext("The draft is saved. It counts once somebody else has confirmed it."), "success")
        return _back(project)
    page = act_page(
        "act",
        form,
        project,
        title=title,
        purpose=gettext("What is left is carried over, returned, or unused. A draft counts once it is confirmed."),
        submit=gettext("Save the draft"),
        anchor="year-end",
        record=record_of(project),
    )
    return page, form.http_status


@blueprint.route("/projects/<int:project_id>/year-end/<int:decision_id>/confirm", methods=["GET", "POST"])
@requires(Action.DECIDE)
def confirm_year_end(project_id: int, decision_id: int) -> ResponseReturnValue:
    """Confirm what a colleague drafted."""
    project, decision = _found(project_id, decision_id)
    version = str(decision.version)
    form = ConfirmationForm(data={"version": version, "doc_no": decision.doc_no})

    def confirm() -> None:
        decision.doc_no = form.doc_no.data or None
        actions.confirm(project, decision, visitor_id())

    if save(form, confirm, version=version):
        flash(gettext("The year-end decision is confirmed and counts from now on."), "success")
        return _back(project)
    record = record_of(project)
    page = act_page(
        "year_end_confirm",
        form,
        project,
        closing=queries.closing_of(project, record.budget, record.spent),
        decision=decision,
        record=record,
    )
    return page, form.http_status


@blueprint.route("/projects/<int:project_id>/year-end/<int:decision_id>/withdraw", methods=["GET", "POST"])
@requires(Action.DECIDE)
def withdraw_year_end(project_id: int, decision_id: int) -> ResponseReturnValue:
    """Decline a draft, or take back what was confirmed."""
    project, decision = _found(project_id, decision_id)
    form = WithdrawalForm()
    if save(form, lambda: actions.withdraw(decision, Words.written(form.reason.data), visitor_id())):
        flash(gettext("The year-end decision is withdrawn. It stays readable with its reason."), "success")
        return _back(project)
    page = act_page(
        "act",
        form,
        project,
        title=gettext("Withdraw the year-end decision"),
        purpose=gettext("It counts no more from this moment on; another one can then be drafted."),
        submit=gettext("Withdraw"),
        anchor="year-end",
        danger=True,
    )
    return page, form.http_status
