"""A server that is killed in the middle of its work, again and again: what it acknowledged stands, once."""

import http.client
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from acts import problems_of
from databases import Sqlite, application
from factories import Maker
from sqlalchemy import text

from districtops.guard.once import key
from districtops.guard.passwords import DEMONSTRATION
from districtops.guard.tenancy import Scope, enter
from districtops.kit.db import db, sqlite_driver
from districtops.models import LedgerEntry, Note
from districtops.new_deal.models import Project
from districtops.new_deal.rules import MAY_SPEND

ROOT = Path(__file__).resolve().parent.parent
WRITERS, KILLS = 8, 3
PATIENCE = 30
"""Seconds that a start may take on a machine that has other things to do."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(database: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The served application, ready; killed at the end, with no chance to tidy up."""
    settings = {"DISTRICTOPS_DATABASE_URL": f"sqlite:///{database}", "DISTRICTOPS_BACKUP_FOLDER": str(database.parent)}
    command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _answers(port: int) -> bool:
    try:
        return Browser(port).ask("GET", "/healthz")[0] == 200
    except OSError:
        return False


@dataclass
class Browser:
    """Sends requests over a real connection and keeps the session's cookie."""

    port: int
    cookie: str = ""

    def ask(self, method: str, url: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """(status, body) of an answer. Raises OSError or HTTPException where none came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, url, urlencode(fields or {}) if fields else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "replace")
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.cookie = value.partition(";")[0]
            return answer.status, body
        finally:
            connection.close()

    def token(self, url: str) -> str:
        """The token of the forms on a page."""
        status, body = self.ask("GET", url)
        assert status == 200, body
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body)
        assert found is not None
        return found[1]


@dataclass
class Clients:
    """Writers that each send one thing after the other, and what was acknowledged to them."""

    browser: Browser
    token: str
    projects: list[int]
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    over: bool = False

    def write(self, name: str) -> None:
        """Notes and spending, each with words of its own, until the server is gone."""
        number = 0
        while not self.over:
            number += 1
            words, project = f"{name}/{number}", self.projects[number % len(self.projects)]
            kind = "notes" if number % 2 else "spending"
            fields = {"text": words} if number % 2 else {"on_date": "2022-01-24", "amount_won": "7", "note": words}
            sent = {"csrf_token": self.token, "once": key(), **fields}
            try:
                own = Browser(self.browser.port, self.browser.cookie)
                status, _ = own.ask("POST", f"/new-deal/projects/{project}/{kind}", sent)
            except (OSError, http.client.HTTPException):
                return
            if status == 303:
                self.acknowledged.append((kind, words))
            else:
                self.refused.append((kind, status))


@pytest.fixture
def database(sqlite: Sqlite, tmp_path: Path) -> Path:
    """The demonstration in a file of its own."""
    with sqlite.demonstration() as found:
        path = tmp_path / "office.sqlite3"
        shutil.move(found.url.removeprefix("sqlite:///"), path)
    path.chmod(0o600)
    return path


def test_a_server_that_is_killed_again_and_again_loses_and_doubles_nothing(database: Path) -> None:
    port, chance = free_port(), random.Random(20220125)  # noqa: S311 - not a secret
    with application(f"sqlite:///{database}") as app:
        rows = [row for row in Maker(app).everything(Project) if row.stage in MAY_SPEND]
        with app.app_context():
            enter(Scope(frozenset()))
            yongsan = db.session.execute(text("SELECT id FROM district WHERE slug = 'yongsan'")).scalar_one()
        projects = [row.id for row in rows if row.district_id == yongsan][:5]
    acknowledged: list[tuple[str, str]] = []
    browser = Browser(port)
    for life in range(KILLS):
        with serving(database, port) as server:
            if not browser.cookie:
                sent = {"username": "officer.yongsan", "password": DEMONSTRATION, "csrf_token": browser.token("/login")}
                assert browser.ask("POST", "/login", sent)[0] == 303
            clients = Clients(browser, browser.token("/account"), projects)
            threads = [threading.Thread(target=clients.write, args=(f"{life}-{n}",)) for n in range(WRITERS)]
            for thread in threads:
                thread.start()
            until = time.monotonic() + PATIENCE
            while len(clients.acknowledged) < 10 + chance.randrange(30) and time.monotonic() < until:
                time.sleep(0.01)
            server.kill()
            clients.over = True
            for thread in threads:
                thread.join()
            assert clients.refused == []
            acknowledged += clients.acknowledged
    assert len(acknowledged) >= 10 * KILLS
    stands_once(database, acknowledged)


def stands_once(database: Path, acknowledged: list[tuple[str, str]]) -> None:
    """Every acknowledged thing is stored once, and nothing of the database is damaged or half there."""
    connection = sqlite_driver.connect(str(database))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with application(f"sqlite:///{database}") as app:
        make = Maker(app)
        notes = [("notes", row.text) for row in make.everything(Note)]
        spent = [("spending", str(row.note)) for row in make.everything(LedgerEntry) if row.note is not None]
        for kind, words in acknowledged:
            assert (notes + spent).count((kind, words)) == 1, f"{kind} {words}"
        assert problems_of(make, "yongsan") == []
