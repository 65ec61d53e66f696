"""The tests' own tools do what the other tests rely on."""

import html5lib
import pytest
from databases import TODAY
from factories import Maker, scoped_models
from flask import Flask
from pages import parsed

from districtops import clock
from districtops.guard import passwords
from districtops.kit.db import db
from districtops.models import Program


def test_each_test_begins_with_an_empty_database(app: Flask, make: Maker) -> None:
    assert make.everything(Program) == []
    make.project("Only mine")
    assert [p.title_en for p in make.everything(Program)] == ["Only mine"]


def test_each_test_begins_with_an_empty_database_even_after_another(app: Flask, make: Maker) -> None:
    assert make.everything(Program) == []
    make.project("Only mine")


def test_today_is_pinned(app: Flask) -> None:
    with app.app_context():
        assert clock.today() == TODAY


def test_one_row_of_each_class_can_be_made(app: Flask, make: Maker) -> None:
    made = make.one_of_each(make.home, 500)
    assert set(made) == set(scoped_models())
    assert {row.id for row in made.values()} == {500}


def test_the_demonstration_loads_on_both_databases(demo_on_both: Flask, make: Maker) -> None:
    with demo_on_both.app_context():
        assert db.engine.dialect.name in ("sqlite", "postgresql")
    assert len(make.everything(Program, module="new_deal")) == 148


def test_broken_pages_are_refused() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        parsed("<!doctype html><title>x</title><p><div></p>")


def test_passwords_are_kept_as_argon2id_at_the_recommended_cost(real_hasher: passwords.PasswordHasher) -> None:
    assert real_hasher.hash("anything").startswith("$argon2id$")
    assert real_hasher.memory_cost >= 19_456
    assert real_hasher.time_cost >= 2
