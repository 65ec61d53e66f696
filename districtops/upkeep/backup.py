"""Making a backup: the database first, then the attachments, under a name of its own only once all is on the disk.

Attachments are written before their rows are committed and swept a day after their rows are gone, so whatever a row of
the copy names is still there when the attachments are copied.
"""

import datetime as dt
import fcntl
import hashlib
import hmac
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import URL, make_url

from districtops import clock
from districtops.guard import chain
from districtops.kit.db import db
from districtops.upkeep import chains, postgres_copies, sqlite_copies
from districtops.upkeep import manifest as manifests
from districtops.upkeep.manifest import DATABASES, FILES, DatabaseState, Fingerprint, Manifest, Refused

PREFIX = "districtops-"
UNFINISHED = ".districtops-unfinished"


@dataclass(frozen=True)
class Made:
    """A backup that was made, and how many files beside the attachments were left out: none is named by a row."""

    manifest: Manifest
    left_out: int


def files_folder(app: Flask) -> Path:
    """Where this installation keeps attachments; it may not be there yet."""
    return Path(app.config.get("FILES_FOLDER") or Path(app.instance_path) / "files")


def backup_folder(app: Flask) -> Path:
    """Where backups without another place go, and where the drill looks for them."""
    return Path(app.config["BACKUP_FOLDER"])


def name_of(moment: dt.datetime) -> str:
    """The name of a backup made now: the time in Korea, without signs that a USB stick's file system refuses."""
    return PREFIX + moment.astimezone(clock.KOREA).strftime("%Y-%m-%dT%H%M%S")


def database_url(app: Flask) -> URL:
    """Where the data are kept, on PostgreSQL under the owner's role where one is named: it alone may read and write all
    that a backup holds. Raises Refused for a database that lives in memory alone."""
    with app.app_context():
        owner = app.config.get("OWNER_DATABASE_URI")
        url = make_url(owner) if owner else db.engine.url
    if url.get_backend_name() not in DATABASES or (url.get_backend_name() == "sqlite" and not _file_of(url)):
        raise Refused("This installation keeps its data in memory alone.")
    return url


def sqlite_file(url: URL) -> Path:
    """The file of a SQLite database."""
    return Path(_file_of(url))


def _file_of(url: URL) -> str:
    name = url.database or ""
    return "" if name == ":memory:" else name


def key_ids(app: Flask) -> dict[str, list[str]]:
    """Name -> ids of the keys that the data need: the same key has the same id, and no way leads back to the key."""
    key = app.config["SECRET_KEY"]
    secret = key if isinstance(key, bytes) else str(key).encode()
    return {
        "secret_key": [hmac.new(secret, b"districtops key id", hashlib.sha256).hexdigest()[:16]],
        "audit_keys": [chain.key_id(key) for key in app.config["AUDIT_KEYS"]],
    }


def make(app: Flask, out: Path) -> Made:
    """Make a backup at ``out``, which is whole afterwards or absent.

    Raises Refused where something is there already or the database cannot be copied, OSError where the disk fails.
    """
    url = database_url(app)
    moment = clock.now()
    # Before the database: whatever is at the head of a chain now is in the copy.
    heads = chains.heads(app, url) if url.get_backend_name() != "sqlite" or sqlite_file(url).exists() else []
    with unfinished(out) as folder:
        database, content = _database(app, url, folder)
        attachments, left_out = _attachments(files_folder(app), folder / FILES)
        content |= {f"{FILES}/{name}": file for name, file in attachments.items()}
        made = Manifest(out.name, moment.replace(microsecond=0), database, content, heads, key_ids(app))
        manifests.write(folder, made)
        for path in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
            manifests.sync(path)
    return Made(made, left_out)


def _database(app: Flask, url: URL, folder: Path) -> tuple[DatabaseState, dict[str, Fingerprint]]:
    kind = url.get_backend_name()
    target = folder / DATABASES[kind]
    if kind == "sqlite":
        found = sqlite_copies.take(sqlite_file(url), target)
    else:
        found = postgres_copies.take(url, target, app.config["PG_BIN"])
    if not found.schema:
        raise Refused("The database was never set up: there is nothing to back up yet.")
    return found, {target.name: manifests.fingerprint(target)}


def _attachments(source: Path, target: Path) -> tuple[dict[str, Fingerprint], int]:
    copied: dict[str, Fingerprint] = {}
    left_out = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        name = path.relative_to(source).as_posix()
        if path.is_dir():
            continue
        if path.is_symlink() or not manifests.is_attachment(name):
            left_out += 1
            continue
        manifests.private_folder((target / name).parent)
        # Swept since it was listed, so no row has named it for a day.
        with suppress(FileNotFoundError):
            copied[name] = manifests.copied(path, target / name)
    return copied, left_out


@contextmanager
def unfinished(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` that takes its name at the end; after a failure neither is there.

    What an earlier backup left that was killed is removed; one that is still being made keeps its folder locked.
    """
    if os.path.lexists(out):
        raise Refused(f"{out} is there already, and nothing is ever overwritten. Choose another name.")
    manifests.private_folder(out.parent)
    for left in out.parent.glob(f".*{UNFINISHED}"):
        # Gone, where another backup got its name this moment.
        with suppress(FileNotFoundError), _locked(left) as free:
            if free:
                shutil.rmtree(left)
    folder = out.with_name(f".{out.name}.{secrets.token_hex(4)}{UNFINISHED}")
    folder.mkdir(mode=0o700)
    with _locked(folder):
        try:
            yield folder
            if os.path.lexists(out):
                raise Refused(f"{out} came there meanwhile, and nothing is ever overwritten. Choose another name.")
            folder.rename(out)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    manifests.sync(out.parent)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a folder until the end, however this process ends; False where another process holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
