"""The pages of the New Deal."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.attachments.section import section_of
from districtops.guard.access import Action, may, requires
from districtops.guard.history import history
from districtops.guard.identity import visitor, visitor_id
from districtops.guard.tenancy import scope
from districtops.guard.transaction import save
from districtops.kit.db import db, fetch_or_404
from districtops.kit.forms import NoteForm
from districtops.kit.text import Words, both_names, in_language, other_name
from districtops.models import FundingLine, LedgerEntry, Note, Program
from districtops.models import queries as shared
from districtops.models.queries import district_names
from districtops.module import ties_of
from districtops.new_deal import actions, queries, rules, stages
from districtops.new_deal.blueprint import act_page, blueprint
from districtops.new_deal.contracts.queries import contracts_of
from districtops.new_deal.forms import (
    BudgetForm,
    NewProjectForm,
    ProgrammeForm,
    ProjectForm,
    ReversalForm,
    SpendingForm,
    StepForm,
)
from districtops.new_deal.indicators.actions import refuse_other_actual
from districtops.new_deal.indicators.queries import indicator_of
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.monthly.record import reports_of
from districtops.new_deal.overview import overview_of
from districtops.new_deal.record import record_of
from districtops.new_deal.rounds import grid
from districtops.new_deal.year_end.queries import closing_of, without_drafts


@blueprint.get("/")
@requires(Action.VIEW)
def index() -> ResponseReturnValue:
    """The dashboard of one year, the latest unless another is asked for."""
    programmes = queries.programmes()
    wanted = request.args.get("year", "")
    programme = next((p for p in programmes if str(p.fiscal_year) == wanted), None)
    asked = request.args.get("programme", "")
    if asked:
        programme = next((p for p in programmes if str(p.id) == asked), None)
        wanted = asked
    if programme is None and wanted:
        abort(404)
    if programme is None and programmes:
        programme = next((p for p in programmes if p.fiscal_year <= clock.today().year), programmes[0])
    overview = overview_of(programme, programmes) if programme else None
    # A reader of several districts chooses among their programmes, so each says whose it is.
    offices = district_names() if len(scope().districts) > 1 else {}
    reported = grid.latest(programme) if programme else None
    return render_template(
        "new_deal/index.html", overview=overview, programmes=programmes, offices=offices, reported=reported
    )


@blueprint.route("/projects/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create() -> ResponseReturnValue:
    """File a project."""
    person = visitor()
    start: dict[str, Any] = {"officer": visitor_id(), "department": person.user.department_id if person else None}
    current = next(iter(queries.programmes()), None)
    start["programme"] = current.id if current else None
    form = NewProjectForm(data=start)
    project = Project(stage=rules.Stage.DISCOVERED, named=False)
    program = Program(module=blueprint.name)

    def file() -> None:
        _fill(project, program, form)
        actions.file_project(program, project, form.money(), visitor_id())

    if save(form, file):
        flash(gettext("The project is filed under %(code)s.", code=program.code), "success")
        return redirect(url_for(".show", project_id=project.id), 303)
    return render_template("new_deal/create.html", form=form, programmes=queries.programmes()), form.http_status


@blueprint.get("/projects/<int:project_id>")
@requires(Action.VIEW)
def show(project_id: int) -> ResponseReturnValue:
    """A project's page: state, money, schedule, notes and history."""
    project = fetch_or_404(Project, project_id)
    record = record_of(project)
    return render_template(
        "new_deal/show.html",
        project=project,
        program=project.program,
        record=record,
        contracts=contracts_of(project, record.budget),
        indicator=indicator_of(project),
        closing=closing_of(project, record.budget, record.spent),
        monthly=reports_of(project),
        editing=may(Action.EDIT, blueprint.name) and project.stage not in rules.ENDED,
        note_form=NoteForm(),
        files=section_of(blueprint.name, project.id, project.program),
        ties=ties_of(project.program),
        history=history(without_drafts(shared.changes(project.program), may(Action.EDIT, blueprint.name))),
    )


