"""Backups: made beside a server that writes, restored to the same, tried by drills."""

import datetime as dt
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from databases import Database, Postgres, application
from factories import Maker
from flask import Flask
from flask_migrate import upgrade
from installations import attachment, contents, files_of, flipped, installed, resealed, run
from pages import Visitor
from sqlalchemy.engine import make_url

from districtops import clock
from districtops.guard import chain
from districtops.kit.db import sqlite_driver
from districtops.models import DrillOutcome, RestoreDrill
from districtops.upkeep import backup as backups
from districtops.upkeep import restore as restoring
from districtops.upkeep.manifest import MANIFEST, SEAL

ROOT = Path(__file__).resolve().parents[2]


# What is made ------------------------------------------------------------------------------------------------------


def test_a_restored_backup_equals_its_source(office: Flask, place: Path, kept: Path, elsewhere: Flask) -> None:
    restoring.restore(elsewhere, kept)
    there = place.parent / "elsewhere"
    assert contents(there / "database.sqlite3") == contents(place / "database.sqlite3")
    assert files_of(there / "files") == files_of(place / "files")
    assert sorted(path.name for path in there.iterdir()) == ["database.sqlite3", "files"]
    assert not list(kept.glob("*-wal")) + list(kept.glob("*-shm"))


def test_a_backup_is_readable_by_its_owner_alone_and_says_what_it_holds(office: Flask, kept: Path) -> None:
    for path in (kept, *kept.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    manifest = json.loads((kept / MANIFEST).read_text("utf-8"))
    assert manifest["database"]["kind"] == "sqlite"
    assert manifest["database"]["rows"]["new_deal_project"] == 148
    assert manifest["database"]["schema"] in restoring.known_schemas(office)
    assert len(manifest["files"]) == 4
    assert office.config["SECRET_KEY"] not in (kept / MANIFEST).read_text("utf-8")
    sha256sum = shutil.which("sha256sum")
    assert (
        sha256sum is None or subprocess.run([sha256sum, "-c", "--quiet", SEAL], cwd=kept, check=False).returncode == 0
    )


def test_without_a_name_a_backup_takes_the_time_in_korea(office: Flask, place: Path) -> None:
    code, said = run(office, "backup")
    assert code == 0
    [made] = (place / "backups").iterdir()
    stamp = made.name.removeprefix("districtops-")
    moment = dt.datetime.strptime(stamp, "%Y-%m-%dT%H%M%S").replace(tzinfo=clock.KOREA)
    assert abs(moment - clock.now()) < dt.timedelta(minutes=1)
    assert str(made) in said
    assert "keys are not in it" in said


def test_files_that_no_upload_wrote_stay_out_and_are_counted(office: Flask, place: Path) -> None:
    (place / "files" / "ab").mkdir(exist_ok=True)
    (place / "files" / "ab" / ".half-written").write_bytes(b"x")
    (place / "files" / "link").symlink_to("/etc/hostname")
    code, said = run(office, "backup", place / "out")
    assert code == 0
    assert "2 other files in the folder of attachments" in said
    assert restoring.verify(office, place / "out").size > 0


WRITER = """
import sys, time
from pysqlite3 import dbapi2 as driver
connection = driver.connect(sys.argv[1], isolation_level=None, timeout=10)
connection.execute("PRAGMA synchronous=FULL")
number = 0
while True:
    number += 1
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO load VALUES (?, ?, hex(randomblob(300)))", (sys.argv[2], number))
    connection.execute("COMMIT")
    print(number, flush=True)
    time.sleep(0.002)  # Else one of them keeps the writer's place for seconds.
"""


class Writer:
    """A process that adds rows with increasing numbers, and what it was told to be stored."""

    def __init__(self, database: Path, name: str) -> None:
        self.name, self.acknowledged = name, 0
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(database), name], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.acknowledged = int(line)

    def stop(self) -> bytes:
        """End it; what it complained about."""
        assert self.process.poll() is None, "a write failed"
        self.process.kill()
        self.reader.join()
        assert self.process.stderr is not None
        assert self.process.stdout is not None
        said = self.process.stderr.read()
        self.process.stderr.close()
        self.process.stdout.close()
        self.process.wait()
        return said


def test_a_backup_under_write_load_misses_nothing_and_stops_nobody(office: Flask, place: Path) -> None:
    database = place / "database.sqlite3"
    connection = sqlite_driver.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE load (writer TEXT, number INTEGER, body TEXT)")
    connection.commit()
    connection.close()
    writers = [Writer(database, name) for name in ("a", "b")]
    before: list[dict[str, int]] = []
    try:
        while not all(writer.acknowledged for writer in writers):
            time.sleep(0.01)
        for number in range(20):
            before.append({writer.name: writer.acknowledged for writer in writers})
            backups.make(office, place / f"out{number}")
            time.sleep(0.03)
        assert sum(before[-1].values()) > sum(before[0].values()) + 20, "the writers stood still"
    finally:
        complaints = [writer.stop() for writer in writers]
    assert complaints == [b"", b""]
    for number, acknowledged in enumerate(before):
        copy = place / f"out{number}"
        restoring.verify(office, copy)
        connection = sqlite3.connect(f"file:{copy / 'database.sqlite3'}?immutable=1", uri=True)
        for writer, count in acknowledged.items():
            numbers = [n for (n,) in connection.execute("SELECT number FROM load WHERE writer = ? ORDER BY 1", writer)]
            assert numbers == list(range(1, len(numbers) + 1)), "a hole"
            assert len(numbers) >= count, "a row that was acknowledged before the start is missing"
        connection.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from districtops import create_app
