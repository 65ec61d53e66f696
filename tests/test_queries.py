"""A page asks the database as often with twelve rows of everything as with three."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from acts import EVERYTHING
from factories import Maker, references, scoped_models
from flask import Flask
from pages import Visitor
from sqlalchemy import UniqueConstraint, event
from sqlalchemy.engine import Engine
from test_access import OWN, address, methods, rules

from districtops import clock
from districtops.kit.db import Base, db
from districtops.models import SignedInSession

FEW, MANY = 3, 12
SEEN = "UPDATE signed_in_session SET seen_at"
"""Once a minute, whatever the page: a walk that takes longer than one meets it anywhere."""
NOT_QUESTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SELECT set_config", SEEN)


LIST = re.compile(r"IN \([?, ]+\)")
"""Rows that are asked for by their numbers, all at once: how many there are makes no other question of it."""


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often each statement is asked meanwhile."""
    asked: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.lstrip().startswith(NOT_QUESTIONS):
            asked[statement] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fill(make: Maker, first: int, last: int) -> None:
    """Rows of every class with these numbers, all of them hanging on the row ``OWN`` of the classes they need, and on
    another row of the classes that they may do without: what a page looks up row by row shows."""
    with make.inside() as session:
        made: dict[type[Base], Base] = {}
        for number in range(first, last):
            for model in _parents_first():
                make.build(session, model, make.home, _values(model, number), _shared(model, made, number))
            if number == OWN:
                made = {m: session.get(m, OWN) for m in _parents_first()}  # type: ignore[misc]
        session.commit()


def _parents_first() -> list[type[Base]]:
    order = list(Base.metadata.sorted_tables)
    models = [model for model in scoped_models() if not hasattr(model, "__silent__")]
    return sorted(models, key=lambda model: order.index(model.__table__))


def _values(model: type[Base], number: int) -> dict[str, Any]:
    values: dict[str, Any] = {"id": number}
    for column, parent in references(model):
        if model.__table__.columns[column].nullable and parent is not model:
            values[column] = number
    if "fiscal_year" in _alone(model):
        values["fiscal_year"] = 2022 - OWN + number
    return values


def _alone(model: type[Base]) -> set[str]:
    return {c.name for u in model.__table__.constraints if isinstance(u, UniqueConstraint) for c in u.columns}


def _shared(model: type[Base], made: dict[type[Base], Base], number: int) -> dict[type[Base], Base]:
    """The parents of a row: those with the number ``OWN``, but where each parent has one such child."""
    alone = _alone(model)
    own = {parent for column, parent in references(model) if column in alone}
    return {
        parent: db.session.get(parent, number) if parent in own else row  # type: ignore[misc]
        for parent, row in (made or _known(number)).items()
    }


def _known(number: int) -> dict[type[Base], Base]:
    found = {model: db.session.get(model, number) for model in _parents_first()}
    return {model: row for model, row in found.items() if row is not None}


def test_every_page_and_every_file_asks_a_fixed_number_of_times(lite_app: Flask, make: Maker) -> None:
    user = make.user("everything", *EVERYTHING)
    fill(make, OWN, OWN + FEW)
    visitor = Visitor(lite_app, "everything")
    pages = [address(visitor, rule, OWN) for rule in rules(lite_app) if "GET" in methods(rule)]
    # Of the record of changes there is no row with this number yet.
    pages = [url for url in pages if not url.startswith("/static") and visitor.ask(url).status_code == 200]
    assert len(pages) > 20
    few = {url: asked(visitor, url) for url in pages}
    fill(make, OWN + FEW, OWN + MANY)
    with make.inside() as session:
        moment = clock.now()
        more = {"user_id": user.id, "opened_at": moment, "seen_at": moment, "failures_before": 0}
        session.add_all([SignedInSession(digest=f"{n:064}", **more) for n in range(MANY)])
        session.commit()
    for url in pages:
        # The names of one more kind of record may be looked up, all at once.
        more_often = {what: n for what, n in asked(visitor, url).items() if n > max(few[url][what], 1)}
        assert not more_often, f"{url} asks more often than with few rows: {more_often}"


def asked(visitor: Visitor, url: str) -> Counter[str]:
    """What a page asks the database."""
    with counted() as found:
        assert visitor.ask(url).status_code == 200, url
    return Counter(LIST.sub("IN (…)", statement) for statement in found.elements())