@blueprint.route("/projects/<int:project_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit(project_id: int) -> ResponseReturnValue:
    """Change what is kept of a project."""
    project = fetch_or_404(Project, project_id)
    program = project.program
    form = ProjectForm(
        data=_values(project, program), department_id=program.department_id, officer_id=program.officer_id
    )

    def change() -> None:
        actions.refuse_ended(project)
        refuse_other_actual(project, form.kpi_actual.data)
        actions.refuse_other_year(project, fetch_or_404(Programme, form.programme.data))
        _fill(project, program, form)
        actions.check(project, program)

    if save(form, change, version=project.version_token):
        flash(gettext("The changes are saved."), "success")
        return redirect(url_for(".show", project_id=project.id), 303)
    return render_template("new_deal/edit.html", form=form, project=project, program=program), form.http_status


def _values(project: Project, program: Program) -> dict[str, Any]:
    plain = ("category", "type", "concern", "status", "named", "kpi_base", "kpi_target", "kpi_actual")
    words = ("purpose", "location", "kpi_name", "kpi_unit")
    return {
        "version": project.version_token,
        "title": program.title,
        "title_other": other_name(program.title_en, program.title_ko),
        "programme": project.programme_id,
        "department": program.department_id,
        "officer": program.officer_id,
        "starts_on": program.starts_on,
        "ends_on": program.ends_on,
        **{name: getattr(project, name) for name in plain},
        **{name: str(getattr(project, name) or "") for name in words},
    }


def _fill(project: Project, program: Program, form: ProjectForm) -> None:
    programme = fetch_or_404(Programme, form.programme.data)
    program.title_en, program.title_ko = both_names(form.title.data or "", form.title_other.data)
    program.fiscal_year = programme.fiscal_year
    program.department_id = form.department.data
    program.officer_id = form.officer.data
    program.starts_on, program.ends_on = form.starts_on.data, form.ends_on.data
    project.programme_id = programme.id
    project.category, project.type, project.concern = form.category.data, form.type.data, form.concern.data
    project.status, project.named = form.status.data, form.named.data
    project.kpi_base, project.kpi_target = form.kpi_base.data, form.kpi_target.data
    project.kpi_actual = form.kpi_actual.data
    for name in ("purpose", "location", "kpi_name", "kpi_unit"):
        setattr(project, name, Words.written(form[name].data, getattr(project, name)))


@blueprint.route("/projects/<int:project_id>/steps/<verb>", methods=["GET", "POST"])
@requires(Action.EDIT)
def step(project_id: int, verb: str) -> ResponseReturnValue:
    """Take a step from one stage to the next, or aside."""
    project = fetch_or_404(Project, project_id)
    chosen = rules.VERBS.get(verb)
    if chosen is None:
        abort(404)
    form = StepForm(data={"on_date": clock.today(), "version": project.version_token})
    form.ask_for(chosen)

    def move() -> None:
        taken = stages.Step(
            on_date=form.on_date.data or clock.today(),
            doc_no=form.doc_no.data or None,
            detail=Words.written(form.given("detail")),
            reason=Words.written(form.given("reason")),
            amount_won=form.given("amount_won"),
            result=form.given("result"),
        )
        stages.move(project, verb, taken, visitor_id())

    if save(form, move, version=project.version_token):
        flash(gettext("The project is now at the stage: %(stage)s.", stage=project.stage.label), "success")
        return redirect(url_for(".show", project_id=project.id), 303)
    page = render_template("new_deal/step.html", form=form, project=project, program=project.program, verb=chosen)
    return page, form.http_status


@blueprint.route("/projects/<int:project_id>/budget", methods=["GET", "POST"])
@requires(Action.EDIT)
def budget(project_id: int) -> ResponseReturnValue:
    """Decide about a project's money."""
    project = fetch_or_404(Project, project_id)
    form = BudgetForm()

    def decide() -> None:
        line = FundingLine(
            payer=form.payer.data,
            kind=form.kind.data,
            amount_won=form.amount_won.data,
            decided_on=form.decided_on.data,
            doc_no=form.doc_no.data or None,
            reason=Words.written(form.reason.data),
            by_id=visitor_id(),
        )
        actions.decide_money(project, line)

    if save(form, decide):
        flash(gettext("The budget line is added."), "success")
        return redirect(url_for(".show", project_id=project.id, _anchor="money"), 303)
    return act_page("budget", form, project), form.http_status


@blueprint.route("/projects/<int:project_id>/spending", methods=["GET", "POST"])
@requires(Action.EDIT)
def spending(project_id: int) -> ResponseReturnValue:
    """Add spending to a project's ledger."""
    project = fetch_or_404(Project, project_id)
    form = SpendingForm(data={"on_date": clock.today()})

    def spend() -> None:
        entry = LedgerEntry(
            on_date=form.on_date.data,
            amount_won=form.amount_won.data,
            note=Words.written(form.note.data),
            doc_no=form.doc_no.data or None,
            by_id=visitor_id(),
        )
        actions.spend(project, entry)

    if save(form, spend):
        flash(gettext("The spending is added to the ledger."), "success")
        if record_of(project).over:
            flash(gettext("More is spent now than the budget holds."), "warning")
        return redirect(url_for(".show", project_id=project.id, _anchor="ledger"), 303)
    return act_page("spending", form, project), form.http_status


@blueprint.route("/projects/<int:project_id>/spending/<int:entry_id>/reverse", methods=["GET", "POST"])
@requires(Action.EDIT)
def reverse(project_id: int, entry_id: int) -> ResponseReturnValue:
    """Take back an entry of the ledger."""
    project = fetch_or_404(Project, project_id)
    entry = fetch_or_404(LedgerEntry, entry_id)
    if entry.program_id != project.program_id:
        abort(404)
    form = ReversalForm()
    if save(form, lambda: actions.reverse(project, entry, Words.written(form.reason.data), visitor_id())):
        flash(gettext("The entry is reversed."), "success")
        return redirect(url_for(".show", project_id=project.id, _anchor="ledger"), 303)
    return act_page("reverse", form, project, entry=entry), form.http_status


@blueprint.route("/projects/<int:project_id>/notes", methods=["GET", "POST"])
@requires(Action.EDIT)
def add_note(project_id: int) -> ResponseReturnValue:
    """Add a remark to a project."""
    project = fetch_or_404(Project, project_id)
    form = NoteForm()
    note = Note(program_id=project.program_id, at=clock.now(), by_id=visitor_id())

    def keep() -> None:
        note.text = form.text.data or ""
        db.session.add(note)

    if save(form, keep):
        flash(gettext("The note is added."), "success")
        return redirect(url_for(".show", project_id=project.id, _anchor="notes"), 303)
    return act_page("note", form, project), form.http_status


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create_programme() -> ResponseReturnValue:
    """Open the programme of a year."""
    form = ProgrammeForm(data={"fiscal_year": clock.today().year})
    return _programme(Programme(), form)


@blueprint.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit_programme(programme_id: int) -> ResponseReturnValue:
    """Change what was announced for a year."""
    programme = fetch_or_404(Programme, programme_id)
    plain = (
        *("fiscal_year", "started_year", "planned_count", "planned_won", "rounding_won", "announced_on", "status_on"),
        *("early_rate", "early_won"),
    )
    values: dict[str, Any] = {name: getattr(programme, name) for name in plain}
    values["name"] = in_language(programme.name_en, programme.name_ko)
    values["name_other"] = other_name(programme.name_en, programme.name_ko)
    values["parent_policy"] = str(programme.parent_policy or "")
    return _programme(programme, ProgrammeForm(data={**values, "version": str(programme.version)}))


def _programme(programme: Programme, form: ProgrammeForm) -> ResponseReturnValue:
    def keep() -> None:
        actions.keep_year(programme, form.fiscal_year.data or 0)
        programme.name_en, programme.name_ko = both_names(form.name.data or "", form.name_other.data)
        programme.parent_policy = Words.written(form.parent_policy.data, programme.parent_policy)
        programme.started_year, programme.planned_count = form.started_year.data, form.planned_count.data
        programme.planned_won, programme.rounding_won = form.planned_won.data, form.rounding_won.data
        programme.announced_on, programme.status_on = form.announced_on.data, form.status_on.data
        programme.early_rate, programme.early_won = form.early_rate.data, form.early_won.data
        actions.check_programme(programme)
        db.session.add(programme)

    if save(form, keep, version=str(programme.version or "")):
        flash(gettext("The annual programme is saved."), "success")
        return redirect(url_for(".index", year=programme.fiscal_year), 303)
    changes = history(shared.changes_of({"new_deal_programme": [programme.id]}) if programme.id else ())
    page = render_template("new_deal/programme.html", form=form, programme=programme, history=changes)
    return page, form.http_status
