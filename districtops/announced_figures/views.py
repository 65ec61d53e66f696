"""The pages of announced figures: the list, a statement beside the rows, what was frozen for it and what changed since.

Like the trail it stands above the modules and knows them by what they offer alone.
"""

from collections import Counter
from functools import partial

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from districtops import clock
from districtops.announced_figures import actions, lists, queries, rules
from districtops.announced_figures.checks import Check, computations, name_of
from districtops.announced_figures.forms import FreezeForm, StatementForm, written
from districtops.announced_figures.rules import Verdict
from districtops.announced_figures.snapshots import Snapshot
from districtops.guard.access import Action, may, requires
from districtops.guard.history import history
from districtops.guard.identity import visitor
from districtops.guard.tenancy import enter, scope
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.listing_export import csv_response, xlsx_response
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import Words
from districtops.lists.pages import ListPages
from districtops.lists.record import note_export
from districtops.models import AnnouncedFigure, FrozenFigure
from districtops.models.queries import changes_of

blueprint = Blueprint("announced_figures", __name__)

PAGES = ListPages(blueprint=blueprint, listing=lists.announced_figures, endpoint="index", path="/announced-figures")
PAGES.attach_choices()

LIST = PAGES.name
"""The name under which the record of changes calls the list."""


@blueprint.get("/announced-figures")
@requires(Action.VIEW)
def index() -> ResponseReturnValue:
    """Every statement that the filters admit, the latest first, and how many of all hold."""
    page = PAGES.page()
    known = computations()
    counts = Counter(Check(row, known).verdict for row in queries.statements())
    verdicts = [(verdict, counts[verdict], url_for(".index", verdict=verdict.value)) for verdict in Verdict]
    return render_template("announced_figures/index.html", page=page, verdicts=verdicts), page.status


@blueprint.get("/announced-figures.csv")
@requires(Action.VIEW)
def index_csv() -> Response:
    """The same statements as CSV."""
    computations()
    return note_export(LIST, csv_response(lists.announced_figures, begin=partial(enter, scope())), "csv")


@blueprint.get("/announced-figures.xlsx")
@requires(Action.VIEW)
def index_xlsx() -> Response:
    """The same statements as an Excel workbook."""
    computations()
    return note_export(LIST, xlsx_response(lists.announced_figures), "xlsx")


@blueprint.route("/announced-figures/new", methods=["GET", "POST"])
@requires(Action.EDIT)
def create() -> ResponseReturnValue:
    """Enter a figure that was announced, or is about to be."""
    person = visitor()
    start = {
        "year": clock.today().year,
        "measure": Measure.AMOUNT,
        "unit": FigureUnit.COUNT,
        "department": person.user.department_id if person else None,
    }
    return _statement(AnnouncedFigure(), StatementForm(data=start, stored=AnnouncedFigure()))


@blueprint.route("/announced-figures/<int:announced_id>/edit", methods=["GET", "POST"])
@requires(Action.EDIT)
def edit(announced_id: int) -> ResponseReturnValue:
    """Correct what was entered of an announced figure."""
    statement = fetch_or_404(AnnouncedFigure, announced_id)
    plain = ("year", "measure", "unit", "step", "figure", "compared", "base", "base_step", "as_of", "announced_on")
    values = {
        "version": str(statement.version),
        "statement": str(statement.statement),
        "value": written(statement.value),
        "source": str(statement.source or ""),
        "department": statement.department_id,
        **{name: getattr(statement, name) for name in plain},
    }
    return _statement(statement, StatementForm(data=values, stored=statement))


def _statement(statement: AnnouncedFigure, form: StatementForm) -> ResponseReturnValue:
    def keep() -> None:
        statement.statement = Words.written(form.statement.data, statement.statement) or Words()
        statement.source = Words.written(form.source.data, statement.source)
        statement.year = form.year.data or clock.today().year
        statement.measure, statement.unit = form.measure.data, form.unit.data
        statement.value, statement.step, statement.figure = form.printed, form.step.data, form.figure.data
        statement.compared = form.compared.data
        statement.base = form.base.data
        statement.base_step = int(form.base_step.data)
        statement.as_of, statement.announced_on = form.as_of.data, form.announced_on.data
        statement.department_id = form.department.data
        actions.keep(statement, computations())

    if save(form, keep, version=str(statement.version or "")):
        flash(gettext("The announced figure is saved."), "success")
        return redirect(url_for(".show", announced_id=statement.id), 303)
    page = render_template("announced_figures/edit.html", form=form, statement=statement)
    return page, form.http_status


@blueprint.get("/announced-figures/<int:announced_id>")
@requires(Action.VIEW)
def show(announced_id: int) -> ResponseReturnValue:
    """One statement: what was printed, what the rows say, what was frozen for it."""
    statement = fetch_or_404(AnnouncedFigure, announced_id)
    check = Check(statement, computations())
    return render_template(
        "announced_figures/show.html",
        statement=statement,
        check=check,
        remark=lists.remark(check),
        figure_name=name_of(statement.figure),
        snapshots=[Snapshot(frozen, check) for frozen in queries.frozen_of(statement)],
        editing=may(Action.EDIT, blueprint.name),
        freezing=may(Action.FREEZE, blueprint.name) and check.now is not None,
        history=history(changes_of({"announced_figure": [statement.id]})),
    )


@blueprint.route("/announced-figures/<int:announced_id>/freeze", methods=["GET", "POST"])
@requires(Action.FREEZE)
def freeze(announced_id: int) -> ResponseReturnValue:
    """Keep the figures that a statement stands on as they are now."""
    statement = fetch_or_404(AnnouncedFigure, announced_id)
    check = Check(statement, computations())
    form = FreezeForm()
    person = visitor()
    kept: list[FrozenFigure] = []

    def act() -> None:
        kept.extend(actions.freeze(check, Words.written(form.reason.data), person.user.id if person else None))

    if save(form, act):
        rows = sum(frozen.row_count for frozen in kept)
        flash(
            ngettext("The figure is frozen with %(num)s row.", "The figure is frozen with %(num)s rows.", rows),
            "success",
        )
        return redirect(url_for(".show", announced_id=statement.id, _anchor="frozen"), 303)
    page = render_template("announced_figures/freeze.html", form=form, statement=statement, check=check)
    return page, form.http_status


@blueprint.get("/announced-figures/<int:announced_id>/frozen/<int:frozen_id>")
@requires(Action.VIEW)
def frozen(announced_id: int, frozen_id: int) -> ResponseReturnValue:
    """A frozen figure against today, line by line."""
    statement = fetch_or_404(AnnouncedFigure, announced_id)
    kept = fetch_or_404(FrozenFigure, frozen_id)
    if kept.announced_id != statement.id:
        abort(404)
    snapshot = Snapshot(kept, Check(statement, computations()))
    then = queries.frozen_lines(kept) if snapshot.readable else []
    found = rules.differences(then, snapshot.lines_now())
    return render_template(
        "announced_figures/frozen.html",
        statement=statement,
        snapshot=snapshot,
        then=then,
        found=found,
        most=snapshot.MOST_SHOWN,
    )