from districtops.upkeep import backup, manifest, sqlite_copies

app = create_app(SQLALCHEMY_DATABASE_URI=sys.argv[1], SECRET_KEY="k" * 20 + "abcdefghijkl",
                 FILES_FOLDER=sys.argv[2], BACKUP_FOLDER=sys.argv[2])
steps = at = 0

def counted(genuine):
    def step(*arguments, **options):
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return genuine(*arguments, **options)
    return step

os.fsync, os.open, Path.rename, Path.mkdir = map(counted, (os.fsync, os.open, Path.rename, Path.mkdir))
while True:
    at += 1
    child = os.fork()
    if child == 0:
        backup.make(app, Path(sys.argv[3]))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    assert os.WIFSIGNALED(status), status
    assert not os.path.exists(sys.argv[3]) or steps, at
    print(at, os.path.exists(sys.argv[3]), flush=True)
print("done", flush=True)
"""


def test_a_backup_that_is_killed_at_any_step_is_whole_or_absent(office: Flask, place: Path) -> None:
    out = place / "there" / "out"
    database = f"sqlite:///{place / 'database.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, database, str(place / "files"), str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = done.stdout.split("\n")
    killed = [line.split() for line in lines if line[:1].isdigit()]
    assert len(killed) >= 15, done.stderr
    # Only the last kill, when the name is given and not yet on the disk, may find the backup there: a whole one.
    assert [there for _, there in killed[:-2]] == ["False"] * (len(killed) - 2)
    restoring.verify(office, out)
    run(office, "backup", out.with_name("next"))
    assert sorted(path.name for path in out.parent.iterdir()) == ["next", "out"], "what was left unfinished is removed"


# The record of changes ---------------------------------------------------------------------------------------------


def test_a_backup_holds_where_the_chains_of_the_record_ended(office: Flask, kept: Path) -> None:
    manifest = json.loads((kept / MANIFEST).read_text("utf-8"))
    with office.app_context():
        ends = [(head.chain, head.seq, head.mac) for head in chain.heads()]
    assert len(ends) == 8
    assert [(head["chain"], head["seq"], head["mac"]) for head in manifest["audit_heads"]] == ends
    assert manifest["keys"]["audit_keys"] == [chain.key_id(key) for key in office.config["AUDIT_KEYS"]]


def test_tables_from_before_the_chain_are_backed_up_and_restored(place: Path, elsewhere: Flask) -> None:
    with installed(f"sqlite:///{place / 'old.sqlite3'}", place) as app:
        with app.app_context():
            upgrade(revision="0001")
        code, said = run(app, "backup", place / "out")
        assert code == 0, said
    code, said = run(elsewhere, "restore", place / "out")
    assert code == 0, said
    with elsewhere.app_context():
        upgrade()


# The drill ---------------------------------------------------------------------------------------------------------


def test_a_drill_is_recorded_and_administrators_see_it(office: Flask, place: Path) -> None:
    visitor = Visitor(office, "admin.mapo", password="districtops-demo")
    assert "Last restore drill: never" in visitor.open("people.index").text
    run(office, "backup")
    code, said = run(office, "restore-drill")
    assert code == 0, said
    assert "3 attachments came back" in said
    assert "Last restore drill: today, ok" in visitor.open("people.index").text
    assert sorted(path.name for path in place.iterdir() if path.name.startswith(".")) == []
    flipped(next((place / "backups").glob("*/database.sqlite3")), random.Random(1))  # noqa: S311 (the same case in every run)
    code, said = run(office, "restore-drill")
    assert code == 1
    assert "The drill failed" in said
    assert "Last restore drill: today, failed" in visitor.open("people.index").text
    found = Maker(office).everything(RestoreDrill)
    assert [drill.outcome for drill in found] == [DrillOutcome.OK, DrillOutcome.FAILED]
    assert "SHA-256" in found[1].words


def test_a_drill_takes_the_newest_backup_even_a_damaged_one(office: Flask, place: Path) -> None:
    folder = place / "backups"
    for name in ("districtops-2022-01-25T090000", "districtops-2022-01-26T090000"):
        backups.make(office, folder / name)
        resealed(
            folder / name,
            lambda values, day=name[18:22]: values.update(created_at=f"2022-01-{day[-2:]}T00:00:00+00:00"),
        )
    assert restoring.drill(office, folder).backup == "districtops-2022-01-26T090000"
    (folder / "districtops-2022-01-26T090000" / MANIFEST).unlink()
    found = restoring.drill(office, folder)
    assert (found.backup, found.ok) == ("districtops-2022-01-26T090000", False)


def test_a_drill_without_a_backup_fails_and_says_so(office: Flask) -> None:
    code, said = run(office, "restore-drill")
    assert code == 1
    assert "There is no backup in" in said
    assert [drill.outcome for drill in Maker(office).everything(RestoreDrill)] == [DrillOutcome.FAILED]


# PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_postgresql_backup_is_restored_whole_into_an_empty_database(
    postgres: Postgres, place: Path, tools: str
) -> None:
    attachment(place, b"a permit")
    empty = f"restored_{postgres.worker}"
    postgres._run(f'DROP DATABASE IF EXISTS "{empty}"', f'CREATE DATABASE "{empty}" TEMPLATE template0')
    with postgres.demonstration() as found, installed(found.url, place, found.owner) as app:
        app.config["PG_BIN"] = tools
        code, said = run(app, "backup", place / "backups" / "one")
        assert code == 0, said
        code, said = run(app, "restore-drill")
        assert code == 0, said
        assert "1 attachments came back" in said
        code, said = run(app, "restore", place / "backups" / "one")
        assert code == 1
        shutil.rmtree(place / "files")
        code, said = run(app, "restore", place / "backups" / "one")
        assert code == 1
        assert "holds tables, and nothing is ever overwritten" in said
        assert not (place / "files").exists()
        rows = postgres._run(
            "SELECT id, title_en FROM program ORDER BY id", database=f"demonstration_{postgres.worker}"
        )
    with installed(postgres._url(empty), place.parent / "new", postgres._owner(empty)) as app:
        app.config["PG_BIN"] = tools
        code, said = run(app, "restore", place / "backups" / "one")
        assert code == 0, said
        assert postgres._run("SELECT id, title_en FROM program ORDER BY id", database=empty) == rows
        assert len(rows) > 148
        assert len(list((place.parent / "new" / "files").rglob("*"))) == 2
        with app.app_context():
            upgrade()
        # Under the application's own role, which owns nothing: what it may do was granted anew.
        assert Visitor(app, "officer.mapo", password="districtops-demo").open("new_deal.projects").status == 200
    left = postgres._run("SELECT datname FROM pg_database WHERE datname LIKE 'districtops_drill_%'")
    assert left == []


@pytest.mark.postgres
def test_an_owner_whom_row_level_security_binds_backs_up_all_rows(postgres: Postgres, place: Path, tools: str) -> None:
    role = f"owner_{postgres.worker}"
    with postgres.demonstration() as found:
        name = f"demonstration_{postgres.worker}"
        [(count,)] = postgres._run("SELECT count(*) FROM program", database=name)
        tables = postgres._run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=name)
        postgres._run(
            f"CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'rain'",
            f'GRANT ALL ON DATABASE "{name}" TO {role}',
            f"GRANT ALL ON SCHEMA public TO {role}",
            *(f'ALTER TABLE "{table}" OWNER TO {role}' for (table,) in tables),
            database=name,
        )
        try:
            owner = make_url(found.owner or "").set(username=role, password="rain")
            with installed(found.url, place, owner.render_as_string(hide_password=False)) as app:
                app.config["PG_BIN"] = tools
                code, said = run(app, "backup", place / "backups" / "one")
                assert code == 0, said
                manifest = json.loads((place / "backups" / "one" / MANIFEST).read_text("utf-8"))
                assert manifest["database"]["rows"]["program"] == count > 148
                assert len(manifest["audit_heads"]) == 8
                code, said = run(app, "restore-drill")
                assert code == 0, said
        finally:
            postgres._run(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}", database=name)


@pytest.mark.postgres
def test_missing_tools_and_another_kind_of_database_are_told(
    postgres: Postgres, place: Path, kept: Path, tmp_path: Path
) -> None:
    with postgres.demonstration() as found, installed(found.url, tmp_path / "new", found.owner) as app:
        app.config["PG_BIN"] = str(tmp_path)
        code, said = run(app, "backup", tmp_path / "out")
        assert code == 1
        assert "pg_dump is missing" in said
        assert not (tmp_path / "out").exists()
        code, said = run(app, "restore", kept)
        assert code == 1
        assert "holds a sqlite database" in said


def test_the_password_of_a_database_stands_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def look(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.update(command=command, environment=options["env"])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(restoring.postgres_copies.subprocess, "run", look)
    monkeypatch.setattr(restoring.postgres_copies.shutil, "which", lambda tool, path: tool)
    url = backups.URL.create("postgresql+psycopg", "office", "open sesame", "db", 5432, "districtops")
    restoring.postgres_copies.run("pg_dump", url, folder=None)
    assert "sesame" not in " ".join(seen["command"])
    assert seen["environment"]["PGPASSWORD"] == "open sesame"


def test_where_backups_go_is_a_setting(database: Database) -> None:
    with application(database.url) as app:
        assert backups.backup_folder(app) == Path(app.instance_path) / "backups"
