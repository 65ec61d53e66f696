"""Files over HTTP: the whole CSV (G7), its beginning and memory (G8), pages meanwhile (G9), the workbook (G10)."""

import csv
import io
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import xlsxwriter

from bench.data import YEARS
from bench.measure import Result, quantile, told
from bench.office import Served, served
from bench.pages import HOME, LIST, Pair
from districtops.kit.db import sqlite_driver

CSV = f"{LIST}.csv"
COLUMNS = """
f.id, f.code, f.title_en, f.category, j.type, d.name_en, u.name_en, f.stage, f.status, f.fiscal_year, f.budget_won,
f.spent_won, f.execution_rate, f.national_won, f.city_won, f.district_won, f.private_won, p.starts_on, f.ends_on,
f.named, f.sample
"""
SOURCE = """
FROM new_deal_project_figures f JOIN new_deal_project j ON j.id = f.id JOIN program p ON p.id = f.program_id
LEFT JOIN department d ON d.id = f.department_id LEFT JOIN user_account u ON u.id = p.officer_id
"""
SAME_ROWS = f"SELECT {COLUMNS} {SOURCE} WHERE f.district_id = {HOME} ORDER BY f.code, f.id"
MOST_IN_A_BOOK = 120_000
"""Rows: a larger office's workbook is cut to one year."""

PAUSE = 0.5
"""Seconds between an export that is left off and the next request, in which the server notices."""


def measured(pair: Pair, folder: Path, pages: int) -> Iterator[Result]:
    """G7 to G10. ``pages`` are asked for while the server is idle, and as many while it exports."""
    with ExitStack() as stack:
        small, large = (stack.enter_context(served(f"sqlite:///{path}", folder)) for path in (pair.small, pair.large))
        yield from whole(pair, large)
        yield from beginning(small, large, min(pair.blocks, 8))
        yield from meanwhile(large, pages)
        yield from workbook(pair, large)


def fetch(office: Served, address: str) -> tuple[float, int]:
    """(seconds, lines) of a whole file."""
    started, lines = time.perf_counter(), 0
    answer = office.ask(address)
    assert answer.status == 200, f"{address} answered {answer.status}"
    while piece := answer.read(1 << 20):
        lines += piece.count(b"\n")
    return time.perf_counter() - started, lines


def whole(pair: Pair, office: Served) -> Iterator[Result]:
    """All rows of the first district as CSV, against the database's own program."""
    program = shutil.which("sqlite3")
    ours, theirs, growth, lines = float("inf"), float("inf"), 0.0, 0
    fetch(office, f"{CSV}?fiscal_year={YEARS[0]}&q=x")
    with told("G7 whole CSV"):
        for _ in range(3):
            with _memory(office) as kept:
                seconds, lines = fetch(office, CSV)
            ours, growth = min(ours, seconds), max(growth, kept[1] - kept[0])
            theirs = min(theirs, _by_program(program, pair.large) if program else _by_module(pair.large))
    peer = "sqlite3 -csv" if program else "csv over sqlite3 in Python"
    note = f"{lines - 1:,} rows: ours {ours:.2f} s, {peer} {theirs:.2f} s"
    yield Result(
        goal="G7", what=f"CSV over HTTP, speed / {peer}", figure=theirs / ours, limit=1.0, higher=True, note=note
    )
    yield Result(goal="G8", what="memory that the export adds", figure=growth, limit=30, unit="MB")


def _by_program(program: str, path: Path) -> float:
    started = time.perf_counter()
    with Path("/dev/null").open("wb") as nowhere:
        subprocess.run([program, "-csv", str(path), SAME_ROWS], stdout=nowhere, check=True)
    return time.perf_counter() - started


def _by_module(path: Path) -> float:
    started = time.perf_counter()
    with closing(sqlite_driver.connect(path)) as connection:
        csv.writer(_Nowhere()).writerows(connection.execute(SAME_ROWS))
    return time.perf_counter() - started


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _memory(office: Served) -> Iterator[list[float]]:
    """[before, most] megabytes of the server, looked at twenty times a second."""
    kept = [office.memory()] * 2
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.05):
            kept[1] = max(kept[1], office.memory())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield kept
    finally:
        stop.set()
        thread.join()


