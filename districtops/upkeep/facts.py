"""What an installation looks like, gathered once and judged elsewhere. Nothing here decides what is right."""

import datetime as dt
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, across_districts, enter
from districtops.kit.db import db, sqlite_driver, writing
from districtops.models import DrillOutcome, Grant, Installation, RestoreDrill, Role, User
from districtops.models.queries import latest_drill
from districtops.upkeep import backup as backups
from districtops.upkeep import restore as restoring
from districtops.upkeep import sqlite_copies
from districtops.upkeep.manifest import Refused

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema", "busy_timeout")


@dataclass(frozen=True)
class Access:
    """A file or folder and who may do what with it: the nine permission bits."""

    path: Path
    mode: int


@dataclass(frozen=True, kw_only=True)
class SqliteFacts:
    """A SQLite database. ``pragmas`` are those of a live connection, ``damage`` is what quick_check says (empty when
    all is well), ``others`` are other processes that hold the file open."""

    version: tuple[int, ...]
    pragmas: dict[str, str]
    path: Path
    file_system: str
    damage: str
    others: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostgresFacts:
    """A PostgreSQL database and the role that the product works as. ``owned`` counts the tables that it owns."""

    role: str
    superuser: bool
    bypasses_rls: bool
    encoding: str
    owned: int


@dataclass(frozen=True, kw_only=True)
class OfficeFacts:
    """What the tables hold, where they are those of this version."""

    demonstration: bool
    administrators: int
    known_passwords: tuple[str, ...] = ()
    drill_at: dt.datetime | None = None
    drill_ok: bool = True
    drill_words: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """An installation. ``schema`` is the revision of its tables (empty: none), ``head`` that of this version;
    ``free`` and ``total`` are bytes of the disk that the data lie on, ``backup_beside`` says that the newest backup
    lies on that disk, too; what could not be looked at is in ``unseen``."""

    debug: bool
    secret: str = field(repr=False)
    keys: tuple[Access, ...]
    hosts: bool
    proxies: int
    pinned_day: dt.date | None
    places: tuple[Access, ...]
    schema: str
    head: str
    known: frozenset[str]
    free: int
    total: int
    backup_at: dt.datetime | None
    backup_folder: Path
    backup_beside: bool = False
    sqlite: SqliteFacts | None = None
    postgres: PostgresFacts | None = None
    office: OfficeFacts | None = None
    unseen: tuple[str, ...] = ()


def gather(app: Flask, *, thoroughly: bool) -> Facts:
    """Look at an installation, writing nothing into its tables. ``thoroughly`` also tries the demonstration's password
    on administrators (70 ms each) and looks for other processes. Needs an application context."""
    token = writing.set(False)
    try:
        return _gather(app, thoroughly)
    finally:
        db.session.remove()
        writing.reset(token)


def _gather(app: Flask, thoroughly: bool) -> Facts:
    unseen: list[str] = []
    config = app.config
    url = backups.database_url(app)
    scripts = ScriptDirectory(str(app.extensions["migrate"].directory))
    sqlite = postgres = office = None
    schema = ""
    folder = Path(app.instance_path)
    places = [folder]
    try:
        if url.get_backend_name() == "sqlite":
            path = backups.sqlite_file(url)
            folder = path.parent
            places += [folder, path]
            if path.exists():
                sqlite = _sqlite(path, thoroughly)
        else:
            postgres = _postgres()
        if sqlite or postgres:
            schema = _schema()
        if schema and schema == scripts.get_current_head():
            office = look_at_office(thoroughly=thoroughly)
    except (SQLAlchemyError, sqlite_driver.DatabaseError, psycopg.Error, Refused) as problem:
        unseen.append(f"The database cannot be looked at ({_first_line(problem)}).")
    disk = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists()))
    backup_folder = backups.backup_folder(app)
    newest = restoring.newest(backup_folder)
    return Facts(
        debug=app.debug,
        secret=_text(config["SECRET_KEY"]),
        keys=tuple(access(path) for path in key_files(app)),
        hosts=bool(config["TRUSTED_HOSTS"]),
        proxies=config["PROXIES"],
        pinned_day=config["TODAY_SETTING"],
        places=tuple(access(path) for path in dict.fromkeys(places) if path.exists()),
        schema=schema,
        head=scripts.get_current_head() or "",
        known=frozenset(script.revision for script in scripts.walk_revisions()),
        free=disk.free,
        total=disk.total,
        backup_at=restoring.made_at(newest) if newest else None,
        backup_folder=backup_folder,
        backup_beside=newest is not None and same_disk(newest, folder),
        sqlite=sqlite,
        postgres=postgres,
        office=office,
        unseen=tuple(unseen),
    )


