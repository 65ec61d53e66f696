"""The trail: what an auditor sees of the record of changes, how it is narrowed, and that looking is recorded too."""

import csv
import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
import time_machine
from factories import Maker
from flask import Flask
from pages import Visitor
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from districtops import clock
from districtops.guard.audit import note
from districtops.guard.history import ACTS
from districtops.guard.tenancy import Scope
from districtops.kit.db import db
from districtops.models import ChangeRecord, Grant, Role
from districtops.trail.forms import ACT_NAMES


@pytest.fixture
def office(app: Flask, make: Maker) -> Maker:
    """A district in which an officer renamed a project, and another district where something happened too."""
    make.user("auditor", Role.AUDITOR, name_en="Lee Auditor")
    make.user("officer", name_en="Kim Officer")
    make.user("stranger", district=make.district("songpa"), name_en="SECRETNAME", name_ko="SECRETNAME")
    project = make.project("Lamps", money=100)
    Visitor(app, "officer").submit(
        "new_deal.edit", {"title": "Lanterns", "title_other": "가로등"}, project_id=project.id
    )
    return make


def in_file(auditor: Visitor, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV."""
    answer = auditor.ask(f"/trail.csv?header=keys{query}")
    assert answer.status_code == 200, answer.get_data()
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def latest(make: Maker, **equal: Any) -> ChangeRecord:
    """The last entry that equals this."""
    return make.everything(ChangeRecord, **equal)[-1]


def test_the_page_and_the_files_tell_the_same_the_latest_first(app: Flask, office: Maker) -> None:
    auditor = Visitor(app, "auditor")
    page = auditor.open("trail.index", size=200)
    shown = page.rows("Record of changes")
    # What happened after the page: that it was opened, and that the file was taken away.
    rows = in_file(auditor)[2:]
    assert [re.sub(r"\D", "", row[0]) for row in shown] == [row["seq"] for row in rows]
    assert [int(row["seq"]) for row in rows] == list(range(len(rows), 0, -1))
    assert [row[2:] for row in shown] == [
        [row["who"], row["address"] or "not stated", row["what"], row["about"]] for row in rows
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(auditor.ask("/trail.xlsx?header=keys").get_data())).active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    in_sheet = [dict(zip(head, row, strict=True)) for row in body[2:]]
    assert [(str(row["seq"]), row["what"], row["digest"]) for row in in_sheet] == [
        (row["seq"], row["what"], row["digest"]) for row in rows
    ]


def test_an_entry_says_who_did_what_to_which_record_from_where(app: Flask, office: Maker) -> None:
    row = in_file(Visitor(app, "auditor"), "&act=changed&table=program")[0]
    entry = latest(office, act="changed", table_name="program")
    assert row["who"] == "Kim Officer"
    assert row["address"] == "127.0.0.1"
    assert (row["act_name"], row["kind"], row["about"]) == ("Changed", "Basic data", "Lanterns")
    assert "Name in English: Lamps → Lanterns" in row["what"]
    assert (row["row_id"], row["request_id"]) == (str(entry.row_id), entry.request_id)
    assert row["digest"] == entry.mac[:12]
    assert dt.datetime.fromisoformat(row["at"].replace(" ", "T")[:16]) == entry.at.astimezone(clock.KOREA).replace(
        tzinfo=None, second=0, microsecond=0
    )


def test_no_other_districts_entry_is_shown_or_opened(app: Flask, office: Maker) -> None:
    auditor = Visitor(app, "auditor")
    foreign = latest(office, district_id=office.district("songpa").id)
    of_none = latest(office, chain=0)
    assert "SECRETNAME" not in auditor.ask("/trail?size=200").get_data(as_text=True)
    assert {row["id"] for row in in_file(auditor)} == {
        str(entry.id) for entry in office.everything(ChangeRecord, district_id=office.home.id)
    }
    for entry in (foreign, of_none):
        auditor.open("trail.show", change_id=entry.id, status=404)


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("act=changed", lambda e: e.act == "changed"),
        ("act=signed+in", lambda e: e.act == "signed in"),
        ("table=program", lambda e: e.table_name == "program"),
        ("table=new_deal_project&row={project}", lambda e: e.table_name == "new_deal_project"),
        ("row={program}", lambda e: e.row_id == e.program_id or e.row_id == 1),
        ("program={program}", lambda e: e.program_id is not None),
        ("person={officer}", lambda e: e.actor_id is not None),
        ("request={request}", lambda e: e.act == "changed"),
        ("q=lanterns", lambda e: "Lanterns" in str(e.changes)),
        ("q=%EA%B0%80%EB%A1%9C%EB%93%B1", lambda e: "가로등" in str(e.changes)),
        ("q=100%25", lambda _: False),
        ("row=999999999", lambda _: False),
        ("first=2099-01-01", lambda _: False),
        ("last=1999-01-01", lambda _: False),
    ],
)
def test_every_filter_leaves_what_meets_it(app: Flask, office: Maker, query: str, condition: Any) -> None:
    change = latest(office, act="changed", table_name="program")
    chosen = {"program": change.row_id, "project": 1, "officer": change.actor_id, "request": change.request_id}
    chosen["project"] = latest(office, table_name="new_deal_project").row_id
    before = office.everything(ChangeRecord, district_id=office.home.id)
    # Whoever looks is recorded first: they sign in.
    found = in_file(Visitor(app, "auditor"), "&" + query.format(**chosen))
    ids = {row["id"] for row in found if row["who"] != "Lee Auditor"}
    expected = {str(entry.id) for entry in before if condition(entry)}
    if query.startswith("row={program}"):
        expected = {str(entry.id) for entry in before if entry.row_id == change.row_id}
    assert ids == expected


def test_a_period_is_of_days_in_korea(app: Flask, make: Maker) -> None:
    make.user("auditor", Role.AUDITOR)
    for hour, name in ((14, "One"), (15, "Two")):
        with time_machine.travel(dt.datetime(2022, 3, 9, hour, 59, tzinfo=dt.UTC), tick=False):
            make.department(name)
    auditor = Visitor(app, "auditor")
    for day, name in (("2022-03-09", "One"), ("2022-03-10", "Two")):
        [row] = in_file(auditor, f"&first={day}&last={day}")
        assert f"Name in English: {name}" in row["what"]


@pytest.mark.parametrize(
    "query",
    ["person=7777", "act=x", "table=x", "row=x", "row=-", "first=x", "last=2022-13-01", "program=x", "sort=who"],
)
def test_what_no_filter_offers_is_refused_and_not_recorded(app: Flask, office: Maker, query: str) -> None:
    auditor = Visitor(app, "auditor")
    before = len(office.everything(ChangeRecord))
    for suffix in ("", ".csv", ".xlsx"):
        assert auditor.ask(f"/trail{suffix}?{query}").status_code == 422
    assert len(office.everything(ChangeRecord)) == before


def test_looking_at_the_record_stands_in_the_record(app: Flask, office: Maker) -> None:
    auditor = Visitor(app, "auditor")
    entry = latest(office)
    for url, act, table, row_id, changes in (
        ("/trail", "viewed", "trail.index", 0, {}),
        ("/trail?q=SECRET&act=added", "viewed", "trail.index", 0, {"act": [None, None], "q": [None, None]}),
        ("/trail.csv?row=5", "exported", "trail.index", 0, {"row": [None, None], "file": [None, "csv"]}),
        ("/trail.xlsx", "exported", "trail.index", 0, {"file": [None, "xlsx"]}),
        (f"/trail/{entry.id}", "viewed", "change_record", entry.seq, {}),
    ):
        assert auditor.ask(url).status_code == 200
        found = latest(office)
        assert (found.act, found.table_name, found.row_id, found.changes) == (act, table, row_id, changes)
    told = [row["what"] for row in in_file(auditor)]
    assert "Record of changes exported · File: xlsx" in told
    assert "Record of changes viewed · Act; Search" in told


def test_an_entrys_page_shows_all_of_it_and_its_neighbours(app: Flask, office: Maker) -> None:
    auditor = Visitor(app, "auditor")
    entry = latest(office, act="changed", table_name="program")
    page = auditor.open("trail.show", change_id=entry.id)
    assert "as written" in page.text
    for words in (entry.mac, entry.prev, entry.key_id, entry.request_id, "127.0.0.1", "Kim Officer"):
        assert words in page.text
    assert ["Name in English", "Lamps", "Lanterns"] in page.rows("Values")
    project = latest(office, table_name="new_deal_project")
    assert f"/new-deal/projects/{project.row_id}" in page.links
    assert f"/trail?table=program&row={entry.row_id}" in page.links
    assert all(auditor.look(link) for link in page.links if link.startswith("/trail"))


def test_a_personal_value_is_neither_kept_nor_shown(app: Flask, office: Maker) -> None:
    entry = latest(office, table_name="user_account", act="added", district_id=office.home.id)
    rows = Visitor(app, "auditor").open("trail.show", change_id=entry.id).rows("Values")
    assert ["Name in Korean", "the value is not kept"] in rows
    assert ["Password", "the value is not kept"] in rows


def test_an_entry_that_was_altered_says_so_on_its_page(lite_app: Flask, make: Maker) -> None:
    make.user("auditor", Role.AUDITOR)
    make.department()
    entry = latest(make)
    with make.inside() as session:
        session.connection().execute(text('DROP TRIGGER "change_record_update"'))
        session.connection().execute(text(f"UPDATE change_record SET row_id = 77 WHERE id = {entry.id}"))
        session.commit()
    page = Visitor(lite_app, "auditor").open("trail.show", change_id=entry.id)
    assert "not as written" in page.text


class Statements:
    """Counts the statements that run."""

    count = 0

    def __call__(self, *_args: object) -> None:
        self.count += 1


def test_a_page_asks_the_database_a_fixed_number_of_times(app: Flask, make: Maker) -> None:
    make.user("auditor", Role.AUDITOR)
    auditor = Visitor(app, "auditor")
    counted = []
    for _ in range(2):
        for number in range(6):
            make.department(f"Division {number}")
            make.project(f"Project {number}")
            make.user()
        for url in ("/trail?size=200", "/trail.csv"):
            statements = Statements()
            event.listen(Engine, "before_cursor_execute", statements)
            assert auditor.ask(url).status_code == 200
            event.remove(Engine, "before_cursor_execute", statements)
            counted.append(statements.count)
    assert counted[:2] == counted[2:]


def test_a_reader_of_the_city_stays_a_number(app: Flask, make: Maker) -> None:
    make.user("auditor", Role.AUDITOR)
    reader = make.city_reader("city", make.home)
    Visitor(app, "city")
    told = in_file(Visitor(app, "auditor"), "&act=signed+in")
    assert f"no. {reader.id}, not known in this office" in {row["who"] for row in told}


def test_nobody_is_made_both_auditor_and_administrator(app: Flask, make: Maker) -> None:
    boss = make.user("boss", Role.ADMINISTRATOR)
    auditor = make.user("auditor", Role.AUDITOR)
    visitor = Visitor(app, "boss")
    before = len(make.everything(Grant))
    for role, person in (("auditor", boss), ("administrator", auditor)):
        page = visitor.refused("people.grant", {"role": role}, user_id=person.id)
        assert "Nobody audits what they administer" in page.summary
    assert len(make.everything(Grant)) == before
    worker = make.user("worker", Role.VIEWER)
    assert visitor.submit("people.grant", {"role": "auditor"}, user_id=worker.id).status_code == 303
    assert "/trail" in Visitor(app, "worker").look("/").links
    assert "/trail" not in Visitor(app, "boss").look("/").links


def test_a_records_own_history_leads_an_auditor_to_all_of_it(app: Flask, office: Maker) -> None:
    change = latest(office, act="changed", table_name="program")
    project = latest(office, table_name="new_deal_project").row_id
    link = f"/trail?program={change.row_id}"
    auditor = Visitor(app, "auditor")
    page = auditor.open("new_deal.show", project_id=project)
    assert link in page.links
    assert auditor.look(link).rows("Record of changes")
    assert link not in Visitor(app, "officer").open("new_deal.show", project_id=project).links


def test_every_act_has_a_name_and_a_sentence_and_fits_its_column() -> None:
    assert set(ACTS) == set(ACT_NAMES)
    assert max(map(len, ACTS)) <= (ChangeRecord.__table__.c.act.type.length or 0)


def test_a_note_outside_a_request_is_stored_with_the_next_commit(app: Flask, make: Maker) -> None:
    user = make.user("auditor", Role.AUDITOR)
    with make.inside() as session:
        note("viewed", "user_account", 1, by=Scope(frozenset({make.home.id}), make.home.id, user.id))
        session.commit()
        db.session.remove()
    assert (latest(make).actor_id, latest(make).address) == (user.id, None)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_pages_stand_in_both_languages(app: Flask, office: Maker, language: str) -> None:
    auditor = Visitor(app, "auditor", language=language)
    page = auditor.open("trail.index")
    assert bool(re.search("[가-힣]", page.title)) is (language == "ko")
    for entry in office.everything(ChangeRecord, district_id=office.home.id):
        assert auditor.open("trail.show", change_id=entry.id).status == 200
