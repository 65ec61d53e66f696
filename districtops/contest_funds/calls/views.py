"""The pages of a call: keeping it, asking divisions, answering."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.contest_funds import queries
from districtops.contest_funds.calls import actions
from districtops.contest_funds.calls.forms import AnswerForm, AskForm, CallForm
from districtops.contest_funds.models import Call, Routing
from districtops.contest_funds.views import blueprint
from districtops.guard.access import Action, may, requires
from districtops.guard.history import history
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.deadline import days_left, due_state
from districtops.kit.text import Words, both_names, other_name
from districtops.models.queries import changes_of

PLAIN = ("organiser_kind", "type", "opens_on", "closes_on", "max_grant_won", "matching_percent", "council_report")
TEXTS = ("doc_no", "link")


@blueprint.route("/calls/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create_call() -> ResponseReturnValue:
    """Record a call."""
    return _keep(Call(council_report=False, sample=False), CallForm())


@blueprint.route("/calls/<int:call_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_call(call_id: int) -> ResponseReturnValue:
    """Change what is kept of a call."""
    call = fetch_or_404(Call, call_id)
    values: dict[str, Any] = {name: getattr(call, name) for name in (*PLAIN, *TEXTS)}
    values |= {"title": call.title, "title_other": other_name(call.title_en, call.title_ko)}
    values |= {"organiser": str(call.organiser or ""), "version": str(call.version)}
    return _keep(call, CallForm(data=values))


def _keep(call: Call, form: CallForm) -> ResponseReturnValue:
    def keep() -> None:
        call.title_en, call.title_ko = both_names(form.title.data or "", form.title_other.data)
        call.organiser = Words.written(form.organiser.data, call.organiser)
        for name in PLAIN:
            setattr(call, name, form[name].data)
        for name in TEXTS:
            setattr(call, name, form[name].data or None)
        actions.keep(call)

    if save(form, keep, version=str(call.version or "")):
        flash(gettext("The call is saved."), "success")
        return redirect(url_for(".show_call", call_id=call.id), 303)
    return render_template("contest_funds/call_form.html", form=form, call=call if call.id else None), form.http_status


@blueprint.get("/calls/<int:call_id>")
@requires(Action.VIEW)
def show_call(call_id: int) -> ResponseReturnValue:
    """A call's page: what it offers, who was asked, what was filed, and lessons of similar ones."""
    call = fetch_or_404(Call, call_id)
    today = clock.today()
    routings = queries.routings_of(call)
    ids = {"contest_call": [call.id], "contest_routing": [row.id for row in routings]}
    return render_template(
        "contest_funds/call.html",
        call=call,
        days=None if call.closes_on is None else days_left(call.closes_on, today),
        state=None if call.closes_on is None else due_state(call.closes_on, today, done=False),
        routings=routings,
        applications=queries.applications_of(call),
        lessons=queries.lessons_for(call),
        editing=may(Action.EDIT, blueprint.name),
        history=history(changes_of(ids)),
    )


@blueprint.route("/calls/<int:call_id>/ask", methods=["GET", "POST"])
@requires(Action.EDIT)
def ask(call_id: int) -> ResponseReturnValue:
    """Ask a division whether it will apply."""
    call = fetch_or_404(Call, call_id)
    form = AskForm(asked=frozenset(row.department_id for row in queries.routings_of(call)))
    if save(form, lambda: actions.ask(call, form.department.data, visitor_id())):
        flash(gettext("The division is asked. Its answer is awaited on the call's page."), "success")
        return redirect(url_for(".show_call", call_id=call.id, _anchor="divisions"), 303)
    return render_template("contest_funds/ask.html", form=form, call=call), form.http_status


@blueprint.route("/routings/<int:routing_id>/answer", methods=["GET", "POST"])
@requires(Action.EDIT)
def answer(routing_id: int) -> ResponseReturnValue:
    """Keep a division's answer."""
    routing = fetch_or_404(Routing, routing_id)
    form = AnswerForm(
        data={
            "version": str(routing.version),
            "answer": routing.answer,
            "reason": routing.reason,
            "reason_text": str(routing.reason_text or ""),
            "answered_on": routing.answered_on or clock.today(),
        }
    )

    def keep() -> None:
        text = Words.written(form.reason_text.data, routing.reason_text)
        day = form.answered_on.data or clock.today()
        actions.answer(routing, form.answer.data, form.reason.data, text, day, visitor_id())

    if save(form, keep, version=str(routing.version)):
        flash(gettext("The answer is saved."), "success")
        return redirect(url_for(".show_call", call_id=routing.call_id, _anchor="divisions"), 303)
    return render_template("contest_funds/answer.html", form=form, routing=routing), form.http_status
