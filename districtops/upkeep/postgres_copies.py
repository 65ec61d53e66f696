"""Copies of a PostgreSQL database with PostgreSQL's own tools: one snapshot, restored whole or not at all."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from districtops.guard.tenancy import EVERY, FENCE
from districtops.upkeep import manifest as manifests
from districtops.upkeep.manifest import DatabaseState, Refused, sync

USER_TABLES = (
    "SELECT schemaname, tablename FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY schemaname, tablename"
)


ALL_ROWS = f"-c {FENCE}={EVERY}"
"""Lets a connection see the rows of all districts: row-level security binds the owner of the tables too."""


@contextmanager
def connected(url: URL, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    """A connection. Raises Refused for whatever the server says."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=autocommit, options=ALL_ROWS) as connection:
            yield connection
    except psycopg.Error as error:
        raise Refused(f"PostgreSQL says: {str(error).strip()}") from error


def run(tool: str, url: URL, *arguments: str, folder: str | None) -> None:
    """Run a tool of PostgreSQL's on a database. ``folder`` is where the tools lie, None for PATH.

    Raises Refused where it is missing or gives up, with its own words.
    """
    found = shutil.which(tool, path=folder or os.environ.get("PATH"))
    if found is None:
        raise Refused(
            f"{tool} is missing. Install PostgreSQL's client programs of the server's version, or say where they "
            "lie with DISTRICTOPS_PG_BIN."
        )
    # The command line of a process is there for everybody to read; its environment is not.
    environment = {**os.environ, "PGOPTIONS": ALL_ROWS}
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    bare = url.set(drivername="postgresql")
    address = URL.create("postgresql", bare.username, None, bare.host, bare.port, bare.database, bare.query)
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL's with arguments of ours, no shell
        [found, f"--dbname={address.render_as_string(hide_password=False)}", "--no-password", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{tool} gave up: {done.stderr.strip() or done.returncode}")


def take(url: URL, target: Path, tools: str | None) -> DatabaseState:
    """Copy a database that may be in use to a new file. Returns what the copy holds, counted in the same snapshot."""
    with connected(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        [snapshot] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        found = state(connection)
        arguments = ["--format=custom", f"--snapshot={snapshot}", "--enable-row-security", f"--file={target}"]
        run("pg_dump", url, *arguments, folder=tools)
    target.chmod(0o600)
    sync(target)
    return found


def state(connection: psycopg.Connection) -> DatabaseState:
    """What a database holds."""
    tables = connection.execute(USER_TABLES).fetchall()
    rows = {}
    for schema, name in tables:
        counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
        [count] = connection.execute(counting).fetchone() or [0]
        rows[name] = int(count)
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone() if rows else None
    major = connection.info.server_version // 10000
    files = manifests.named(connection.execute(manifests.ATTACHED).fetchall()) if "attachment" in rows else {}
    return DatabaseState("postgresql", f"PostgreSQL {major}", str(revision[0]) if revision else "", rows, files)


def refuse_taken(url: URL) -> None:
    """Raises Refused where the database that is to be restored into holds any table."""
    with connected(url) as connection:
        if connection.execute(USER_TABLES).fetchone():
            raise Refused(
                f"The database {url.database} holds tables, and nothing is ever overwritten. Make an empty one "
                "(createdb --encoding=UTF8 …) and name it in DISTRICTOPS_DATABASE_URL."
            )


def restore(copy: Path, url: URL, tools: str | None) -> DatabaseState:
    """Restore a copy into an empty database, whole or not at all. Returns what the database then holds.

    Who may do what with the tables is not taken over: roles differ between servers, and every migration grants it anew.
    """
    refuse_taken(url)
    arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(copy)]
    run("pg_restore", url, *arguments, folder=tools)
    with connected(url) as connection:
        return state(connection)


@contextmanager
def scratch(url: URL) -> Iterator[URL]:
    """An empty database on the same server, dropped afterwards. The role must be allowed to create databases."""
    name = f"districtops_drill_{secrets.token_hex(6)}"
    with connected(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
    try:
        yield url.set(database=name)
    finally:
        with connected(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
