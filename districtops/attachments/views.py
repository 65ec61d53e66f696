"""The pages that every module with records gets: add files, hand one out, show a picture, remove one.

They stand in the module's own blueprint and start from its own row: a role in the module and a row that this reader
may see are asked for as for every other page, and a file is reached through its record alone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from districtops.attachments import acts
from districtops.attachments.forms import AddFilesForm, RemovalForm
from districtops.guard.access import Action, requires
from districtops.guard.identity import visitor_id
from districtops.guard.transaction import save
from districtops.guard.uploads import with_files
from districtops.kit.csv_export import content_disposition
from districtops.kit.db import Base, fetch_or_404
from districtops.kit.text import Words
from districtops.models import Attachment

log = logging.getLogger("districtops")

RUNS_NOTHING = "sandbox; default-src 'none'"
"""The content security policy of a file: wherever it is opened, it runs nothing and reaches nothing."""


def may_always_go(_row: Any) -> None:
    """For records of which no locked or announced figure is made."""


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """Where a module shows its rows that stand for a Program: files are attached to such a row, and it can be deleted.

    ``refuse_deletion`` raises RuleBroken for a row without which a locked or announced figure would not come out.
    ``model`` has ``program_id`` and ``program``; ``path`` is what the addresses of its rows begin with, behind the
    module's own; ``endpoint`` is the page of a row, and ``argument`` the name of the row's number in its address.
    """

    model: type[Base]
    path: str
    endpoint: str
    argument: str
    refuse_deletion: Callable[[Any], None] = may_always_go

    def url(self, module: str, row_id: int) -> str:
        """The address of a row's page, at its files."""
        number: dict[str, Any] = {self.argument: row_id}
        return url_for(f"{module}.{self.endpoint}", **number, _anchor="attachments")


@dataclass(frozen=True)
class FilePages:
    """The pages of the files of one module, whose name people read as ``label``."""

    blueprint: Blueprint
    label: str
    record: RecordPage

    def attach(self) -> None:
        """Give the pages to the module's blueprint."""
        files = f"{self.record.path}/<int:record_id>/attachments"
        one = f"{files}/<int:attachment_id>"
        for path, endpoint, view, methods in (
            (f"{files}/new", "add_attachments", self.add, ["GET", "POST"]),
            (one, "attachment", self.download, ["GET"]),
            (f"{one}/preview", "attachment_preview", self.preview, ["GET"]),
            (f"{one}/remove", "remove_attachment", self.remove, ["GET", "POST"]),
        ):
            self.blueprint.add_url_rule(path, endpoint, view, methods=methods)

    @with_files
    @requires(Action.EDIT)
    def add(self, record_id: int) -> ResponseReturnValue:
        """Attach files to a record."""
        row: Any = fetch_or_404(self.record.model, record_id)
        form = AddFilesForm()
        if save(form, lambda: acts.add(row.program, form.uploads, visitor_id())):
            flash(ngettext("%(num)s file is added.", "%(num)s files are added.", len(form.uploads)), "success")
            return redirect(self._page_of(row), 303)
        return self._shown("attachments/add.html", form, row), form.http_status

    @requires(Action.VIEW)
    def download(self, record_id: int, attachment_id: int) -> Response:
        """Hand a file out, to be saved under its name."""
        _, file = self._found(record_id, attachment_id)
        answer = _bytes_of(file)
        answer.headers["Content-Disposition"] = content_disposition(file.name)
        return answer

    @requires(Action.VIEW)
    def preview(self, record_id: int, attachment_id: int) -> Response:
        """A picture, for a page to show. Other kinds have none: a browser's reader of PDF does not run without rights
        that a file must not have."""
        _, file = self._found(record_id, attachment_id)
        if not file.kind.is_picture:
            abort(404)
        return _bytes_of(file)

    @requires(Action.EDIT)
    def remove(self, record_id: int, attachment_id: int) -> ResponseReturnValue:
        """Ask for the reason and remove a file."""
        row, file = self._found(record_id, attachment_id)
        form = RemovalForm()
        if save(form, lambda: acts.remove(file, Words.written(form.reason.data), visitor_id())):
            flash(gettext("The file is removed."), "success")
            return redirect(self._page_of(row), 303)
        return self._shown("attachments/remove.html", form, row, file=file), form.http_status

    def _found(self, record_id: int, attachment_id: int) -> tuple[Any, Attachment]:
        row: Any = fetch_or_404(self.record.model, record_id)
        file = fetch_or_404(Attachment, attachment_id)
        if file.program_id != row.program_id or file.removed_at is not None:
            abort(404)
        return row, file

    def _page_of(self, row: Any) -> str:
        return self.record.url(self.blueprint.name, row.id)

    def _shown(self, template: str, form: Any, row: Any, **more: Any) -> str:
        trail = [(self.label, url_for(f"{self.blueprint.name}.index")), (row.program.title, self._page_of(row))]
        return render_template(template, form=form, program=row.program, trail=trail, **more)


def _bytes_of(file: Attachment) -> Response:
    try:
        answer = send_file(
            acts.store().path(file.stored_name), mimetype=file.kind.media_type, conditional=False, etag=False
        )
    except FileNotFoundError:
        log.error("the file of attachment %s is missing: run check-files", file.id)
        abort(404)
    answer.headers["Content-Security-Policy"] = RUNS_NOTHING
    return answer