def same_disk(one: Path, other: Path) -> bool:
    """Whether two places lie on one file system, and would be lost together."""
    return one.exists() and other.exists() and one.stat().st_dev == other.stat().st_dev


def key_files(app: Flask) -> list[Path]:
    """The files beside the data that hold keys."""
    folder = Path(app.instance_path)
    return sorted(path for path in folder.glob("*key*") if path.is_file()) if folder.is_dir() else []


def access(path: Path) -> Access:
    """Who may do what with a file or folder."""
    return Access(path, stat.S_IMODE(path.stat().st_mode))


def _text(key: str | bytes) -> str:
    return key.decode("latin-1") if isinstance(key, bytes) else str(key)


def _first_line(problem: Exception) -> str:
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    return str(cause).strip().partition("\n")[0]


def _schema() -> str:
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        found = connection.connection.cursor()
        found.execute("SELECT version_num FROM alembic_version")
        row = found.fetchone()
        return str(row[0]) if row else ""


def _sqlite(path: Path, thoroughly: bool) -> SqliteFacts:
    damage = _damage(path)
    pragmas = {}
    if not damage:
        live = db.engine.raw_connection()
        try:
            for name in PRAGMAS:
                cursor = live.cursor()
                cursor.execute(f"PRAGMA {name}")
                row = cursor.fetchone()
                pragmas[name] = str(row[0]) if row else ""
        finally:
            live.close()
    return SqliteFacts(
        version=tuple(sqlite_driver.sqlite_version_info),
        pragmas=pragmas,
        path=path,
        file_system=file_system(path, Path("/proc/mounts")),
        damage=damage,
        others=_holders(path) if thoroughly else (),
    )


def _damage(path: Path) -> str:
    try:
        with sqlite_copies.opened(path, "ro") as connection:
            said = [str(line) for (line,) in connection.execute("PRAGMA quick_check(1)")]
    except Refused as refusal:
        # Whether it is damaged is not known where it cannot be opened or is locked.
        if isinstance(refusal.__cause__, sqlite_driver.OperationalError):
            raise
        return str(refusal)
    return "" if said == ["ok"] else "; ".join(said)


def file_system(path: Path, mounts: Path) -> str:
    """The kind of file system that a path lies on, such as ``ext4`` or ``nfs4``; empty where the system does not say.

    ``mounts`` is a table such as ``/proc/mounts``: device, place, kind …, with blanks written as ``\\040``.
    """
    kind, longest = "", -1
    resolved = path.resolve()
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        _device, place, found, *_rest = line.split()
        mounted = Path(place.replace("\\040", " "))
        # Of two mounts on the same place the later one is seen.
        if resolved.is_relative_to(mounted) and len(mounted.parts) >= longest:
            kind, longest = found, len(mounted.parts)
    return kind


def _holders(path: Path) -> tuple[int, ...]:
    """Other processes that have the file open, as far as this account may see."""
    found = set()
    resolved = str(path.resolve())
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(handle.readlink()) == resolved:
                found.add(int(handle.parts[2]))
    return tuple(sorted(found - {os.getpid()}))


def _postgres() -> PostgresFacts:
    live = db.engine.raw_connection()
    try:
        cursor = live.cursor()
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, pg_encoding_to_char(encoding), "
            "(SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = current_schema()) "
            "FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        )
        role, superuser, bypasses, encoding, owned = cursor.fetchone() or ("", False, False, "", 0)
    finally:
        live.close()
    return PostgresFacts(role=role, superuser=superuser, bypasses_rls=bypasses, encoding=encoding, owned=owned)


def look_at_office(*, thoroughly: bool) -> OfficeFacts:
    """What the tables hold. Needs those of this version, and an application context."""
    enter(NOBODY)
    found = db.session.execute(select(Installation)).scalar_one_or_none()
    administer = select(Grant.user_id).where(Grant.role == Role.ADMINISTRATOR, Grant.ended_at.is_(None))
    held = select(User).where(User.id.in_(administer), User.active)
    administrators = (
        db.session.execute(held, execution_options=across_districts("whether anybody administers")).scalars().all()
    )
    demonstration = found is not None and found.demonstration
    drill: RestoreDrill | None = latest_drill()
    return OfficeFacts(
        demonstration=demonstration,
        administrators=len(administrators),
        known_passwords=tuple(
            user.username
            for user in (administrators if thoroughly and not demonstration else ())
            if passwords.matches(passwords.DEMONSTRATION, user.password_hash)
        ),
        drill_at=drill.at if drill else None,
        drill_ok=drill is None or drill.outcome is DrillOutcome.OK,
        drill_words=drill.words if drill else "",
    )
