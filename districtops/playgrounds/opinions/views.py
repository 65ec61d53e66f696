"""The pages of residents' opinions."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.forms import choices
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import queries as shared
from districtops.playgrounds.blueprint import blueprint
from districtops.playgrounds.opinions import actions
from districtops.playgrounds.opinions.forms import FeedbackForm, StepForm
from districtops.playgrounds.opinions.models import NEXT, Feedback, Step
from districtops.playgrounds.places.models import Playground


@blueprint.route("/<int:playground_id>/feedback/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_feedback(playground_id: int) -> ResponseReturnValue:
    """Enter an opinion."""
    playground = fetch_or_404(Playground, playground_id)
    feedback = Feedback(playground_id=playground.id, step=Step.RECEIVED, sample=False)
    form = FeedbackForm(data={"received_on": clock.today()})
    return _keep(playground, feedback, form, gettext("New opinion"))


@blueprint.route("/feedback/<int:feedback_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_feedback(feedback_id: int) -> ResponseReturnValue:
    """Correct an opinion as it was received."""
    feedback = fetch_or_404(Feedback, feedback_id)
    values = {"received_on": feedback.received_on, "topic": feedback.topic, "text": str(feedback.text)}
    form = FeedbackForm(data={**values, "version": str(feedback.version)})
    return _keep(feedback.playground, feedback, form, gettext("Edit the opinion"))


def _keep(playground: Playground, feedback: Feedback, form: FeedbackForm, title: str) -> ResponseReturnValue:
    version = str(feedback.version or "")

    def keep() -> None:
        if form.received_on.data is None or form.received_on.data > clock.today():
            raise RuleBroken(_l("The day must not lie in the future."), "received_on")
        if feedback.reviewed_on is not None and form.received_on.data > feedback.reviewed_on:
            raise RuleBroken(_l("It was reviewed before that day."), "received_on")
        feedback.received_on, feedback.topic = form.received_on.data, form.topic.data
        feedback.text = Words.written(form.text.data, feedback.text) or Words()
        db.session.add(feedback)

    if save(form, keep, version=version):
        flash(gettext("The opinion is saved."), "success")
        return redirect(url_for(".show_feedback", feedback_id=feedback.id), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=gettext("Keep what was said, not who said it."),
        submit=gettext("Save the opinion"),
        back=url_for(".show_feedback", feedback_id=feedback.id) if version else url_for(".feedback"),
        playground=playground,
    )
    return page, form.http_status


@blueprint.get("/feedback/<int:feedback_id>")
@requires(Action.VIEW)
def show_feedback(feedback_id: int) -> ResponseReturnValue:
    """An opinion, and its way to the answer."""
    feedback = fetch_or_404(Feedback, feedback_id)
    return render_template(
        "playgrounds/feedback.html",
        feedback=feedback,
        following=NEXT[feedback.step],
        history=history(shared.changes_of({Feedback.__tablename__: [feedback.id]})),
    )


@blueprint.route("/feedback/<int:feedback_id>/step", methods=["GET", "POST"])
@requires(Action.EDIT)
def feedback_step(feedback_id: int) -> ResponseReturnValue:
    """Take the next step of an opinion."""
    feedback = fetch_or_404(Feedback, feedback_id)
    form = StepForm(data={"on_date": clock.today()})
    form.step.choices = choices(((s.value, s.label) for s in NEXT[feedback.step]), _l("Choose the step"))

    def take() -> None:
        actions.take(feedback, form.step.data, form.on_date.data or clock.today(), Words.written(form.words.data))

    if save(form, take):
        flash(gettext("The opinion is now: %(step)s.", step=feedback.step.label), "success")
        return redirect(url_for(".show_feedback", feedback_id=feedback.id), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=gettext("The next step of the opinion"),
        purpose=gettext("Now: %(step)s. “%(text)s”", step=feedback.step.label, text=feedback.text),
        submit=gettext("Save the step"),
        back=url_for(".show_feedback", feedback_id=feedback.id),
        playground=feedback.playground,
    )
    return page, form.http_status
