"""The pages of an application: filing it, its page, its steps."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.attachments.section import section_of
from districtops.contest_funds import queries, rules
from districtops.contest_funds.applications import actions
from districtops.contest_funds.applications.forms import ApplicationForm, NewApplicationForm, SharesForm, StepForm
from districtops.contest_funds.applications.record import record_of
from districtops.contest_funds.models import Application, Call
from districtops.contest_funds.money.actions import select_by_shares as record_shares
from districtops.contest_funds.views import blueprint
from districtops.guard.access import Action, may, requires
from districtops.guard.history import history
from districtops.guard.identity import visitor, visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.forms import NoteForm
from districtops.kit.text import Words, both_names, other_name
from districtops.models import Note, Program
from districtops.models import queries as shared
from districtops.module import page_of_program, ties_of


@blueprint.route("/applications/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create() -> ResponseReturnValue:
    """File that the office may apply to a call."""
    return _create(None)


@blueprint.route("/calls/<int:call_id>/apply", methods=["GET", "POST"])
@requires(Action.EDIT)
def create_for_call(call_id: int) -> ResponseReturnValue:
    """The same, starting from a call."""
    return _create(fetch_or_404(Call, call_id))


def _create(call: Call | None) -> ResponseReturnValue:
    person = visitor()
    start: dict[str, Any] = {"officer": visitor_id(), "department": person.user.department_id if person else None}
    if call is not None:
        start |= {"call": call.id, "title": call.title, "title_other": other_name(call.title_en, call.title_ko)}
    form = NewApplicationForm(data=start)
    open_calls = queries.open_calls(clock.today(), also=call)
    form.call.offer((row.id, row.title) for row in open_calls)
    application, program = Application(several=False, named=False), Program(module=blueprint.name, sample=False)

    def file() -> None:
        program.title_en, program.title_ko = both_names(form.title.data or "", form.title_other.data)
        program.department_id, program.officer_id = form.department.data, form.officer.data
        application.purpose = Words.written(form.purpose.data)
        actions.file_application(program, application, fetch_or_404(Call, form.call.data))

    if save(form, file):
        flash(gettext("The application is filed under %(code)s.", code=program.code), "success")
        return redirect(url_for(".show", application_id=application.id), 303)
    page = render_template("contest_funds/create.html", form=form, call=call, calls=open_calls)
    return page, form.http_status


@blueprint.get("/applications/<int:application_id>")
@requires(Action.VIEW)
def show(application_id: int) -> ResponseReturnValue:
    """An application's page: state, money, steps, files, notes and history."""
    application = fetch_or_404(Application, application_id)
    program = application.program
    record = record_of(application)
    return render_template(
        "contest_funds/show.html",
        application=application,
        program=program,
        call=application.call,
        record=record,
        ladder=rules.LADDER,
        links={row.target_id: page_of_program(row.module, row.target_id) for row in record.work},
        editing=may(Action.EDIT, blueprint.name) and application.state not in rules.ENDED,
        award_changes=application.state in rules.MAY_CHANGE_AWARD,
        matching_changes=application.state in rules.MAY_CHANGE_MATCHING,
        note_form=NoteForm(),
        files=section_of(blueprint.name, application.id, program),
        ties=ties_of(program),
        history=history(shared.changes(program)),
    )