def beginning(small: Served, large: Served, tries: int) -> Iterator[Result]:
    """When the first byte of the whole CSV is there."""
    best = {"small": float("inf"), "large": float("inf")}
    with told("G8 first byte"):
        for _ in range(tries):
            for name, office in (("small", small), ("large", large)):
                connection = office.connection()
                connection.connect()
                started = time.perf_counter()
                answer = office.ask(CSV, connection=connection)
                answer.read(1)
                best[name] = min(best[name], time.perf_counter() - started)
                answer.close()
                connection.close()
                time.sleep(PAUSE)
    note = ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in best.items())
    yield Result(goal="G8", what="first byte of the CSV", figure=best["large"] * 1000, limit=10, unit="ms", note=note)
    yield Result(goal="G8", what="first byte: large / small", figure=best["large"] / best["small"], limit=1.2)


def meanwhile(office: Served, pages: int) -> Iterator[Result]:
    """Pages while somebody exports everything, in the same process."""
    idle: list[float] = []
    loaded: list[float] = []
    with told("G9 pages during an export"):
        _times(office, 5)
        for _ in range(4):
            idle += _times(office, pages // 4)
            with _exporting(office):
                loaded += _times(office, pages // 4)
            time.sleep(PAUSE)
    for name, share, limit in (("p50", 0.5, 1.6), ("p99", 0.99, 2.0)):
        before, during = quantile(idle, share), quantile(loaded, share)
        note = f"idle {before * 1000:.1f} ms, during {during * 1000:.1f} ms"
        yield Result(goal="G9", what=f"page during an export, {name}", figure=during / before, limit=limit, note=note)


def _times(office: Served, pages: int) -> list[float]:
    found = []
    with closing(office.connection()) as connection:
        for _ in range(pages):
            started = time.perf_counter()
            office.ask(LIST, connection=connection).read()
            found.append(time.perf_counter() - started)
    return found


@contextmanager
def _exporting(office: Served) -> Iterator[None]:
    stop = threading.Event()

    def export() -> None:
        while not stop.is_set():
            with closing(office.connection()) as connection:
                answer = office.ask(CSV, connection=connection)
                while not stop.is_set() and answer.read(1 << 20):
                    pass
                answer.close()

    thread = threading.Thread(target=export)
    thread.start()
    time.sleep(0.1)
    try:
        yield
    finally:
        stop.set()
        thread.join()


def workbook(pair: Pair, office: Served) -> Iterator[Result]:
    """The rows as a workbook, against the library that the product uses for its styles, in its leanest mode."""
    with closing(sqlite_driver.connect(pair.large)) as connection:
        [count] = connection.execute(
            f"SELECT count(*) FROM new_deal_project_figures WHERE district_id = {HOME}"
        ).fetchone()
    year = YEARS[-1] if count > MOST_IN_A_BOOK else None
    with told("G10 workbook"):
        with _memory(office) as kept:
            started = time.perf_counter()
            answer = office.ask(f"{LIST}.xlsx?fiscal_year={year or ''}")
            while answer.read(1 << 20):
                pass
            ours = time.perf_counter() - started
        theirs, rows = _by_library(pair.large, year)
    note = f"{rows:,} rows: ours {rows / ours:,.0f} rows/s, XlsxWriter alone {rows / theirs:,.0f} rows/s; written by it"
    yield Result(
        goal="G10", what="XLSX, speed / XlsxWriter alone", figure=theirs / ours, limit=8, higher=True, note=note
    )
    yield Result(goal="G10", what="memory that the workbook adds", figure=kept[1] - kept[0], limit=60, unit="MB")


def _by_library(path: Path, year: int | None) -> tuple[float, int]:
    started, rows = time.perf_counter(), 0
    with tempfile.TemporaryFile() as file, closing(sqlite_driver.connect(path)) as connection:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet()
        statement = (
            f"SELECT {COLUMNS} {SOURCE} WHERE f.district_id = {HOME} AND f.fiscal_year = coalesce(?, f.fiscal_year)"
        )
        for values in connection.execute(statement, (year,)):
            sheet.write_row(rows, 0, values)
            rows += 1
        book.close()
    return time.perf_counter() - started, rows
