"""A record's files as values, for the section of its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from districtops.guard.access import Action, may
from districtops.models import Attachment, Program
from districtops.models import queries as shared


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file with its addresses; ``preview_url`` for pictures, ``remove_url`` for whoever may remove it."""

    file: Attachment
    url: str
    preview_url: str | None
    remove_url: str | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """The files of a record, the latest first, and those that were removed; ``add_url`` for whoever may add."""

    present: Sequence[Shown]
    removed: Sequence[Attachment]
    add_url: str | None


def section_of(module: str, record_id: int, program: Program) -> Section:
    """The files of a module's record. One query, however many there are."""
    editing = may(Action.EDIT, module)
    files = shared.attachments(program)

    def address(act: str, file: Attachment) -> str:
        return url_for(f"{module}.{act}", record_id=record_id, attachment_id=file.id)

    present = [
        Shown(
            file=file,
            url=address("attachment", file),
            preview_url=address("attachment_preview", file) if file.kind.is_picture else None,
            remove_url=address("remove_attachment", file) if editing else None,
        )
        for file in files
        if file.removed_at is None
    ]
    return Section(
        present=present,
        removed=[file for file in files if file.removed_at is not None],
        add_url=url_for(f"{module}.add_attachments", record_id=record_id) if editing else None,
    )
