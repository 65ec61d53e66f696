"""The pages of the months: the grid of divisions and months, a month, and the acts on it."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from districtops import clock
from districtops.guard.access import Action, requires
from districtops.guard.identity import visitor_id
from districtops.guard.tenancy import scope
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.forms import Form
from districtops.kit.locale import day, month_name
from districtops.kit.text import Words
from districtops.models.queries import district_names
from districtops.new_deal import queries as new_deal
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.models import Programme
from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.forms import ReopenForm
from districtops.new_deal.monthly.models import ReportMonth, Standing
from districtops.new_deal.monthly.record import refusal_words
from districtops.new_deal.rounds import actions, queries
from districtops.new_deal.rounds.forms import DeadlineForm, MonthForm
from districtops.new_deal.rounds.grid import Grid


@blueprint.get("/reports/grid")
@requires(Action.VIEW)
def report_grid() -> ResponseReturnValue:
    """Who has reported: the divisions of a programme against its months."""
    programmes = new_deal.programmes()
    year, asked = request.args.get("year", ""), request.args.get("programme", "")
    programme = next((p for p in programmes if asked == str(p.id) or (not asked and year == str(p.fiscal_year))), None)
    if programme is None and (year or asked):
        abort(404)
    if programme is None and programmes:
        programme = next((p for p in programmes if p.fiscal_year <= clock.today().year), programmes[0])
    offices = district_names() if len(scope().districts) > 1 else {}
    return render_template(
        "new_deal/rounds/grid.html",
        grid=Grid(programme) if programme else None,
        programmes=programmes,
        offices=offices,
    )


@blueprint.route("/reports/months/new", methods=["GET", "POST"])
@requires(Action.REQUEST)
def open_month() -> ResponseReturnValue:
    """Request the reports of a month for all running projects of a programme."""
    month, due_on = rules.usual_round(clock.today())
    current = next((p for p in new_deal.programmes() if p.fiscal_year <= int(month[:4])), None)
    form = MonthForm(data={"programme": current.id if current else None, "month": month, "due_on": due_on})
    opened: list[ReportMonth] = []

    def ask() -> None:
        programme = fetch_or_404(Programme, form.programme.data or 0)
        assert form.due_on.data is not None, "required by the form"
        opened.append(actions.open_month(programme, form.month.data, form.due_on.data, visitor_id()))

    if save(form, ask):
        flash(gettext("The reports of %(month)s are requested.", month=month_name(opened[0].month)), "success")
        return redirect(url_for(".report_month", month_id=opened[0].id), 303)
    return render_template("new_deal/rounds/open.html", form=form), form.http_status


@blueprint.get("/reports/months/<int:month_id>")
@requires(Action.VIEW)
def report_month(month_id: int) -> ResponseReturnValue:
    """A month: which division has reported, who was reminded, and what was done to the month."""
    return _page(fetch_or_404(ReportMonth, month_id), Form())


def _page(month: ReportMonth, form: Form) -> ResponseReturnValue:
    page = render_template(
        "new_deal/rounds/month.html",
        month=month,
        locked=month.standing is Standing.LOCKED,
        past=clock.today() > month.due_on,
        grid=Grid(month.programme, [month]),
        steps=queries.steps_of(month),
        refusal=refusal_words(form) if form.is_submitted() else None,
    )
    return page, form.http_status


@blueprint.post("/reports/months/<int:month_id>/missing")
@requires(Action.REQUEST)
def request_missing(month_id: int) -> ResponseReturnValue:
    """Request the reports of projects that were filed after the month was opened."""
    month = fetch_or_404(ReportMonth, month_id)
    form = Form()
    asked: list[int] = []
    if save(form, lambda: asked.append(actions.request_missing(month, visitor_id()))):
        if asked[0]:
            done = ngettext("%(num)s report more is requested.", "%(num)s reports more are requested.", asked[0])
        else:
            done = gettext("No running project is without a report of this month.")
        flash(done, "success")
        return redirect(url_for(".report_month", month_id=month.id), 303)
    return _page(month, form)


@blueprint.post("/reports/months/<int:month_id>/reminders")
@requires(Action.REQUEST)
def send_reminders(month_id: int) -> ResponseReturnValue:
    """Remind whoever has yet to report."""
    month = fetch_or_404(ReportMonth, month_id)
    nobody = gettext("Nobody is left to remind today: each was reminded already, or has reported.")
    return _remind(month, lambda: actions.remind(month, visitor_id()), nobody)


@blueprint.post("/reports/months/<int:month_id>/reminders/<int:department_id>")
@requires(Action.REQUEST)
def send_division_reminders(month_id: int, department_id: int) -> ResponseReturnValue:
    """Remind whoever has yet to report of one division; of projects without one where its number is 0."""
    month = fetch_or_404(ReportMonth, month_id)
    nobody = gettext("Nobody of this division is left to remind today: each was reminded already, or has reported.")
    return _remind(month, lambda: actions.remind_division(month, department_id or None, visitor_id()), nobody)


def _remind(month: ReportMonth, act: Callable[[], int], nobody: str) -> ResponseReturnValue:
    form = Form()
    reached: list[int] = []
    if save(form, lambda: reached.append(act())):
        if reached[0]:
            done = ngettext(
                "A reminder of %(num)s report is recorded.", "Reminders of %(num)s reports are recorded.", reached[0]
            )
        else:
            done = nobody
        flash(done, "success")
        return redirect(url_for(".report_month", month_id=month.id), 303)
    return _page(month, form)


@blueprint.route("/reports/months/<int:month_id>/deadline", methods=["GET", "POST"])
@requires(Action.REQUEST)
def change_deadline(month_id: int) -> ResponseReturnValue:
    """Give a month another deadline, with a reason."""
    month = fetch_or_404(ReportMonth, month_id)
    version = str(month.version)
    form = DeadlineForm(data={"version": version, "due_on": month.due_on})

    def change() -> None:
        assert form.due_on.data is not None, "required by the form"
        actions.change_deadline(month, form.due_on.data, Words.written(form.reason.data), visitor_id())

    if save(form, change, version=version):
        flash(gettext("The new deadline is %(day)s.", day=day(month.due_on)), "success")
        return redirect(url_for(".report_month", month_id=month.id), 303)
    return render_template("new_deal/rounds/deadline.html", form=form, month=month), form.http_status


@blueprint.route("/reports/months/<int:month_id>/lock", methods=["GET", "POST"])
@requires(Action.DECIDE)
def lock_month(month_id: int) -> ResponseReturnValue:
    """Close a month whose deadline has passed."""
    month = fetch_or_404(ReportMonth, month_id)
    form = Form()
    if save(form, lambda: actions.lock(month, visitor_id())):
        flash(gettext("%(month)s is locked.", month=month_name(month.month)), "success")
        return redirect(url_for(".report_month", month_id=month.id), 303)
    [cell] = Grid(month.programme, [month]).totals
    return render_template("new_deal/rounds/lock.html", form=form, month=month, cell=cell), form.http_status


@blueprint.route("/reports/months/<int:month_id>/reopening", methods=["GET", "POST"])
@requires(Action.DECIDE)
def reopen_month(month_id: int) -> ResponseReturnValue:
    """Open a locked month again, with a reason."""
    month = fetch_or_404(ReportMonth, month_id)
    form = ReopenForm()
    if save(form, lambda: actions.reopen(month, Words.written(form.reason.data), visitor_id())):
        flash(gettext("%(month)s is open again.", month=month_name(month.month)), "success")
        return redirect(url_for(".report_month", month_id=month.id), 303)
    return render_template("new_deal/rounds/reopen.html", form=form, month=month), form.http_status
