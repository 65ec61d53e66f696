"""The log: what people type writes no line of its own, and their values stay out of it."""

import io
import itertools
import logging
import re
from collections.abc import Iterator

import pytest
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import text

from districtops.guard import logs
from districtops.kit.db import db

BREAKS = [
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\u202e",
    "\b",
]
FORGED = "2022-03-15 09:00:00,000 INFO districtops: Kim signed in"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the application logs, as an installation writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Plain())
    logger = logging.getLogger("districtops")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def names() -> list[str]:
    """A thousand names with a break, a terminal code or an invisible sign in them."""
    pairs = itertools.cycle(itertools.product(BREAKS, BREAKS))
    return [f"Kim{before}{FORGED}{after}{number}" for number, (before, after) in zip(range(1000), pairs, strict=False)]


def test_no_name_writes_a_line_of_its_own(log: io.StringIO) -> None:
    logger = logging.getLogger("districtops")
    for name in names():
        logger.error("incident %s", name)
        try:
            raise ValueError(name)
        except ValueError:
            logger.exception("incident 1")
    written = log.getvalue()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", written)
    begun = [line for line in written.split("\n") if line and not line.startswith(logs.INDENT)]
    assert len(begun) == 2000
    assert all(re.match(r"\d{4}-\d\d-\d\d [\d:,]+ ERROR districtops: incident ", line) for line in begun)
    assert FORGED not in begun


def test_a_fault_tells_where_it_was_and_not_what_was_typed(
    app: Flask, make: Maker, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make.project()
    # In pieces: a traceback quotes this very file.
    typed = "".join(("홍", "길동", " 010", "-1234", "-5678"))
    make.user("officer")
    officer = Visitor(app, "officer")

    def careless(project_id: int) -> str:
        db.session.execute(text("SELECT * FROM no_such_table WHERE name = :name"), {"name": typed})
        return ""

    careless.access = "view"  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "new_deal.show", careless)
    url = f"/new-deal/projects/{project.id}"
    assert officer.client.get(url).status_code == 500
    written = log.getvalue()
    assert "incident" in written
    assert "no_such_table" in written
    assert typed not in written
    cookie = officer.client.get_cookie("districtops")
    assert cookie is not None
    assert cookie.value not in written


def test_an_application_logs_like_this_by_itself(lite_app: Flask) -> None:
    assert isinstance(logs.default_handler.formatter, logs.Plain)
