"""Made-up offices of any size, in the product's own tables: four districts, of which the first holds 70 %.

The tables come from the product's migrations and the few rows from its classes; the many are written in bulk, and their
figures by statements of this file, whose result the product then computes anew for a sample and must find right.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from databases import application
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from bench.measure import told
from bench.words import RARE_HITS, mixed, names
from districtops import clock
from districtops.demo.loader import add_districts
from districtops.guard import passwords, summaries
from districtops.guard.tenancy import NOBODY, enter, within
from districtops.kit.db import db, sqlite_driver
from districtops.models import Department, DepartmentKind, District, Grant, Installation, Program, Role, User, search
from districtops.new_deal.models import Category, Concern, Programme, Status
from districtops.new_deal.monthly.models import ReportMonth, Standing
from districtops.new_deal.monthly.rules import last_day

ROOT = Path(__file__).resolve().parents[2]
MADE_BY = 4
"""Raised when what is made changes, so that files of before are not taken for it."""

TODAY = dt.date(2022, 1, 25)
YEARS = range(2017, 2023)
MONTHS = (*(f"{YEARS[-2]}-{month:02}" for month in range(1, 13)), f"{YEARS[-1]}-01")
"""The months whose reports were requested."""
SLUGS = ("mapo", "yongsan", "songpa", "gwanak")
HOMES = (0, 0, 0, 0, 0, 0, 0, 1, 2, 3)
"""Which district each of ten projects belongs to."""
DEPARTMENTS = 12
RECENT = 300
PASSWORD = "rain falls on Mapo bridge"
CHECKED = 2_000

Write = Callable[[str, str, Iterable[tuple[Any, ...]]], None]
"""Writes rows into a table: its name, its columns with commas, the rows."""

LATEST = ("in_execution", "in_execution", "contracted", "planned", "budget_secured", "completed", "discovered")
PAYERS = ("national", "city", "district")


def revision() -> str:
    """The schema that the migrations of this checkout lead to, as a few digits."""
    digest = hashlib.sha256()
    for migration in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:8]


def sqlite_office(folder: Path, rows: int) -> Path:
    """The SQLite file of an office of so many projects; made when it is not there."""
    path = folder / f"bench-{rows}-{revision()}-{MADE_BY}.sqlite3"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".unfinished")
    for suffix in ("", "-wal", "-shm"):
        unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
    url = f"sqlite:///{unfinished}"
    with told(f"{rows:,} projects: tables and people"), application(url, TODAY=TODAY) as app:
        few_rows(app)
    connection = sqlite_driver.connect(unfinished, isolation_level=None)
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "foreign_keys=OFF",
        "cache_size=-400000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")

    def write(table: str, columns: str, values: Iterable[tuple[Any, ...]]) -> None:
        marks = ",".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

    # In bulk an index is made faster at the end than kept up to date row by row.
    wanted = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    with told(f"{rows:,} projects: rows"):
        connection.execute("BEGIN")
        for name, _ in wanted:
            connection.execute(f'DROP INDEX "{name}"')
        many_rows(rows, write)
        connection.execute("COMMIT")
    with told(f"{rows:,} projects: figures and indexes"):
        for statement in (*FIGURES, *(sql for _, sql in wanted)):
            connection.execute(statement)
    with told(f"{rows:,} projects: search"):
        connection.execute("BEGIN")
        found = connection.execute("SELECT id, code, title_en, title_ko FROM program ORDER BY id")
        write(search.INDEX, "rowid, pairs", ((i, " ".join(search.pairs(search.text_of(*t)))) for i, *t in found))
        connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
    with told(f"{rows:,} projects: figures are right"), application(url, TODAY=TODAY) as app:
        check(app, rows)
    # Folds what is left of the journal into the file and takes it away.
    last = sqlite_driver.connect(unfinished)
    last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    last.close()
    unfinished.rename(path)
    return path


def few_rows(app: Flask) -> None:
    """The tables, the districts, their divisions, people and annual programmes; numbers begin at 1 in this order."""
    with app.app_context():
        upgrade()
        enter(NOBODY)
        db.session.add(Installation(id=1, demonstration=False, made_at=clock.now()))
        add_districts()
        homes = [db.session.execute(select(District).where(District.slug == slug)).scalar_one() for slug in SLUGS]
        hashed = passwords.hashed(PASSWORD)
        for home in homes:
            with within(home.id):
                divisions = [
                    Department(
                        code=f"D{n:02}",
                        kind=DepartmentKind.DIVISION,
                        name_en=f"Division {n}",
                        name_ko=f"{n}과",
                        sample=False,
                    )
                    for n in range(DEPARTMENTS)
                ]
                years = [
                    Programme(fiscal_year=year, name_en="Creative New Deal", name_ko="창의 뉴딜") for year in YEARS
                ]
                people = [
                    User(
                        username=f"{role.value}.{home.slug}",
                        name_en=f"{role.value.title()} Kim",
                        name_ko="김직원",
                        password_hash=hashed,
                        active=True,
                        text_size=100,
                    )
                    for role in (Role.OFFICER, Role.MANAGER)
                ]
                for row in (*divisions, *years, *people):
                    db.session.add(row)
                    db.session.flush()
                for month in MONTHS:
                    [programme] = (year for year in years if month.startswith(str(year.fiscal_year)))
                    db.session.add(
                        ReportMonth(
                            programme_id=programme.id,
                            month=month,
                            due_on=last_day(month) + dt.timedelta(days=5),
                            standing=Standing.OPEN,
                            opened_at=clock.now(),
                        )
                    )
                    db.session.flush()
                for person, role in zip(people, (Role.OFFICER, Role.MANAGER), strict=True):
                    db.session.add(Grant(user_id=person.id, role=role, module=None, given_at=clock.now()))
        db.session.commit()
        for home in homes:
            DISTRICTS[home.slug] = home.id


DISTRICTS: dict[str, int] = {}


def many_rows(rows: int, write: Write) -> None:
    """Programs, projects, budget lines (none to two each), three entries of spending each, some milestones, reports."""
    rare = {n * (rows // 10) // RARE_HITS * 10 for n in range(RARE_HITS)}
    districts = [DISTRICTS[slug] for slug in SLUGS]
    write(
        "program",
        "id, district_id, module, code, title_en, title_ko, fiscal_year, department_id, officer_id, starts_on, "
        "ends_on, sample, version",
        (
            (
                *(n + 1, districts[home], "new_deal", f"ND-{year}-{n:07}", *names(n, rare=n in rare), year),
                None if lot % 20 == 0 else home * DEPARTMENTS + 1 + lot % DEPARTMENTS,
                *(home * 2 + 1, f"{year}-01-{lot % 28 + 1:02}", f"{year}-{lot % 9 + 4:02}-{lot % 28 + 1:02}", False, 1),
            )
            for n, home, year, lot in _each(rows)
        ),
    )
    categories, concerns = [c.value for c in Category], [c.value for c in Concern]
    write(
        "new_deal_project",
        "id, district_id, programme_id, program_id, category, concern, stage, status, named, version",
        (
            (
                *(n + 1, districts[home], home * len(YEARS) + 1 + year - YEARS[0], n + 1, categories[lot % 4]),
                None if lot % 11 == 0 else concerns[lot % 3],
                LATEST[lot % 7] if year == YEARS[-1] else "settled",
                *(_status(year, lot), lot % 5 == 0, 1),
            )
            for n, home, year, lot in _each(rows)
        ),
    )
    write(
        "funding_line",
        "district_id, program_id, fiscal_year, payer, kind, amount_won, sample",
        (
            (districts[home], n + 1, year, PAYERS[(lot + line) % 3], "original", (lot % 9_973 + 1) * 100_000, False)
            for n, home, year, lot in _each(rows)
            for line in range(0 if lot % 20 == 1 else 1 + lot % 2)
        ),
    )
    write(
        "ledger_entry",
        "district_id, program_id, on_date, amount_won, sample",
        (
            (
                districts[home],
                n + 1,
                f"{year}-{entry * 3 + 1:02}-{lot % 28 + 1:02}",
                (lot % 4_001 + entry) * 50_000 + 1,
                False,
            )
            for n, home, year, lot in _each(rows)
            for entry in range(3)
        ),
    )
    write(
        "milestone",
        "district_id, program_id, title, due_on, done_on, given_up_on, planned_on, sample, version",
        (
            (
                districts[home],
                n + 1,
                '{"en": "Order placed"}',
                day,
                None if year == YEARS[-1] or lot % 60 == 0 else day,
                day if year != YEARS[-1] and lot % 60 == 0 else None,
                day,
                False,
                1,
            )
            for n, home, year, lot in _each(rows)
            if lot % 6 == 0 or n < RECENT
            for day in (f"{year}-{1 if n < RECENT else lot % 12 + 1:02}-{lot % 28 + 1:02}",)
        ),
    )

    reports = _reports(rows)
    write(
        "new_deal_monthly_report",
        "district_id, month_id, project_id, program_id, month, state, progress, spent_won, submitted_on, confirmed_on, "
        "late, requested_at, sample, version",
        (
            (
                *(districts[home], month_id, n + 1, n + 1, month, state),
                *((lot % 101 * 1000, lot % 4_001 * 50_000) if state == "confirmed" else (None, None)),
                *((f"{month}-20", f"{month}-25") if state == "confirmed" else (None, None)),
                *(False, f"{month}-01 09:00:00", False, 1),
            )
            for n, home, lot, month_id, month, state in reports
        ),
    )


def _reports(rows: int) -> Iterator[tuple[int, int, int, int, str, str]]:
    """(number, district, lot, month's id, month, state) of every report: last year's are confirmed, a third of the
    first month's of this year has come."""
    for n, home, year, lot in _each(rows):
        for place, month in enumerate(MONTHS):
            if month.startswith(str(year)):
                state = "confirmed" if year != YEARS[-1] or lot % 3 == 0 else "requested"
                yield n, home, lot, home * len(MONTHS) + place + 1, month, state


def _each(rows: int) -> Iterator[tuple[int, int, int, int]]:
    """(number, district, year, lot) of every project.

    The first ones are of the two latest years, so that a small office's dashboard has as much to show as a large one's:
    what is compared is what a page costs that looks the same.
    """
    for number in range(rows):
        place = -1 - number // 10 % 2 if number < RECENT else mixed(number, 2) % len(YEARS)
        yield number, HOMES[number % 10], YEARS[place], mixed(number, 3)


def _status(year: int, lot: int) -> str | None:
    if lot % 17 == 0:
        return None
    if year != YEARS[-1]:
        return Status.DONE.value if lot % 3 else Status.LATER.value
    return (Status.ON_SCHEDULE, Status.ON_SCHEDULE, Status.DELAYED, Status.LATER)[lot % 4].value


PARTS = "national_won, city_won, district_won, private_won, other_won, unstated_won"
MEASURES = f"budget_won, spent_won, {PARTS}, first_half_won"
OVER = "j.stage IN ('completed', 'settled', 'cancelled', 'dropped')"
SHARE = """s.spent / m.budget * 1000000000000 + s.spent % m.budget * 1000000 / m.budget * 1000000
            + s.spent % m.budget * 1000000 % m.budget * 1000000 / m.budget"""
DIMENSIONS = "district_id, programme_id, category, concern, status, department_id, named"
FIGURES = (
    f"""
    INSERT INTO new_deal_project_figures (id, district_id, program_id, programme_id, fiscal_year, code, title_en,
        title_ko, category, concern, stage, status, department_id, named, sample, ends_on, execution_rate,
        payments_due_won, straight_share, payment_share, decided, {MEASURES})
    SELECT j.id, j.district_id, j.program_id, j.programme_id, p.fiscal_year, p.code, p.title_en,
        p.title_ko, j.category, j.concern, j.stage, j.status, p.department_id, j.named, p.sample, p.ends_on,
        CASE WHEN m.budget > 0 THEN (2000 * s.spent + m.budget) / (2 * m.budget) * 100 END,
        CASE WHEN {OVER} THEN 0 END,
        CASE WHEN m.budget > 0 AND NOT {OVER} THEN {SHARE} END,
        CASE WHEN m.budget > 0 AND {OVER} THEN {SHARE} END, p.id < 0,
        m.budget, s.spent, m.national, m.city, m.district, m.budget - m.budget, m.budget - m.budget, NULL, s.early
    FROM new_deal_project j
    JOIN program p ON p.id = j.program_id
    JOIN (
        SELECT e.program_id, cast(sum(e.amount_won) AS bigint) AS spent,
            cast(sum(CASE WHEN substr(cast(e.on_date AS text), 6, 2) < '07' THEN e.amount_won ELSE 0 END) AS bigint)
                AS early
        FROM ledger_entry e GROUP BY e.program_id
    ) s ON s.program_id = j.program_id
    LEFT JOIN (
        SELECT program_id, cast(sum(amount_won) AS bigint) AS budget,
            cast(sum(CASE payer WHEN 'national' THEN amount_won ELSE 0 END) AS bigint) AS national,
            cast(sum(CASE payer WHEN 'city' THEN amount_won ELSE 0 END) AS bigint) AS city,
            cast(sum(CASE payer WHEN 'district' THEN amount_won ELSE 0 END) AS bigint) AS district
        FROM funding_line GROUP BY program_id
    ) m ON m.program_id = j.program_id
    ORDER BY j.id
    """,
    """
    INSERT INTO new_deal_report_figures (id, district_id, program_id, month_id, department_id, state)
    SELECT r.id, r.district_id, r.program_id, r.month_id, p.department_id, r.state
    FROM new_deal_monthly_report r JOIN program p ON p.id = r.program_id ORDER BY r.id
    """,
    """
    INSERT INTO new_deal_report_sums (district_id, month_id, department_id, state, reports)
    SELECT district_id, month_id, department_id, state, count(*) FROM new_deal_report_figures
    GROUP BY district_id, month_id, department_id, state
    """,
    f"""
    INSERT INTO new_deal_project_sums ({DIMENSIONS}, projects, with_amount, spent_of_budget_won, above_zero_won,
        straight_won, by_payments_won, {MEASURES})
    SELECT {DIMENSIONS}, count(*), count(budget_won), sum(CASE WHEN budget_won IS NULL THEN 0 ELSE spent_won END),
        coalesce(sum(budget_won), 0), sum(CASE WHEN straight_share IS NULL THEN 0 ELSE spent_won END),
        sum(CASE WHEN payment_share IS NULL THEN 0 ELSE spent_won END),
        {", ".join(f"coalesce(sum({name}), 0)" for name in MEASURES.split(", "))}
    FROM new_deal_project_figures GROUP BY {DIMENSIONS}
    """,
)
"""What the product computes in Python for some projects at a time, for all of them at once."""


def check(app: Flask, rows: int) -> None:
    """Let the product compute a sample anew, and everything where that is soon done. Raises where it differs."""
    with app.app_context():
        enter(NOBODY)
        for slug in SLUGS:
            with within(DISTRICTS[slug]):
                if rows <= CHECKED * 10:
                    assert summaries.recompute().right, f"the figures of {slug} are not what its rows make"
                else:
                    some = select(Program.id).order_by(Program.id).limit(CHECKED // 4).offset(rows // 50)
                    assert not summaries.refresh(list(db.session.execute(some).scalars())), f"figures of {slug}"
            db.session.commit()
