"""The pages that every module with records gets: delete one, see what was deleted, bring it back.

Whoever follows an old link to a deleted record, or sends a form about it, is told so instead of "does not exist".
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from districtops.attachments.views import RecordPage
from districtops.deletion import acts
from districtops.deletion.forms import RESTORE, DeletionForm, RestorationForm
from districtops.guard import errors, resend
from districtops.guard.access import Action, may, requires
from districtops.guard.identity import visitor
from districtops.guard.transaction import SAFE_METHODS, save
from districtops.kit.locale import day
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import Program


@dataclass(frozen=True)
class DeletionPages:
    """The pages of one module, whose name people read as ``label``."""

    blueprint: Blueprint
    label: str
    record: RecordPage

    def attach(self) -> None:
        """Give the pages to the module's blueprint."""
        path = self.record.path
        self.blueprint.add_url_rule(f"{path}/deleted", "deleted_records", self.index)
        self.blueprint.add_url_rule(
            f"{path}/<int:record_id>/deletion", "deletion", self.deletion, methods=["GET", "POST"]
        )
        self.blueprint.register_error_handler(404, self.told)

    @requires(Action.EDIT)
    def index(self) -> ResponseReturnValue:
        """What was deleted, by whom and why; with the way back."""
        rows = [
            (program, self._url(row_id), acts.restorable_until(program), acts.may_be_restored(program))
            for row_id, program in acts.deleted(self.record.model)
        ]
        trail = [(self.label, url_for(f"{self.blueprint.name}.index"))]
        return render_template("deletion/index.html", rows=rows, trail=trail, label=self.label, days=acts.DAYS)

    @requires(Action.EDIT)
    def deletion(self, record_id: int) -> ResponseReturnValue:
        """Ask for the reason and delete a record; bring a deleted one back."""
        row, program = acts.found(self.record.model, record_id) or abort(404)
        back = request.form.get("act") == RESTORE if request.method == "POST" else program.deleted_at is not None
        form = RestorationForm() if back else DeletionForm()
        if save(form, lambda: acts.restore(program) if back else self._delete(row, program, form.reason.data)):
            if back:
                flash(gettext("The record is restored, with everything that belongs to it."), "success")
                return redirect(self.record.url(self.blueprint.name, record_id).partition("#")[0], 303)
            until = day(acts.restorable_until(program))
            flash(gettext("The record is deleted. It can be restored until %(day)s.", day=until), "success")
            return redirect(url_for(f"{self.blueprint.name}.deleted_records"), 303)
        page = render_template(
            "deletion/record.html",
            form=form,
            program=program,
            back=back,
            refusal=None if back or form.is_submitted() else self._refusal(row),
            until=acts.restorable_until(program) if program.deleted_at else None,
            restorable=acts.may_be_restored(program),
            trail=self._trail(record_id, program),
            days=acts.DAYS,
        )
        return page, form.http_status

    def _delete(self, row: Any, program: Program, reason: str | None) -> None:
        if program.deleted_at is None:
            self.record.refuse_deletion(row)
        person = visitor()
        acts.delete(program, Words.written(reason), person.user.id if person else None)

    def _refusal(self, row: Any) -> str | None:
        try:
            self.record.refuse_deletion(row)
        except RuleBroken as broken:
            return str(broken.message)
        return None

    def told(self, error: NotFound) -> ResponseReturnValue:
        """The answer where nothing was found: for whoever may restore it, that the record was deleted."""
        given = request.view_args or {}
        row_id = given.get(self.record.argument, given.get("record_id"))
        if row_id is None or not may(Action.EDIT, self.blueprint.name):
            return errors.explained(error)
        known = acts.found(self.record.model, row_id)
        if known is None or known[1].deleted_at is None:
            return errors.explained(error)
        if request.method in SAFE_METHODS:
            return redirect(self._url(row_id), 303)
        if not (resend.from_our_own_page() and resend.typed()):
            return errors.explained(error)
        program = known[1]
        return resend.page(
            gettext("Somebody deleted this record"),
            gettext(
                "“%(title)s” was deleted meanwhile: %(reason)s. What you typed is kept here. Restore the record in "
                "another tab, come back and send it again.",
                title=program.title,
                reason=program.deletion_reason,
            ),
            409,
            signed_in=True,
        )

    def _url(self, row_id: int) -> str:
        return url_for(f"{self.blueprint.name}.deletion", record_id=row_id)

    def _trail(self, row_id: int, program: Program) -> list[tuple[str, str]]:
        start = [(self.label, url_for(f"{self.blueprint.name}.index"))]
        if program.deleted_at is None:
            return [*start, (program.title, self.record.url(self.blueprint.name, row_id).partition("#")[0])]
        return [*start, (gettext("Deleted records"), url_for(f"{self.blueprint.name}.deleted_records"))]
