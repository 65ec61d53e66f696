"""The pages of a monthly report: its own, the officer's draft, the manager's decision."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops.guard.access import Action, may, requires
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404
from districtops.kit.locale import month_name
from districtops.kit.text import Words
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.monthly import actions, queries
from districtops.new_deal.monthly.forms import DecisionForm, DraftForm, ReopenForm, SeenForm, Verdict
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft
from districtops.new_deal.monthly.record import comparison_of, page_of, refusal_words
from districtops.new_deal.monthly.rules import Verb


@blueprint.get("/reports/<int:report_id>")
@requires(Action.VIEW)
def report(report_id: int) -> ResponseReturnValue:
    """A report: its state and its way; its figures once they are confirmed, to officers also the draft."""
    found = fetch_or_404(MonthlyReport, report_id)
    return _page(found, SeenForm())


def _page(found: MonthlyReport, form: SeenForm) -> ResponseReturnValue:
    draft = queries.draft_of(found) if may(Action.EDIT, blueprint.name) else None
    page = render_template(
        "new_deal/monthly/report.html",
        page=page_of(found),
        refusal=refusal_words(form) if form.is_submitted() else None,
        seen=actions.token(found, draft),
        draft=draft,
        drafted=comparison_of(found, draft) if draft is not None else None,
        steps=queries.steps_of(found),
        reminders=queries.reminders_of(found),
        Verb=Verb,
    )
    return page, form.http_status


@blueprint.route("/reports/<int:report_id>/draft", methods=["GET", "POST"])
@requires(Action.EDIT)
def draft_report(report_id: int) -> ResponseReturnValue:
    """Write a report, with last month's and the ledger's figures in sight."""
    found = fetch_or_404(MonthlyReport, report_id)
    draft = queries.draft_of(found)
    version = actions.token(found, draft)
    compared = comparison_of(found, draft)
    form = DraftForm(data={"version": version, **_values(draft, compared.ledger)})

    def keep() -> None:
        actions.save(found, form.written(draft), visitor_id())

    if save(form, keep, version=version):
        flash(gettext("The draft is saved. Nobody but officers sees it until you submit it."), "success")
        return redirect(url_for(".report", report_id=found.id), 303)
    page = render_template("new_deal/monthly/draft.html", form=form, page=page_of(found), compared=compared)
    return page, form.http_status


def _values(draft: ReportDraft | None, ledger: int) -> dict[str, Any]:
    if draft is None:
        return {"spent_won": ledger}
    words = {name: str(getattr(draft, name) or "") for name in ("issue", "counter_measure", "next_step")}
    return {"progress": draft.progress, "spent_won": draft.spent_won, **words}


@blueprint.post("/reports/<int:report_id>/submission")
@requires(Action.EDIT)
def submit_report(report_id: int) -> ResponseReturnValue:
    """Hand a report to the manager, as the page showed it."""
    found = fetch_or_404(MonthlyReport, report_id)
    form = SeenForm()
    if save(form, lambda: actions.submit(found, visitor_id(), seen=form.seen.data or "")):
        flash(gettext("The report of %(month)s is submitted.", month=month_name(found.month)), "success")
        return redirect(url_for(".report", report_id=found.id), 303)
    return _page(found, form)


@blueprint.route("/reports/<int:report_id>/decision", methods=["GET", "POST"])
@requires(Action.DECIDE)
def decide_report(report_id: int) -> ResponseReturnValue:
    """Confirm or return a submitted report. The only page on which a manager sees figures that are not confirmed."""
    found = fetch_or_404(MonthlyReport, report_id)
    page = page_of(found)
    # Before it is submitted and after it is decided, what officers write is theirs alone.
    draft = queries.draft_of(found) if page.offers(Verb.CONFIRM) else None
    form = DecisionForm(data={"seen": actions.token(found, draft)})

    def decide() -> None:
        act = actions.confirm if form.verdict.data is Verdict.CONFIRM else actions.send_back
        act(found, Words.written(form.reason.data), visitor_id(), seen=form.seen.data or "")

    if save(form, decide):
        done = {
            Verdict.CONFIRM: gettext("The report is confirmed; its figures count from now on."),
            Verdict.RETURN: gettext("The report is returned to its officer."),
        }
        flash(done[form.verdict.data], "success")
        return redirect(url_for(".report", report_id=found.id), 303)
    # After a refusal the page shows what is written now, and the next decision is about that.
    form.seen.data = actions.token(found, draft)
    compared = comparison_of(found, draft)
    rendered = render_template("new_deal/monthly/decision.html", form=form, page=page, draft=draft, compared=compared)
    return rendered, form.http_status


@blueprint.route("/reports/<int:report_id>/reopening", methods=["GET", "POST"])
@requires(Action.DECIDE)
def reopen_report(report_id: int) -> ResponseReturnValue:
    """Open one report again, by name and with a reason."""
    found = fetch_or_404(MonthlyReport, report_id)
    form = ReopenForm()
    if save(form, lambda: actions.reopen(found, Words.written(form.reason.data), visitor_id())):
        flash(gettext("The report is open again."), "success")
        return redirect(url_for(".report", report_id=found.id), 303)
    return render_template("new_deal/monthly/reopen.html", form=form, page=page_of(found)), form.http_status
