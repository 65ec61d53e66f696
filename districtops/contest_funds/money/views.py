"""The pages of an application's money: lines of the award, lines beside it, and who spends it."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.contest_funds.applications.views import act_page
from districtops.contest_funds.models import Application, Award, Matching
from districtops.contest_funds.money import actions
from districtops.contest_funds.money.forms import AwardForm, MatchingForm, OwnProgramForm, WorkForm
from districtops.contest_funds.money.queries import program_meant
from districtops.contest_funds.views import blueprint
from districtops.guard.access import Action, requires
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.locale import won_exact
from districtops.kit.text import Words
from districtops.module import taking_money


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for(".show", application_id=application.id, _anchor="money"), 303)


@blueprint.route("/applications/<int:application_id>/awards/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_award(application_id: int) -> ResponseReturnValue:
    """Add a line of outside money, or take some back."""
    application = fetch_or_404(Application, application_id)
    form = AwardForm()

    def add() -> None:
        line = Award(
            payer=form.payer.data,
            fiscal_year=form.fiscal_year.data,
            amount_won=form.amount_won.data,
            decided_on=form.decided_on.data,
            doc_no=form.doc_no.data or None,
            reason=Words.written(form.reason.data),
            by_id=visitor_id(),
            sample=False,
        )
        actions.add_award(application, line)

    if save(form, add):
        flash(gettext("The award line is added."), "success")
        return _back(application)
    return act_page("award", form, application), form.http_status


@blueprint.route("/applications/<int:application_id>/matching/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_matching(application_id: int) -> ResponseReturnValue:
    """Add money beside the award, or take some back."""
    application = fetch_or_404(Application, application_id)
    form = MatchingForm(data={"fiscal_year": clock.today().year})

    def add() -> None:
        line = Matching(
            source=form.source.data,
            fiscal_year=form.fiscal_year.data,
            amount_won=form.amount_won.data,
            reason=Words.written(form.reason.data),
            by_id=visitor_id(),
            sample=False,
        )
        actions.add_matching(application, line)

    if save(form, add):
        flash(gettext("The matching line is added."), "success")
        return _back(application)
    return act_page("matching", form, application), form.http_status


@blueprint.route("/applications/<int:application_id>/work", methods=["GET", "POST"])
@requires(Action.EDIT)
def put_to_work(application_id: int) -> ResponseReturnValue:
    """Let a project spend the award: its lines become budget lines there, once."""
    application = fetch_or_404(Application, application_id)
    form = WorkForm()
    moved: list[Any] = []

    def put() -> None:
        target = program_meant(form.program.data or "", taking_money(), besides=application.program_id)
        moved.extend((target, actions.put_to_work(application, target, form.kind.data, visitor_id())))

    if save(form, put):
        target, won = moved
        words = gettext("%(won)s are now budget of %(title)s.", won=won_exact(won), title=target.title)
        flash(words, "success")
        return _back(application)
    return act_page("work", form, application), form.http_status


@blueprint.route("/applications/<int:application_id>/own-program", methods=["GET", "POST"])
@requires(Action.EDIT)
def run_on_its_own(application_id: int) -> ResponseReturnValue:
    """Open a program of its own for the award."""
    application = fetch_or_404(Application, application_id)
    form = OwnProgramForm(data={"fiscal_year": clock.today().year})
    made: list[Any] = []
    if save(form, lambda: made.append(actions.run_on_its_own(application, form.fiscal_year.data or 0, visitor_id()))):
        flash(gettext("The award is spent by the programme %(code)s.", code=made[0].code), "success")
        return _back(application)
    return act_page("own_program", form, application), form.http_status
