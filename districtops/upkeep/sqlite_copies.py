"""Copies of a SQLite database: taken beside a running server, checked, and put where no database is.

A copy is made by SQLite's backup interface inside one read transaction. Without that transaction every write of the
server starts the copy anew: under two writers it did not finish one page in 20 s, with it 85 MB took 0.2 s, and the
writers never waited for it. ``VACUUM INTO`` is as fast, but builds the indexes anew and so hides a damaged original.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, select, table
from sqlalchemy.dialects import sqlite

from districtops.kit.db import sqlite_driver
from districtops.models.search import INDEX
from districtops.upkeep import manifest as manifests
from districtops.upkeep.manifest import DatabaseState, Refused, sync

PAGES = 1024
"""How many pages are copied at once: 4 MiB."""

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database that is open or was left open."""


@contextmanager
def opened(path: Path, mode: str) -> Iterator[Any]:
    """A connection; ``mode`` is ``ro``, ``rw`` or ``immutable`` (writes nothing beside the file either).

    Raises Refused for whatever SQLite says of the file.
    """
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    try:
        connection = sqlite_driver.connect(
            f"file:{quote(str(path))}?{options}", uri=True, isolation_level=None, timeout=10
        )
        try:
            yield connection
        finally:
            connection.close()
    except sqlite_driver.DatabaseError as error:
        raise Refused(f"The database {path.name} cannot be read ({error}).") from error


def take(source: Path, target: Path) -> DatabaseState:
    """Copy a database that may be in use to a new file. Returns what the copy holds.

    Raises Refused where there is no database or the copy does not hold together.
    """
    if not source.exists():
        raise Refused(f"There is no database at {source}.")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with opened(source, "ro") as old, opened(target, "rw") as new:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        old.backup(new, pages=PAGES)
        # A copy that is never written needs no log beside it.
        new.execute("PRAGMA journal_mode=DELETE")
    sync(target)
    return state(target)


def state(path: Path) -> DatabaseState:
    """What a copy holds, once it is found whole. Writes nothing. Raises Refused for a damaged one."""
    with opened(path, "immutable") as connection:
        refuse_damaged(connection, path.name)
        held = rows(connection)
        files = manifests.named(connection.execute(manifests.ATTACHED)) if "attachment" in held else {}
        return DatabaseState("sqlite", f"SQLite {sqlite_driver.sqlite_version}", schema(connection), held, files)


def refuse_damaged(connection: Any, name: str) -> None:
    """Raises Refused where the file does not hold together or a row points to one that is not there."""
    found = [line for (line,) in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise Refused(f"The database {name} is damaged: {'; '.join(map(str, found))}")
    for child, row_id, parent, _key in connection.execute("PRAGMA foreign_key_check"):
        raise Refused(f"The database {name} is damaged: row {row_id} of {child} points to no row of {parent}.")


def schema(connection: Any) -> str:
    """The revision of the last migration; empty where none ran."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
        return ""
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else ""


def rows(connection: Any) -> dict[str, int]:
    """How many rows each table holds; the search index, which SQLite keeps in tables of its own, is none."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    names = [name for (name,) in tables if not name.startswith(INDEX)]
    return {name: connection.execute(counting(name)).fetchone()[0] for name in names}


def counting(name: str) -> str:
    """The statement that counts the rows of a table."""
    return str(select(func.count()).select_from(table(name)).compile(dialect=sqlite.dialect()))


def refuse_taken(path: Path) -> None:
    """Raises Refused where a restored database would take the place of one that holds anything, or is in use."""
    if not path.exists():
        for beside in BESIDE:
            if path.with_name(path.name + beside).exists():
                raise Refused(f"{path.name}{beside} lies where the database is to go. Move it away first.")
        return
    with opened(path, "rw") as connection:
        if any(count for name, count in rows(connection).items() if name != "alembic_version"):
            raise Refused(f"There is a database at {path}, and nothing is ever overwritten. Move it away first.")


def clear_empty(path: Path) -> None:
    """Remove a database that holds nothing. Raises Refused where it holds rows after all or somebody uses it."""
    refuse_taken(path)
    if path.exists():
        with opened(path, "rw") as connection:
            # Only whoever is alone may end the log; what is left of one would be taken for the new database's.
            connection.execute("PRAGMA journal_mode=DELETE")
        path.unlink()


def place(copy: Path, target: Path) -> None:
    """Give a database that was copied beside its place its name. Raises Refused where something is in the place."""
    clear_empty(target)
    # Unlike a rename, a link never takes the place of what came there meanwhile.
    try:
        target.hardlink_to(copy)
    except FileExistsError as error:
        raise Refused(f"There is a database at {target} now. Stop the server, then restore again.") from error
    copy.unlink()
    sync(target.parent)
