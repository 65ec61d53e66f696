"""What no form offers is taken from none: whose row it is, and who wrote it, comes from the sign-in alone."""

from acts import acts_of, body, office, problems_of
from factories import Maker, mapped_models
from flask import Flask
from pages import Visitor
from sqlalchemy import select

from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db
from districtops.models import DistrictScoped, User

SIGNED = ("by_id", "actor_id", "removed_by_id")
"""Columns that say who did something."""


def test_no_act_takes_its_district_or_its_author_from_what_is_sent(lite_app: Flask, make: Maker) -> None:
    office(make)
    elsewhere = make.district("songpa")
    stranger = make.user("stranger", district=elsewhere)
    colleague = make.user("colleague")
    visitor = Visitor(lite_app, "everything")
    me = make.everything(User, username="everything")[0]
    abroad = rows_of(lite_app, elsewhere.id)
    before = {model: {row.id for row in make.everything(model)} for model in scoped()}
    for act in acts_of(visitor):
        form, sent = act.opened(visitor)
        columns = {c.name for model in mapped_models() for c in model.__table__.columns}
        smuggled = {
            **dict.fromkeys(columns & {"district_id", "district"}, str(elsewhere.id)),
            **dict.fromkeys((*SIGNED, "user_id"), str(colleague.id)),
            "district": str(elsewhere.id),
            "user": str(stranger.id),
            "role": sent.get("role", "administrator"),
        }
        data = body(sent)
        for name, value in smuggled.items():
            if name not in sent:
                data[name] = value
        query = {name: value for name, value in smuggled.items() if name.startswith("district")}
        answer = visitor.ask(form.action, "POST", data=data, query_string=query)
        assert answer.status_code in (200, 303), f"{act} answered {answer.status_code}"
    assert rows_of(lite_app, elsewhere.id) == abroad
    written = 0
    for model in scoped():
        for row in make.everything(model):
            if row.id not in before[model]:
                written += 1
                assert row.district_id == make.home.id, f"a {model.__name__} was written elsewhere"
                for column in SIGNED:
                    assert getattr(row, column, None) in (None, me.id), f"a {model.__name__} is signed by another"
    assert written > 20
    assert problems_of(make) == []


def scoped() -> list[type[DistrictScoped]]:
    """Every class whose rows belong to a district."""
    return [model for model in mapped_models() if issubclass(model, DistrictScoped)]


def rows_of(app: Flask, district: int) -> dict[str, list[tuple[object, ...]]]:
    """Every value of every row of a district."""
    with app.app_context(), db.engine.connect() as connection:
        enter(NOBODY)
        tables = [model.__table__ for model in scoped()]
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).where(table.c.district_id == district))]
            for table in tables
        }
