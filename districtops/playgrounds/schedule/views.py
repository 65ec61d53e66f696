"""The answers as pages, and the way of an entry through drafting, approval, publication and withdrawal."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops.guard.access import Action, requires
from districtops.guard.history import history
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.locale import day as in_words
from districtops.kit.text import Words
from districtops.models import queries as shared
from districtops.playgrounds.blueprint import blueprint, me
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Kind
from districtops.playgrounds.schedule import actions
from districtops.playgrounds.schedule.forms import ApprovalForm, EntryForm, PublicationForm, WithdrawalForm
from districtops.playgrounds.schedule.models import Entry, Standing

PLAIN = (
    "kind",
    "cause",
    "first_on",
    "last_on",
    "opens",
    "closes",
    "weekday",
    "yearly_from",
    "yearly_to",
    "notice_url",
)


@blueprint.route("/<int:playground_id>/entries/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_entry(playground_id: int) -> ResponseReturnValue:
    """Draft an entry of a playground's schedule."""
    playground = fetch_or_404(Playground, playground_id)
    wanted = request.args.get("kind", "")
    kind = Kind(wanted) if wanted in {member.value for member in Kind} else None
    form = EntryForm(data={"kind": kind})
    entry = Entry(playground_id=playground.id, standing=Standing.DRAFT, sample=False)
    return _keep(playground, entry, form, gettext("New entry of the schedule"))


@blueprint.get("/entries/<int:entry_id>")
@requires(Action.VIEW)
def entry(entry_id: int) -> ResponseReturnValue:
    """An entry: what it says, how far it has come, and everything that was done with it."""
    found = fetch_or_404(Entry, entry_id)
    rows = {Entry.__tablename__: [found.id]}
    return render_template(
        "playgrounds/entry.html",
        entry=found,
        Standing=Standing,
        own=found.drafted_by_id is not None and found.drafted_by_id == me(),
        without_effect=actions.without_effect(found),
        history=history(shared.changes_of(rows)),
    )


@blueprint.route("/entries/<int:entry_id>/revise", methods=["GET", "POST"])
@requires(Action.EDIT)
def revise(entry_id: int) -> ResponseReturnValue:
    """Change a draft; of what is published, draft the entry that will replace it."""
    found = fetch_or_404(Entry, entry_id)
    values = {name: getattr(found, name) for name in PLAIN}
    reasons = {"reason": str(found.reason), "reason_other": found.reason.in_other_language}
    form = EntryForm(data={**values, **reasons, "version": str(found.version)})
    title = (
        gettext("Replace the published entry") if found.standing is Standing.PUBLISHED else gettext("Edit the entry")
    )
    return _keep(found.playground, found, form, title)


def _keep(playground: Playground, entry: Entry, form: EntryForm, title: str) -> ResponseReturnValue:
    replaces = entry.standing is Standing.PUBLISHED
    version = str(entry.version or "")
    kept = (
        Entry(playground_id=playground.id, standing=Standing.DRAFT, replaces_id=entry.id, sample=False)
        if replaces
        else entry
    )

    def keep() -> None:
        for name in PLAIN:
            setattr(kept, name, form[name].data or None)
        kept.reason = Words.in_both(form.reason.data, form.reason_other.data)
        actions.keep(kept, me())

    if save(form, keep, version=version):
        flash(gettext("The draft is saved. Somebody else approves it before it counts."), "success")
        _tell_without_effect(kept)
        return redirect(url_for(".entry", entry_id=kept.id), 303)
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=gettext(
            "What is published is never edited: saving makes a draft that replaces it when it is published."
        )
        if replaces
        else gettext("A draft changes no answer until somebody else has approved it and it is published."),
        submit=gettext("Save the draft"),
        back=url_for(".entry", entry_id=entry.id) if version else url_for(".show", playground_id=playground.id),
        playground=playground,
    )
    return page, form.http_status


def _tell_without_effect(entry: Entry) -> None:
    """Report on which days an exceptional opening changes nothing, because something higher closes."""
    for day in actions.without_effect(entry):
        flash(
            gettext(
                "This opening has no effect on %(day)s: %(rule)s wins.",
                day=in_words(day.date),
                rule=day.because.label,
            ),
            "warning",
        )


@blueprint.route("/entries/<int:entry_id>/approve", methods=["GET", "POST"])
@requires(Action.DECIDE)
def approve(entry_id: int) -> ResponseReturnValue:
    """Approve what a colleague drafted."""
    found = fetch_or_404(Entry, entry_id)
    form = ApprovalForm(data={"version": str(found.version)})
    if save(form, lambda: actions.approve(found, me(), form.doc_no.data or None), version=str(found.version)):
        safety = found.kind is Kind.SAFETY_CLOSURE
        flash(
            gettext("The safety closure is approved and published: it counts from now on.")
            if safety
            else gettext(
                "The entry is approved. It counts once an officer has published it, whose first page says so."
            ),
            "success",
        )
        _tell_without_effect(found)
        return redirect(url_for(".entry", entry_id=found.id), 303)
    return _act(
        found,
        form,
        gettext("Approve the entry"),
        gettext("A safety closure is published by its approval; everything else is published afterwards."),
        gettext("Approve"),
    )


@blueprint.route("/entries/<int:entry_id>/publish", methods=["GET", "POST"])
@requires(Action.EDIT)
def publish(entry_id: int) -> ResponseReturnValue:
    """Let an approved entry count."""
    found = fetch_or_404(Entry, entry_id)
    form = PublicationForm()
    if save(form, lambda: actions.publish(found)):
        flash(gettext("The entry is published: the answers follow it from now on."), "success")
        _tell_without_effect(found)
        return redirect(url_for(".entry", entry_id=found.id), 303)
    return _act(
        found,
        form,
        gettext("Publish the entry"),
        gettext("From this moment on pages, files and calendars follow it. It can then be replaced or withdrawn only."),
        gettext("Publish"),
    )


@blueprint.route("/entries/<int:entry_id>/withdraw", methods=["GET", "POST"])
@requires(Action.DECIDE)
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Decline a draft, or take back what is published."""
    found = fetch_or_404(Entry, entry_id)
    form = WithdrawalForm()
    if save(form, lambda: actions.withdraw(found, Words.written(form.reason.data))):
        flash(gettext("The entry is withdrawn. What it said before stays readable."), "success")
        return redirect(url_for(".entry", entry_id=found.id), 303)
    return _act(
        found,
        form,
        gettext("Withdraw the entry"),
        gettext("It counts no more from this moment on; answers as published before keep it."),
        gettext("Withdraw"),
        danger=True,
    )


def _act(entry: Entry, form: Any, title: str, purpose: str, submit: str, *, danger: bool = False) -> Any:
    page = render_template(
        "playgrounds/form.html",
        form=form,
        title=title,
        purpose=purpose,
        submit=submit,
        danger=danger,
        back=url_for(".entry", entry_id=entry.id),
        playground=entry.playground,
        entry=entry,
    )
    return page, form.http_status