@blueprint.route("/applications/<int:application_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit(application_id: int) -> ResponseReturnValue:
    """Change what is kept of an application."""
    application = fetch_or_404(Application, application_id)
    program = application.program
    plain = ("total_won", "council_reported_on", "several", "named")
    values = {
        "version": application.version_token,
        "title": program.title,
        "title_other": other_name(program.title_en, program.title_ko),
        "department": program.department_id,
        "officer": program.officer_id,
        "purpose": str(application.purpose or ""),
        "lesson": str(application.lesson or ""),
        "starts_on": program.starts_on,
        "ends_on": program.ends_on,
        **{name: getattr(application, name) for name in plain},
    }
    form = ApplicationForm(data=values, department_id=program.department_id, officer_id=program.officer_id)

    def change() -> None:
        actions.refuse_ended(application)
        program.title_en, program.title_ko = both_names(form.title.data or "", form.title_other.data)
        program.department_id, program.officer_id = form.department.data, form.officer.data
        program.starts_on, program.ends_on = form.starts_on.data, form.ends_on.data
        for name in ("purpose", "lesson"):
            setattr(application, name, Words.written(form[name].data, getattr(application, name)))
        for name in plain:
            setattr(application, name, form[name].data)
        actions.check(application)

    if save(form, change, version=application.version_token):
        flash(gettext("The changes are saved."), "success")
        return redirect(url_for(".show", application_id=application.id), 303)
    return act_page("edit", form, application), form.http_status


@blueprint.route("/applications/<int:application_id>/steps/<step>", methods=["GET", "POST"])
@requires(Action.EDIT)
def step(application_id: int, step: str) -> ResponseReturnValue:
    """Take a step from one state to the next, or aside."""
    application = fetch_or_404(Application, application_id)
    verb = rules.VERBS.get(step)
    if verb is None:
        abort(404)
    form = StepForm(
        data={"on_date": clock.today(), "version": application.version_token, "total_won": application.total_won}
    )
    form.ask_for(verb)

    def move() -> None:
        names = ("requested_won", "fiscal_year", "total_won", "loss", "settle_within", "settle_unit")
        taken = actions.Step(
            on_date=form.on_date.data or clock.today(),
            reason=Words.written(form.reason.data),
            doc_no=form.doc_no.data or None,
            lesson=Words.written(form.given("lesson")),
            awards=form.awards(),
            returned_won=form.given("returned_won"),
            interest_won=form.given("interest_won"),
            **{name: form.given(name) for name in names},
        )
        actions.move(application, verb.name, taken, visitor_id())

    if save(form, move, version=application.version_token):
        flash(gettext("The application is now: %(state)s.", state=application.state.label), "success")
        return redirect(url_for(".show", application_id=application.id), 303)
    return act_page("step", form, application, verb=verb), form.http_status


@blueprint.route("/applications/<int:application_id>/select-by-shares", methods=["GET", "POST"])
@requires(Action.EDIT)
def select_by_shares(application_id: int) -> ResponseReturnValue:
    """Record a selection by its total cost and each payer's percentage."""
    application = fetch_or_404(Application, application_id)
    start = {"on_date": clock.today(), "district_percent": application.call.matching_percent}
    form = SharesForm(data={**start, "version": application.version_token})

    def record() -> None:
        taken = actions.Step(
            on_date=form.on_date.data or clock.today(),
            doc_no=form.doc_no.data or None,
            fiscal_year=form.fiscal_year.data,
        )
        record_shares(application, taken, form.total_won.data or 0, form.shares(), visitor_id())

    if save(form, record, version=application.version_token):
        flash(gettext("The application is now: %(state)s.", state=application.state.label), "success")
        return redirect(url_for(".show", application_id=application.id, _anchor="money"), 303)
    return act_page("shares", form, application), form.http_status


@blueprint.route("/applications/<int:application_id>/notes", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_note(application_id: int) -> ResponseReturnValue:
    """Add a remark to an application."""
    application = fetch_or_404(Application, application_id)
    form = NoteForm()
    note = Note(program_id=application.program_id, at=clock.now(), by_id=visitor_id())

    def keep() -> None:
        note.text = form.text.data or ""
        db.session.add(note)

    if save(form, keep):
        flash(gettext("The note is added."), "success")
        return redirect(url_for(".show", application_id=application.id, _anchor="notes"), 303)
    return act_page("note", form, application), form.http_status


def act_page(name: str, form: Any, application: Application, **more: Any) -> str:
    """The page of an act about an application."""
    return render_template(
        f"contest_funds/{name}.html", form=form, application=application, program=application.program, **more
    )
