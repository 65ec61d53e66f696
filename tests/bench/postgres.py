"""The whole CSV on PostgreSQL, against its own COPY (G12)."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from databases import Database, Postgres, application

from bench.data import FIGURES, TODAY, check, few_rows, many_rows
from bench.exports import CSV, SAME_ROWS, fetch
from bench.measure import Result, told
from bench.office import served
from districtops.models import search


def measured(folder: Path, rows: int) -> Iterator[Result]:
    """G12, with a server of its own that is gone afterwards."""
    server = Postgres(f"bench-{os.getpid()}", "bench")
    try:
        with server.empty() as database:
            _fill(database, rows)
            with served(database.url, folder, database.owner) as office:
                yield _whole(database, office)
    finally:
        server.stop()


def _whole(database: Database, office: Any) -> Result:
    program = shutil.which("psql")
    ours, theirs, lines = float("inf"), float("inf"), 0
    with told("G12 whole CSV on PostgreSQL"):
        for _ in range(3):
            seconds, lines = fetch(office, CSV)
            ours, theirs = min(ours, seconds), min(theirs, _copied(program, _plain(database)))
    peer = "psql COPY" if program else "psycopg COPY"
    note = f"{lines - 1:,} rows: ours {ours:.2f} s, {peer} {theirs:.2f} s"
    return Result(
        goal="G12", what=f"CSV over HTTP, speed / {peer}", figure=theirs / ours, limit=0.5, higher=True, note=note
    )


def _plain(database: Database) -> str:
    return str(database.owner).replace("+psycopg", "")


def _copied(program: str | None, url: str) -> float:
    statement = f"COPY ({' '.join(SAME_ROWS.split())}) TO STDOUT (FORMAT csv)"
    started = time.perf_counter()
    if program:
        with Path("/dev/null").open("wb") as nowhere:
            subprocess.run([program, url, "-c", statement], stdout=nowhere, check=True)
    else:
        with psycopg.connect(url) as connection, connection.cursor().copy(statement) as pieces:
            for _ in pieces:
                pass
    return time.perf_counter() - started


def _fill(database: Database, rows: int) -> None:
    with application(database.url, OWNER_DATABASE_URI=database.owner, TODAY=TODAY) as app:
        with told(f"{rows:,} projects on PostgreSQL: people"):
            few_rows(app)
        with (
            told(f"{rows:,} projects on PostgreSQL: rows and figures"),
            psycopg.connect(_plain(database)) as connection,
        ):

            def write(table: str, columns: str, values: Iterable[tuple[Any, ...]]) -> None:
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)

            many_rows(rows, write)
            for statement in FIGURES:
                connection.execute(statement)
            found = connection.execute("SELECT id, code, title_en, title_ko FROM program ORDER BY id").fetchall()
            write(search.INDEX, "program_id, pairs", ((i, search.pairs(search.text_of(*t))) for i, *t in found))
        with psycopg.connect(_plain(database), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
        with told(f"{rows:,} projects on PostgreSQL: figures are right"):
            check(app, rows)
