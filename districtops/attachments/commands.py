"""``check-files``: whether the disk holds what the database says, and the broom for what nobody names any more."""

import datetime as dt
from collections.abc import Iterator, Sequence

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from districtops import clock
from districtops.attachments.acts import store
from districtops.guard.tenancy import NOBODY, across_districts, enter
from districtops.kit.db import AnyRow, db
from districtops.kit.file_store import FileStore, Stored
from districtops.models import Attachment

KEPT_FOR = dt.timedelta(hours=24)
"""How long a file stays that nobody needs: its request may be under way still, or a backup may be reading it."""


@click.command("check-files")
@with_appcontext
@click.option("--sweep", is_flag=True, help="Also delete what was removed, or became part of no record, a day ago.")
def check_files(sweep: bool) -> None:
    """Compare the attached files with the database. Ends with 1 when something is wrong."""
    files = store()
    # The files first: one that is finished and named afterwards is too young to be touched.
    lying = list(files)
    rows = _rows()
    strays, removed = _not_needed(lying, rows)
    problems = list(_wrong(files, rows))
    if sweep:
        for stored in (*strays, *removed):
            files.discard(stored)
    else:
        problems += [f"{stored.path.name}: older than a day, and no attachment names it" for stored in strays]
    for problem in problems:
        click.echo(problem)
    kept = sum(row.removed_at is None for row in rows)
    left = len(strays) + len(removed)
    click.echo(f"{kept} attachments, {len(problems)} problems; {left} files {'deleted' if sweep else 'to be deleted'}.")
    if problems:
        raise SystemExit(1)


def _rows() -> Sequence[AnyRow]:
    """What every attachment of every district says of its file; no transaction is open afterwards, because reading
    all files takes long."""
    enter(NOBODY)
    columns = (
        Attachment.id,
        Attachment.stored_name,
        Attachment.size_bytes,
        Attachment.sha256,
        Attachment.removed_at,
    )
    reason = across_districts("check-files compares the files of the whole installation")
    rows = db.session.execute(select(*columns).order_by(Attachment.id), execution_options=reason).all()
    db.session.close()
    return rows


def _wrong(files: FileStore, rows: Sequence[AnyRow]) -> Iterator[str]:
    for row in rows:
        if row.removed_at is not None:
            continue
        try:
            size = files.path(row.stored_name).stat().st_size
            if size != row.size_bytes:
                yield f"attachment {row.id}: {size} bytes on the disk instead of {row.size_bytes} ({row.stored_name})"
            elif files.digest(row.stored_name) != row.sha256:
                yield f"attachment {row.id}: the file was changed ({row.stored_name})"
        except (OSError, ValueError) as error:
            yield f"attachment {row.id}: the file cannot be read ({row.stored_name}: {error.__class__.__name__})"


def _not_needed(lying: Sequence[Stored], rows: Sequence[AnyRow]) -> tuple[list[Stored], list[Stored]]:
    """Files of a day ago and older: those that no attachment names, and those whose attachment was removed."""
    before = clock.now() - KEPT_FOR
    removed_at = {row.stored_name: row.removed_at for row in rows}
    strays = [f for f in lying if f.changed_at < before and not (f.finished and f.name in removed_at)]
    gone = {name for name, at in removed_at.items() if at is not None and at < before}
    return strays, [f for f in lying if f.finished and f.name in gone]
