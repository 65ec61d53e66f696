"""One request, one transaction: what succeeds is stored whole, what does not leaves no trace."""

from typing import Self

import pytest
from databases import TODAY
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from test_access import ABSENT, address, methods, rules

from districtops.guard import transaction
from districtops.kit.db import Base, db
from districtops.models import ChangeRecord, LedgerEntry, Note, Program, Role
from districtops.new_deal import actions
from districtops.new_deal.rules import Stage


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every value of every table, except when an open sign-in was last seen."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                tuple(value for name, value in row._mapping.items() if name != "seen_at")
                for row in connection.execute(select(table).order_by(table.c.id))
            ]
            for table in Base.metadata.sorted_tables
        }


class Commits:
    """Counts the transactions that were committed and the writing statements that ran."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    def __enter__(self) -> Self:
        event.listen(Engine, "before_cursor_execute", self._statement)
        return self

    def __exit__(self, *_problem: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._statement)

    def _statement(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.writes.append(statement)


def data(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """The same without the record of changes, to which the opening of some pages is added."""
    return {name: rows for name, rows in everything(app).items() if name != "change_record"}


def test_opening_any_page_writes_nothing_but_that_some_were_seen_or_taken_away(lite_app: Flask, make: Maker) -> None:
    make.one_of_each(make.home, 500)
    make.user("everything", Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
    visitor = Visitor(lite_app, "everything")
    before, recorded = data(lite_app), len(make.everything(ChangeRecord))
    exported = {rule.endpoint.removesuffix("_csv") for rule in rules(lite_app) if rule.endpoint.endswith("_csv")}
    papers = {rule.endpoint.removesuffix("_pdf") for rule in rules(lite_app) if rule.endpoint.endswith("_pdf")}
    with Commits() as seen:
        for rule in rules(lite_app):
            if "GET" in methods(rule):
                for row_id in (500, ABSENT):
                    visitor.ask(address(visitor, rule, row_id))
    assert data(lite_app) == before
    notes = make.everything(ChangeRecord)[recorded:]
    assert [statement.split()[:3] for statement in seen.writes] == [["INSERT", "INTO", "change_record"]] * len(notes)
    assert {(note.act, note.table_name, note.row_id) for note in notes} == {
        ("viewed", "user_account", 500),
        ("viewed", "change_record", make.everything(ChangeRecord, id=500)[0].seq),
        ("viewed", "trail.index", 0),
        *(("exported", name, 0) for name in exported),
        *(("exported", name, 500) for name in papers),
    }


def test_a_view_that_writes_on_a_get_stores_nothing(app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make.project()
    make.user("officer")
    visitor = Visitor(app, "officer")

    def careless(project_id: int) -> str:
        db.session.execute(select(Program).where(Program.id == project.program_id)).scalar_one().title_en = "Changed"
        db.session.flush()
        return "done"

    careless.access = "view"  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "new_deal.show", careless)
    assert visitor.ask(f"/new-deal/projects/{project.id}").get_data() == b"done"
    assert make.everything(Program)[0].title_en == "Smart street lamps"


def test_a_refused_form_stores_nothing_of_what_was_done_before_the_refusal(app: Flask, make: Maker) -> None:
    make.programme()
    make.user("officer")
    officer = Visitor(app, "officer")
    before = everything(app)
    # The program is written before its dates are checked, and so is the money of the payers before it.
    page = officer.refused(
        "new_deal.create",
        {
            "title": "Backwards",
            "category": "green",
            "type": "purchase",
            "starts_on": "2022-05-01",
            "ends_on": "2022-04-01",
            "original_city": "1억",
        },
    )
    assert "must not end before it starts" in page.text
    assert everything(app) == before


def test_a_fault_after_the_act_leaves_nothing_of_it(app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make.project(money=100, stage=Stage.IN_EXECUTION)
    make.user("officer")
    officer = Visitor(app, "officer")
    page = officer.open("new_deal.spending", project_id=project.id)
    before = everything(app)
    genuine = actions.spend

    def spend_and_burst(*args: object) -> None:
        genuine(*args)
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "spend", spend_and_burst)
    form = page.form()
    answer = officer.client.post(form.action, data={**form.fields.to_dict(), "amount_won": "50"})
    assert answer.status_code == 500
    assert everything(app) == before
    monkeypatch.setattr(actions, "spend", genuine)
    assert officer.send(page, {"amount_won": "50"}).status_code == 303
    assert len(make.everything(LedgerEntry)) == 1


def test_an_act_that_succeeds_is_stored_whole_with_its_record(app: Flask, make: Maker) -> None:
    project = make.project(money=100, stage=Stage.IN_EXECUTION)
    make.user("officer")
    officer = Visitor(app, "officer")
    seen = len(make.everything(ChangeRecord))
    answer = officer.submit("new_deal.spending", {"amount_won": "50"}, project_id=project.id)
    assert answer.status_code == 303
    assert [entry.amount_won for entry in make.everything(LedgerEntry)] == [50]
    assert len(make.everything(ChangeRecord)) == seen + 1


def test_a_violated_constraint_is_told_in_words_beside_its_field(app: Flask, make: Maker) -> None:
    make.programme(2022)
    make.user("officer")
    page = Visitor(app, "officer").refused("new_deal.create_programme", {"fiscal_year": "2022", "name": "Again"})
    assert "This year has a programme already." in page.text
    assert page.form().fields["name"] == "Again"


def test_a_constraint_that_nobody_gave_words_is_refused_politely(
    app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "CONSTRAINT_MESSAGES", {})
    make.programme(2022)
    make.user("officer")
    page = Visitor(app, "officer").refused("new_deal.create_programme", {"fiscal_year": "2022", "name": "Again"})
    assert "does not fit with what is already recorded" in page.summary


def test_every_explained_constraint_exists() -> None:
    names = {str(constraint.name) for table in Base.metadata.sorted_tables for constraint in table.constraints}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.unique:
                names.add(f"uq_{table.name}_{column.name}")
        names |= {str(index.name) for index in table.indexes if index.unique}
    assert set(transaction.CONSTRAINT_MESSAGES) <= names


def test_the_page_after_a_save_shows_what_was_saved(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    answer = officer.submit("new_deal.show", {"text": "Seen on site"}, to="new_deal.add_note", project_id=project.id)
    assert "Seen on site" in officer.follow(answer).text
    assert [note.text for note in make.everything(Note)] == ["Seen on site"]


def test_two_requests_never_share_what_they_hold_in_memory(lite_app: Flask, make: Maker) -> None:
    project = make.project(program={"starts_on": TODAY})
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    officer.open("new_deal.show", project_id=project.id)
    with make.inside() as session:
        session.execute(select(Program).where(Program.id == project.program_id)).scalar_one().title_en = "Renamed"
        session.commit()
    assert "Renamed" in officer.open("new_deal.show", project_id=project.id).title


def test_health_is_asked_without_writing(app: Flask) -> None:
    with Commits() as seen:
        assert app.test_client().get("/healthz").get_data() == b"ok\n"
    assert seen.writes == []
    with app.app_context(), db.engine.connect() as connection:
        assert (
            connection.execute(select(func.count()).select_from(Base.metadata.tables["installation"])).scalar_one() == 0
        )
