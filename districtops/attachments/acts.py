"""Adding and removing files: the rules of an office's disk, and the order of disk and database.

A file reaches the disk before its row is committed. What a request wrote that is rolled back afterwards stays as a file
that no row names, and ``check-files --sweep`` takes it away a day later: one way out, whatever the fault was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from sqlalchemy import ColumnElement, func, select

from districtops import clock
from districtops.guard.tenancy import scope, with_deleted
from districtops.kit.db import db
from districtops.kit.file_kinds import FileKind
from districtops.kit.file_store import FileStore, sha256_of
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.models import Attachment, District, Program


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was sent and recognised; ``size`` in bytes, the stream at its start."""

    name: str
    kind: FileKind
    size: int
    stream: BinaryIO


def store() -> FileStore:
    """The files of this installation."""
    return FileStore(Path(current_app.config["FILES_FOLDER"]))


def add(program: Program, uploads: Sequence[Upload], by_id: int | None) -> None:
    """Attach the files to a program, all or none. The program's record must be locked by the caller.

    Raises RuleBroken where one is there already or the program or the district has no room left.
    """
    # Two requests must not both find the last room. References to the district stay possible meanwhile.
    db.session.execute(select(District.id).where(District.id == scope().home).with_for_update(key_share=True))
    _refuse_beyond_room(program, sum(upload.size for upload in uploads))
    kept = select(Attachment.sha256, Attachment.name).where(
        Attachment.program_id == program.id, Attachment.removed_at.is_(None)
    )
    there = {row.sha256: row.name for row in db.session.execute(kept)}
    digests = []
    for upload in uploads:
        digest = sha256_of(upload.stream)
        if digest in there:
            raise RuleBroken(
                _l("“%(name)s” is here already, as “%(other)s”.", name=upload.name, other=there[digest]), "files"
            )
        there[digest] = upload.name
        digests.append(digest)
    for upload, digest in zip(uploads, digests, strict=True):
        upload.stream.seek(0)
        db.session.add(
            Attachment(
                program_id=program.id,
                name=upload.name,
                kind=upload.kind,
                size_bytes=upload.size,
                sha256=digest,
                stored_name=store().keep(upload.stream),
                added_at=clock.now(),
                added_by_id=by_id,
            )
        )


def remove(attachment: Attachment, reason: Words | None, by_id: int | None) -> None:
    """Take a file off its program. The row stays with the reason; the file is swept a day later."""
    attachment.removed_at = clock.now()
    attachment.removed_by_id = by_id
    attachment.removal_reason = reason


def _refuse_beyond_room(program: Program, more: int) -> None:
    config = current_app.config
    if _taken(Attachment.program_id == program.id) + more > config["FILES_PER_PROGRAM"]:
        raise RuleBroken(
            _l(
                "There is no room for these files: the files of one record may take %(limit)s MB. "
                "Remove what is not needed any more, or make the files smaller.",
                limit=config["FILES_PER_PROGRAM"] // (1024 * 1024),
            ),
            "files",
        )
    if _taken() + more > config["FILES_PER_DISTRICT"]:
        raise RuleBroken(
            _l(
                "There is no room for these files: all files of the district may take %(limit)s MB. "
                "Tell whoever runs the server.",
                limit=config["FILES_PER_DISTRICT"] // (1024 * 1024),
            ),
            "files",
        )


def _taken(*conditions: ColumnElement[bool]) -> int:
    """Bytes of the reader's district that fulfil the conditions, without what was removed."""
    taken = select(func.coalesce(func.sum(Attachment.size_bytes), 0)).where(Attachment.removed_at.is_(None))
    option = with_deleted("files of deleted records lie on the disk all the same")
    return int(db.session.execute(taken.where(*conditions), execution_options=option).scalar_one())
