"""Restoring a backup: everything is checked first, nothing is ever overwritten, and a drill proves that it works."""

import datetime as dt
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.engine import URL

from districtops import clock
from districtops.upkeep import chains, postgres_copies, sqlite_copies
from districtops.upkeep import manifest as manifests
from districtops.upkeep.backup import PREFIX, database_url, files_folder, key_ids, sqlite_file
from districtops.upkeep.manifest import FILES, MANIFEST, DatabaseState, Manifest, Refused


@dataclass(frozen=True)
class Drill:
    """What a drill found. ``words`` are for the administrator; ``backup`` is empty where there was none."""

    backup: str
    ok: bool
    words: str


def known_schemas(app: Flask) -> set[str]:
    """The revisions of all migrations that this version of the product has."""
    scripts = ScriptDirectory(str(app.extensions["migrate"].directory))
    return {script.revision for script in scripts.walk_revisions()}


def verify(app: Flask, folder: Path, *, keys_lost: bool = False) -> Manifest:
    """Check a backup from end to end, writing nothing. Raises Refused with the first thing that is wrong.

    A PostgreSQL copy is compared byte by byte; its rows are checked once they are restored. ``keys_lost`` leaves out
    the record of changes, which nobody can verify without its keys.
    """
    found = manifests.read(folder)
    manifests.compare(folder, found)
    if found.database.schema not in known_schemas(app):
        raise Refused(
            f"The backup's tables have the revision {found.database.schema!r}, which this version of the product does "
            "not know. Restore it with the version that made it, or with a newer one."
        )
    if found.database.kind == "sqlite":
        _refuse_other(found, sqlite_copies.state(folder / found.database_file))
    if not keys_lost:
        if "audit_keys" in missing_keys(app, found):
            raise Refused(
                "The record of changes was signed with keys that are not this installation's audit_keys, so it cannot "
                "be verified. Put them in their place first, or say --keys-lost."
            )
        if found.database.kind == "sqlite":
            copy = chains.copy_of_sqlite(folder / found.database_file)
            chains.refuse_broken(app, copy, found.audit_heads)
    return found


def _refuse_other(expected: Manifest, found: DatabaseState) -> None:
    if found.schema != expected.database.schema:
        raise Refused(f"The tables have the revision {found.schema!r}, the manifest says {expected.database.schema!r}.")
    for name in sorted({*found.rows, *expected.database.rows}):
        if (held := found.rows.get(name)) != (wanted := expected.database.rows.get(name)):
            raise Refused(f"The table {name} has {held} rows, the manifest says {wanted}.")
    if found.named != expected.database.named:
        raise Refused("The attachments that the rows name are not those of the manifest.")


def missing_keys(app: Flask, found: Manifest) -> list[str]:
    """The names of keys that the backup was made with and that are not this installation's."""
    own = key_ids(app)
    return sorted(name for name, ids in found.keys.items() if not set(ids) <= set(own.get(name, ())))


def restore(app: Flask, folder: Path, *, keys_lost: bool = False) -> Manifest:
    """Restore a backup into this installation, which must hold nothing yet. ``keys_lost`` as in ``verify``.

    Raises Refused where the backup is not whole or anything is in its place, OSError where the disk fails; then the
    installation is as it was.
    """
    found = verify(app, folder, keys_lost=keys_lost)
    url = database_url(app)
    if url.get_backend_name() != found.database.kind:
        raise Refused(
            f"The backup holds a {found.database.kind} database, and DISTRICTOPS_DATABASE_URL names one of "
            f"{url.get_backend_name()}."
        )
    put(app, folder, found, url, files_folder(app), keys_lost=keys_lost)
    return found


def put(app: Flask, folder: Path, found: Manifest, url: URL, files: Path, *, keys_lost: bool = False) -> None:
    """Put a verified backup where no data are. The database comes last: with it the restored office is there."""
    if files.exists() and (not files.is_dir() or any(files.iterdir())):
        raise Refused(f"{files} is not empty, and nothing is ever overwritten. Move it away first.")
    if found.database.kind == "sqlite":
        sqlite_copies.refuse_taken(sqlite_file(url))
    else:
        postgres_copies.refuse_taken(url)
    with _attachments(folder, found, files):
        if found.database.kind == "postgresql":
            state = postgres_copies.restore(folder / found.database_file, url, app.config["PG_BIN"])
            try:
                _refuse_other(found, state)
                if not keys_lost:
                    chains.refuse_broken(app, url, found.audit_heads)
            except Refused as refusal:
                raise Refused(f"{refusal} Drop the database {url.database}, which now holds this.") from refusal
        else:
            _put_sqlite(folder, found, sqlite_file(url))


