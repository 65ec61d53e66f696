"""Sixteen people who write at once, and a server that is killed while they do (G11)."""

import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from bench.measure import Result, quantile, told
from bench.office import TOKEN, Served, served
from bench.pages import HOME
from districtops.kit.db import sqlite_driver

WRITERS = 16


@dataclass
class Written:
    """What the writers saw: texts that were accepted, seconds of each, answers that refused."""

    accepted: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: list[int | str] = field(default_factory=list)


def measured(source: Path, folder: Path, seconds: float) -> Iterator[Result]:
    """G11, on a copy of an office. ``seconds`` is how long the writers write, each time."""
    path = folder / "bench-writers.sqlite3"
    _remove(path)
    shutil.copyfile(source, path)
    try:
        yield from _measured(path, folder, seconds)
    finally:
        _remove(path)


def _measured(path: Path, folder: Path, seconds: float) -> Iterator[Result]:
    with closing(sqlite_driver.connect(path)) as connection:
        [first, district] = connection.execute(
            f"SELECT id, district_id FROM new_deal_project WHERE district_id = {HOME} ORDER BY id LIMIT 1"
        ).fetchone()
    with told("G11 sixteen direct writers"):
        direct = _direct(path, district, first, seconds)
    with served(f"sqlite:///{path}", folder) as office:
        token = TOKEN.search(office.ask(f"/new-deal/projects/{first}").read().decode())[1]
        with told("G11 sixteen writers"):
            calm = _together(lambda written, go: _notes(office, token, first, written, go), seconds, None)
        with told("G11 killed while they write"):
            killed = _together(lambda written, go: _notes(office, token, first, written, go), seconds, office.kill)
    started = time.perf_counter()
    with closing(sqlite_driver.connect(path)) as connection:
        connection.execute("SELECT count(*) FROM installation").fetchone()
        reopened = time.perf_counter() - started
        stored = [text for (text,) in connection.execute("SELECT text FROM note WHERE text LIKE 'bench %'")]
        [damage] = connection.execute("PRAGMA quick_check(1)").fetchone()
    accepted = calm.accepted + killed.accepted
    lost = len(set(accepted) - set(stored)) + (damage != "ok")
    doubled = len(stored) - len(set(stored))
    rate, direct_rate = len(calm.accepted) / seconds, len(direct.accepted) / seconds
    note = f"{len(accepted):,} accepted, {len(stored):,} stored"
    yield Result(goal="G11", what="writes refused", figure=len(calm.refused), limit=0, unit="", note=note)
    yield Result(
        goal="G11", what="accepted and lost after kill -9, or stored twice", figure=lost + doubled, limit=0, unit=""
    )
    yield Result(goal="G11", what="reopened after kill -9", figure=reopened * 1000, limit=100, unit="ms")
    note = f"ours {rate:,.0f}/s over HTTP with record and figures, direct {direct_rate:,.0f}/s"
    yield Result(goal="G11", what="acts / direct commits, by second", figure=rate / max(direct_rate, 1), note=note)
    ours, theirs = quantile(calm.seconds, 0.99), quantile(direct.seconds, 0.99)
    note = f"ours {ours * 1000:,.0f} ms, direct {theirs * 1000:,.0f} ms"
    yield Result(goal="G11", what="act / direct commit, p99", figure=ours / theirs, note=note)


Writer = Callable[[Written, threading.Event], None]


def _together(write: Writer, seconds: float, half_way: Callable[[], None] | None) -> Written:
    """Let all write until the time is up, or until something happens to them half way."""
    written, go = Written(), threading.Event()
    threads = [threading.Thread(target=write, args=(written, go)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 2)
    if half_way:
        half_way()
    else:
        time.sleep(seconds / 2)
    go.set()
    for thread in threads:
        thread.join()
    return written


def _notes(office: Served, token: str, project: int, written: Written, stop: threading.Event) -> None:
    """Add notes to the writer's own project, as the page's form does."""
    with closing(office.connection()) as connection:
        while not stop.is_set():
            text = f"bench {secrets.token_hex(8)}"
            once = f"{secrets.randbelow(10**30):030d}"
            started = time.perf_counter()
            try:
                fields = {"csrf_token": token, "once": once, "text": text}
                answer = office.ask(f"/new-deal/projects/{project}/notes", fields, connection)
                answer.read()
            except (OSError, HTTPException) as problem:
                # The server is gone: what it did not answer, it did not promise.
                written.refused.append(type(problem).__name__)
                return
            written.seconds.append(time.perf_counter() - started)
            if answer.status == 303:
                written.accepted.append(text)
            else:
                written.refused.append(answer.status)


def _direct(path: Path, district: int, program: int, seconds: float) -> Written:
    """The same rows by bare statements, a transaction each."""

    def write(written: Written, stop: threading.Event) -> None:
        with closing(sqlite_driver.connect(path, timeout=10, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            while not stop.is_set():
                text = f"direct {secrets.token_hex(8)}"
                started = time.perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT INTO note (district_id, program_id, text, at) VALUES (?, ?, ?, ?)",
                    (district, program, text, "2022-01-25 00:00:00.000000"),
                )
                connection.execute("COMMIT")
                written.seconds.append(time.perf_counter() - started)
                written.accepted.append(text)

    return _together(write, seconds, None)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
