"""The pages of residents' opinions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.text import Words
from districtops.models import queries as shared
from districtops.new_deal import queries
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.models import Programme
from districtops.new_deal.opinions import actions
from districtops.new_deal.opinions.forms import OpinionForm, OpinionStepForm
from districtops.new_deal.opinions.models import Opinion
from districtops.new_deal.opinions.queries import by_state, latest, pace, steps
from districtops.new_deal.opinions.rules import NEXT, OpinionState


@blueprint.get("/programmes/<int:programme_id>/opinions")
@requires(Action.VIEW)
def programme_opinions(programme_id: int) -> ResponseReturnValue:
    """What residents said about a year's programme: how far it came, and how long the answers took."""
    programme = fetch_or_404(Programme, programme_id)
    about = Opinion.programme_id == programme.id
    return render_template(
        "new_deal/programme_opinions.html",
        programme=programme,
        states=by_state(programme),
        pace=pace(about),
        latest=latest(about),
    )


@blueprint.route("/opinions/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_opinion() -> ResponseReturnValue:
    """Enter an opinion; ``?project=`` is the code of the project that it is about."""
    code = request.args.get("project", "")
    project = queries.project_coded(code) if code else None
    current = project.programme if project else queries.current_programme()
    start: dict[str, Any] = {
        "received_on": clock.today(),
        "programme": current.id if current else None,
        "project": project.program.code if project else None,
    }
    return _keep(Opinion(state=OpinionState.RECEIVED, sample=False), OpinionForm(data=start))


@blueprint.route("/opinions/<int:opinion_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_opinion(opinion_id: int) -> ResponseReturnValue:
    """Correct an opinion as it was received."""
    opinion = fetch_or_404(Opinion, opinion_id)
    values = {
        "version": str(opinion.version),
        "received_on": opinion.received_on,
        "channel": opinion.channel,
        "programme": opinion.programme_id,
        "project": opinion.project.program.code if opinion.project else "",
        "department": opinion.department_id,
        "text": str(opinion.text),
    }
    return _keep(opinion, OpinionForm(data=values, department_id=opinion.department_id))


def _keep(opinion: Opinion, form: OpinionForm) -> ResponseReturnValue:
    version = str(opinion.version or "")

    def keep() -> None:
        opinion.channel, opinion.department_id = form.channel.data, form.department.data
        opinion.text = Words.written(form.text.data, opinion.text) or Words()
        actions.place(opinion, fetch_or_404(Programme, form.programme.data), form.project.data)
        actions.keep(opinion, form.received_on.data or clock.today())

    if save(form, keep, version=version):
        flash(gettext("The opinion is saved."), "success")
        return redirect(url_for(".show_opinion", opinion_id=opinion.id), 303)
    page = render_template("new_deal/opinion_form.html", form=form, opinion=opinion if version else None)
    return page, form.http_status


@blueprint.get("/opinions/<int:opinion_id>")
@requires(Action.VIEW)
def show_opinion(opinion_id: int) -> ResponseReturnValue:
    """An opinion, and its way to the answer."""
    opinion = fetch_or_404(Opinion, opinion_id)
    return render_template(
        "new_deal/opinion.html",
        opinion=opinion,
        steps=steps(opinion),
        following=NEXT[opinion.state],
        history=history(shared.changes_of({Opinion.__tablename__: [opinion.id]})),
    )


@blueprint.route("/opinions/<int:opinion_id>/step", methods=["GET", "POST"])
@requires(Action.EDIT)
def opinion_step(opinion_id: int) -> ResponseReturnValue:
    """Take the next step of an opinion."""
    opinion = fetch_or_404(Opinion, opinion_id)
    form = OpinionStepForm(data={"on_date": clock.today(), "version": str(opinion.version)})

    def take() -> None:
        day = form.on_date.data or clock.today()
        actions.take(opinion, form.state.data, day, Words.written(form.said.data), visitor_id())

    if save(form, take, version=str(opinion.version)):
        flash(gettext("The opinion is now: %(step)s.", step=opinion.state.label), "success")
        return redirect(url_for(".show_opinion", opinion_id=opinion.id), 303)
    form.offer(opinion.state)
    return render_template("new_deal/opinion_step.html", form=form, opinion=opinion), form.http_status