def _put_sqlite(folder: Path, found: Manifest, target: Path) -> None:
    manifests.private_folder(target.parent)
    copy = target.with_name(f".{target.name}.{secrets.token_hex(4)}.restoring")
    try:
        if manifests.copied(folder / found.database_file, copy) != found.files[found.database_file]:
            raise Refused(f"{found.database_file} changed while it was read.")
        _refuse_other(found, sqlite_copies.state(copy))
        sqlite_copies.place(copy, target)
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def _attachments(folder: Path, found: Manifest, files: Path) -> Iterator[None]:
    """The attachments stand in their place within the block, and stay there unless it fails."""
    if not found.attachments:
        yield
        return
    manifests.private_folder(files.parent)
    copies = files.with_name(f".{files.name}.{secrets.token_hex(4)}.restoring")
    try:
        copies.mkdir(mode=0o700)
        for name in found.attachments:
            target = copies / name
            target.parent.mkdir(exist_ok=True, mode=0o700)
            if manifests.copied(folder / FILES / name, target) != found.files[f"{FILES}/{name}"]:
                raise Refused(f"{FILES}/{name} changed while it was read.")
        for path in (*copies.iterdir(), copies):
            manifests.sync(path)
        # Takes the place of an empty folder, never of one that holds something.
        copies.rename(files)
        manifests.sync(files.parent)
        try:
            yield
        except BaseException:
            shutil.rmtree(files)
            raise
    finally:
        shutil.rmtree(copies, ignore_errors=True)


def newest(folder: Path) -> Path | None:
    """The backup made last among those in a folder, damaged ones too: a drill must not look past them."""
    found = [path for path in folder.iterdir() if _is_candidate(path)] if folder.is_dir() else []
    return max(found, key=made_at, default=None)


def _is_candidate(path: Path) -> bool:
    return (
        path.is_dir()
        and not path.name.startswith(".")
        and (path.name.startswith(PREFIX) or (path / MANIFEST).is_file())
    )


def made_at(backup: Path) -> dt.datetime:
    """When a backup was made: as its manifest says, else its name, else its folder's time."""
    try:
        return manifests.read(backup).created_at
    except (Refused, OSError):
        if said := re.search(r"(\d{4}-\d\d-\d\dT\d{6})", backup.name):
            try:
                return dt.datetime.strptime(said[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=clock.KOREA)
            except ValueError:
                pass
        return dt.datetime.fromtimestamp(backup.stat().st_mtime, dt.UTC)


def drill(app: Flask, folder: Path) -> Drill:
    """Restore the newest backup of a folder into a place of its own, check it, and remove it again."""
    backup = newest(folder)
    if backup is None:
        return Drill("", False, f"There is no backup in {folder}.")
    try:
        found = verify(app, backup)
        place = files_folder(app).parent
        manifests.private_folder(place)
        with tempfile.TemporaryDirectory(prefix=".drill-", dir=place) as work:
            _restore_aside(app, backup, found, Path(work))
    except Refused as refusal:
        return Drill(backup.name, False, str(refusal))
    except OSError as error:
        return Drill(backup.name, False, f"{error.filename} cannot be used ({error.strerror}).")
    rows = sum(found.database.rows.values())
    words = f"{rows} rows and {len(found.attachments)} attachments came back as they were."
    if found.lost:
        words += f" {len(found.lost)} attachments had lost their file before: check-files says which."
    return Drill(backup.name, not found.lost, words)


def _restore_aside(app: Flask, backup: Path, found: Manifest, work: Path) -> None:
    files = work / FILES
    if found.database.kind == "sqlite":
        database = work / found.database_file
        put(app, backup, found, URL.create("sqlite", database=str(database)), files)
        with sqlite_copies.opened(database, "rw") as connection:
            sqlite_copies.refuse_damaged(connection, database.name)
    else:
        url = database_url(app)
        if url.get_backend_name() != "postgresql":
            raise Refused("The backup holds a PostgreSQL database, and this installation has no server to try it on.")
        with postgres_copies.scratch(url) as empty:
            put(app, backup, found, empty, files)
    for name in found.attachments:
        if manifests.fingerprint(files / name) != found.files[f"{FILES}/{name}"]:
            raise Refused(f"{FILES}/{name} did not come back as it was.")
