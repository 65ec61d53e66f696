"""``make bench``: make the data where they are not there yet, measure in one run, print the table.

Nothing is asserted: a figure that misses its goal is printed as such. Everything that is started here is ended here.
"""

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

from argon2 import PasswordHasher
from databases import Unavailable

from bench import exports, pages, playgrounds, postgres, writers
from bench.data import sqlite_office
from bench.measure import Result, table
from districtops import clock
from districtops.guard import passwords
from districtops.kit.db import sqlite_driver


def main() -> None:
    """Read the options, measure, print."""
    asked = _options()
    for name in [name for name in os.environ if name.startswith("DISTRICTOPS_")]:
        del os.environ[name]
    # A sign-in costs 70 ms on purpose and is none of the goals.
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    started = time.monotonic()
    small, large = (int(rows) for rows in asked.rows.split(","))
    pair = pages.Pair(sqlite_office(folder, small), sqlite_office(folder, large), asked.blocks)
    results: list[Result] = []
    results += pages.measured(pair)
    results += exports.measured(pair, folder, asked.pages)
    results += writers.measured(pair.small, folder, asked.seconds)
    results += playgrounds.measured(asked.blocks)
    if not asked.no_postgres:
        try:
            results += postgres.measured(folder, asked.postgres_rows)
        except Unavailable as problem:
            print(f"G12 is left out, PostgreSQL cannot start here: {problem}")
    missed = [result for result in results if not result.met]
    print(f"\n{_here()}; small {small:,}, large {large:,} projects, of which the first district holds 70 %.\n")
    print(table(results))
    print(f"\n{len(missed)} of {len(results)} lines miss their goal. {time.monotonic() - started:.0f} s in all.")


def _here() -> str:
    cores = len(os.sched_getaffinity(0))
    return f"{clock.today()}: {cores} cores, Python {platform.python_version()}, SQLite {sqlite_driver.sqlite_version}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", help="projects of the small and of the large office; 10000,1000000 by default")
    parser.add_argument("--quick", action="store_true", help="2000,20000 projects, few blocks: one to two minutes")
    parser.add_argument("--blocks", type=int, help="blocks of each pair; 30 by default")
    parser.add_argument("--pages", type=int, help="pages asked for during exports; 200 by default")
    parser.add_argument("--seconds", type=float, help="how long sixteen writers write, three times; 6 by default")
    parser.add_argument("--postgres-rows", type=int, help="projects on PostgreSQL; 100000 by default")
    parser.add_argument("--no-postgres", action="store_true", help="leave G12 out")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "districtops-bench")
    asked = parser.parse_args()
    quick = {"rows": "2000,20000", "blocks": 4, "pages": 40, "seconds": 2.0, "postgres_rows": 4_000}
    full = {"rows": "10000,1000000", "blocks": 30, "pages": 200, "seconds": 6.0, "postgres_rows": 100_000}
    for name, value in (quick if asked.quick else full).items():
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


if __name__ == "__main__":
    main()
