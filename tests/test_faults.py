"""Every statement of every act may fail: nothing of the act is stored then, and the same form can be sent again."""

import pytest
from acts import Act, acts_of, body, failing, office, problems_of, stored
from databases import Database
from factories import Maker
from flask import Flask
from pages import PostedForm, Visitor
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

MOST = 120
"""No act needs so many statements; one that does asks in a loop."""
EACH = 24
"""Up to here each statement fails, then every third: the figures and the record end every act alike."""
ON_POSTGRESQL = ("people.invite", "new_deal.create", "new_deal.step", "new_deal.spending")
"""The acts whose every statement fails there too: those that write most kinds of row."""


def sent_while_failing(
    visitor: Visitor, form: PostedForm, sent: MultiDict[str, str], name: str, at: int
) -> tuple[TestResponse, list[str]]:
    """The answer to a form, and what failed on the way."""
    with failing(name, at) as failed:
        return visitor.client.post(form.action, data=body(sent), buffered=True), failed


def fails_everywhere(app: Flask, make: Maker, visitor: Visitor, act: Act) -> int:
    """Let each statement of an act fail in turn, then its commit, then none. Where none failed any more."""
    form, sent = act.opened(visitor)
    before, at = stored(app), 0
    while True:
        at += 1 if at < EACH else 3
        answer, failed = sent_while_failing(visitor, form, sent, "before_cursor_execute", at)
        if not failed:
            assert answer.status_code in (200, 303), act
            break
        assert answer.status_code == 500, f"{act} answered {answer.status_code} though {failed[0]!r} failed"
        assert stored(app) == before, f"{act}: after {failed[0]!r} failed something was left"
        assert at < MOST, act
    return at


def does_every_act(app: Flask, make: Maker, acts: list[Act], visitor: Visitor) -> None:
    """Each act fails at its commit, then at each statement, and is then done."""
    for act in acts:
        form, sent = act.opened(visitor)
        before = stored(app)
        answer, failed = sent_while_failing(visitor, form, sent, "commit", 1)
        assert failed, f"{act} was refused: give it the words that it needs (acts.WORDS)"
        assert answer.status_code == 500, f"{act} answered {answer.status_code} before it was stored"
        assert stored(app) == before, f"{act}: what was not committed is stored"
        assert fails_everywhere(app, make, visitor, act) >= 4, act
        assert problems_of(make) == [], act


def test_every_statement_of_every_act_may_fail(lite_app: Flask, make: Maker) -> None:
    office(make)
    visitor = Visitor(lite_app, "everything")
    acts = acts_of(visitor)
    assert len(acts) > 10
    does_every_act(lite_app, make, acts, visitor)


def test_every_statement_of_the_largest_acts_may_fail_on_postgresql(
    database: Database, app: Flask, make: Maker
) -> None:
    if database.backend == "sqlite":
        pytest.skip("SQLite does so for every act")
    office(make)
    visitor = Visitor(app, "everything")
    acts = [act for act in acts_of(visitor) if act.endpoint in ON_POSTGRESQL]
    assert len(acts) == len(ON_POSTGRESQL)
    does_every_act(app, make, acts, visitor)
