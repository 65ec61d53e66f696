"""The record of changes: every row that is added, changed or removed, with old and new value, by whom and when."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from factories import PASSWORD, Maker, mapped_models, scoped_models
from flask import Flask
from pages import Visitor
from sqlalchemy import Enum, Time, inspect, select
from sqlalchemy.orm import make_transient_to_detached

from districtops.guard.audit import AppendOnly
from districtops.guard.history import history
from districtops.kit.db import Base, Thousandths
from districtops.kit.text import Words, WordsType
from districtops.models import (
    CHANGES,
    ChangeRecord,
    Department,
    FailedSignIn,
    Grant,
    LedgerEntry,
    Milestone,
    Note,
    Program,
    Role,
    SignedInSession,
    User,
)
from districtops.new_deal.models import Project
from districtops.new_deal.rules import Stage

SILENT = {
    *("ChangeRecord", "SignedInSession", "FailedSignIn", "SentForm", "RestoreDrill"),
    *("ContestFigures", "ContestSums", "ProjectFigures", "ProjectSums", "FrozenRow"),
    *("ReportFigures", "ReportSums"),
}
"""Classes that the record leaves out; each says why in ``__silent__``."""

SOMETHING = {"ReportDraft": {"spent_won": 1}}
"""What a row holds of which everything may be empty: adding it would be no change."""

APPEND_ONLY = [model for model in scoped_models() if getattr(model, "__append_only__", False)]
RECORDED = [model for model in scoped_models() if model.__name__ not in SILENT]


def records(make: Maker, model: type[Base], row_id: int | None = None) -> list[ChangeRecord]:
    """What was recorded of a class."""
    found = make.everything(ChangeRecord, table_name=model.__tablename__)
    return [record for record in found if row_id in (None, record.row_id)]


def other(value: Any, kind: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(kind, WordsType):
        return Words(en="other")
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(kind, Thousandths):
        return Decimal(1)
    if isinstance(kind, Time):
        return dt.time(9, 30)
    return "other"


def test_only_a_few_classes_stay_out_of_the_record_and_say_why() -> None:
    silent = {model.__name__: model.__silent__ for model in mapped_models() if hasattr(model, "__silent__")}
    assert set(silent) == SILENT
    assert all(len(reason.split()) > 3 for reason in silent.values())


@pytest.mark.parametrize("model", RECORDED, ids=[model.__name__ for model in RECORDED])
def test_every_row_that_is_added_is_recorded(lite_app: Flask, make: Maker, model: type[Base]) -> None:
    row = make.row(model, **SOMETHING.get(model.__name__, {}))
    found = records(make, model, row.id)
    assert [record.act for record in found] == ["added"]
    assert found[0].district_id == make.home.id
    assert all(old is None for old, new in found[0].changes.values())


@pytest.mark.parametrize("model", RECORDED, ids=[model.__name__ for model in RECORDED])
def test_every_row_that_is_changed_or_removed_is_recorded_or_refused(lite_app: Flask, make: Maker, model: Any) -> None:
    row_id = make.row(model).id
    columns = [
        c
        for c in inspect(model).column_attrs
        if c.key not in ("id", "district_id", "version")
        and not c.columns[0].info.get("silent")
        and not isinstance(c.columns[0].type, Enum)
    ]
    # References come last: what is only added may consist of them.
    name = min(columns, key=lambda c: bool(c.columns[0].foreign_keys)).key
    # A new session: the old value is not in memory any more.
    with make.inside() as session:
        row = session.execute(select(model).where(model.id == row_id)).scalar_one()
        setattr(row, name, other(getattr(row, name), model.__table__.c[name].type))
        if model in APPEND_ONLY:
            with pytest.raises(AppendOnly):
                session.flush()
            return
        session.commit()
    change = records(make, model, row_id)[-1]
    assert change.act == "changed"
    assert set(change.changes) == {name}
    with make.inside() as session:
        session.delete(session.execute(select(model).where(model.id == row_id)).scalar_one())
        session.commit()
    assert records(make, model, row_id)[-1].act == "removed"


@pytest.mark.parametrize("model", APPEND_ONLY, ids=[model.__name__ for model in APPEND_ONLY])
def test_rows_that_are_only_added_can_be_neither_changed_nor_removed(lite_app: Flask, make: Maker, model: Any) -> None:
    row_id = make.row(model).id
    with make.inside() as session:
        session.delete(session.execute(select(model).where(model.id == row_id)).scalar_one())
        with pytest.raises(AppendOnly):
            session.flush()
    assert [row.id for row in make.everything(model) if row.id == row_id] == [row_id]


def test_money_notes_and_the_record_itself_are_only_added() -> None:
    names = {model.__name__ for model in APPEND_ONLY}
    assert {"ChangeRecord", "FundingLine", "LedgerEntry", "Note"} <= names


def test_a_change_over_the_page_says_what_it_was_what_it_is_who_and_in_which_request(app: Flask, make: Maker) -> None:
    project = make.project("Old name", program={"starts_on": dt.date(2022, 4, 1)})
    officer = make.user("officer")
    visitor = Visitor(app, "officer")
    before = len(make.everything(ChangeRecord))
    fields = {"title": "New name", "title_other": "", "starts_on": "2022. 5. 2.", "named": "y"}
    assert visitor.submit("new_deal.edit", fields, project_id=project.id).status_code == 303
    new = make.everything(ChangeRecord)[before:]
    assert {record.table_name for record in new} == {"program", "new_deal_project"}
    assert {record.actor_id for record in new} == {officer.id}
    assert {record.program_id for record in new} == {project.program_id}
    assert len({record.request_id for record in new}) == 1
    assert re.fullmatch(r"[0-9a-f]{16}", new[0].request_id or "")
    assert all(abs((dt.datetime.now(dt.UTC) - record.at).total_seconds()) < 600 for record in new)
    of_program = next(record for record in new if record.table_name == "program")
    assert of_program.changes == {
        "title_en": ["Old name", "New name"],
        "title_ko": ["Old name", "New name"],
        "starts_on": ["2022-04-01", "2022-05-02"],
    }
    of_project = next(record for record in new if record.table_name == "new_deal_project")
    assert of_project.changes == {"named": [False, True]}


def test_saving_without_a_change_records_nothing(app: Flask, make: Maker) -> None:
    project = make.project(program={"title_ko": "가로등"}, purpose=Words(en="Light", ko="빛"))
    make.user("officer")
    officer = Visitor(app, "officer")
    before = len(make.everything(ChangeRecord))
    assert officer.submit("new_deal.edit", project_id=project.id).status_code == 303
    assert make.everything(ChangeRecord)[before:] == []


def test_a_request_that_is_refused_leaves_no_record(app: Flask, make: Maker) -> None:
    project = make.project(money=100, stage=Stage.IN_EXECUTION)
    make.user("officer")
    officer = Visitor(app, "officer")
    before = len(make.everything(ChangeRecord))
    officer.refused("new_deal.spending", {"amount_won": "50", "on_date": "2022-12-31"}, project_id=project.id)
    assert make.everything(LedgerEntry) == []
    assert len(make.everything(ChangeRecord)) == before


def test_personal_and_secret_values_never_stand_in_the_record(app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(app, "boss")
    sent = {"username": "newcomer", "name_ko": "홍길동", "name_en": "Hong Gil-dong", "role": "officer"}
    page = boss.submit("people.invite", sent)
    password = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", page.get_data(as_text=True))
    user = make.everything(User, username="newcomer")[0]
    boss.submit("people.show", {"name_ko": "성춘향", "name_en": "Sung Chun-hyang"}, user_id=user.id)
    boss.submit("people.reset", user_id=user.id)
    kept = repr([record.changes for record in make.everything(ChangeRecord)])
    assert password is not None
    for secret in ("홍길동", "Hong Gil-dong", "성춘향", "Sung", "argon2", password[0], PASSWORD):
        assert secret not in kept
    changes = [record.changes for record in records(make, User, user.id) if record.act in CHANGES]
    assert changes[0]["name_ko"] == [None, None]
    assert changes[0]["username"] == [None, "newcomer"]
    assert changes[1] == {"name_ko": [None, None], "name_en": [None, None]}
    assert changes[2]["password_hash"] == [None, None]


def test_every_personal_or_secret_column_is_hidden_and_every_password_is_secret() -> None:
    hidden = {
        f"{model.__name__}.{column.name}"
        for model in mapped_models()
        for column in model.__table__.columns
        if column.info.get("personal") or column.info.get("secret")
    }
    assert {"User.name_en", "User.name_ko", "User.password_hash"} <= hidden
    for model in mapped_models():
        for column in model.__table__.columns:
            if "password" in column.name and column.type.python_type is str:
                assert column.info.get("secret"), column


def test_signing_in_and_out_is_recorded_and_is_no_change_of_the_offices_data(app: Flask, make: Maker) -> None:
    user = make.user("kim")
    before = len(make.everything(ChangeRecord))
    Visitor(app).submit("accounts.login", {"username": "kim", "password": "not this one"})
    assert len(make.everything(ChangeRecord)) == before, "a name that failed may be anybody's"
    visitor = Visitor(app, "kim")
    assert len(make.everything(SignedInSession)) == 1
    assert make.everything(FailedSignIn) == []
    visitor.submit("accounts.account", to="accounts.sign_out")
    found = make.everything(ChangeRecord)[before:]
    assert [(record.act, record.table_name, record.row_id) for record in found] == [
        ("signed in", "user_account", user.id),
        ("signed out", "user_account", user.id),
    ]
    assert {(record.district_id, record.actor_id, record.address) for record in found} == {
        (make.home.id, user.id, "127.0.0.1")
    }
    assert all(record.changes == {} for record in found)


def test_a_reader_of_the_city_is_recorded_in_every_district_they_read(app: Flask, make: Maker) -> None:
    districts = [make.home, make.district("songpa")]
    reader = make.city_reader("city", *districts)
    city = Visitor(app, "city")
    assert city.ask("/new-deal/projects.csv?q=lamp").status_code == 200
    for act in ("signed in", "exported"):
        found = make.everything(ChangeRecord, act=act)
        assert [record.district_id for record in found] == sorted(district.id for district in districts)
        assert {record.actor_id for record in found} == {reader.id}


def test_what_is_exported_is_recorded_with_the_names_of_the_filters_and_never_their_values(
    app: Flask, make: Maker
) -> None:
    make.project()
    user = make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    for suffix in ("csv", "xlsx"):
        url = f"/new-deal/projects.{suffix}?q=SECRET&category=digital&sort=-code&stage=&nonsense=1"
        assert reader.ask(url).status_code == 200
        note = make.everything(ChangeRecord)[-1]
        assert (note.act, note.table_name, note.row_id, note.actor_id) == ("exported", "new_deal.projects", 0, user.id)
        assert note.changes == {"category": [None, None], "q": [None, None], "file": [None, suffix]}
    count = len(make.everything(ChangeRecord))
    assert reader.ask("/new-deal/projects.csv?category=nonsense").status_code == 422
    assert len(make.everything(ChangeRecord)) == count, "nothing was handed out"


def test_opening_a_persons_page_is_recorded_and_shows_what_was_changed(app: Flask, make: Maker) -> None:
    boss_user = make.user("boss", Role.ADMINISTRATOR)
    user = make.user("worker", Role.VIEWER)
    boss = Visitor(app, "boss")
    boss.submit("people.grant", {"role": "officer"}, user_id=user.id)
    page = boss.open("people.show", user_id=user.id)
    note = records(make, User, user.id)[-1]
    assert (note.act, note.actor_id) == ("viewed", boss_user.id)
    assert "Granted role added" in page.text
    assert "Role: Officer" in page.text
    assert "viewed" not in page.text


def test_a_division_and_a_programme_show_their_history(app: Flask, make: Maker) -> None:
    division, programme = make.department("Old Division"), make.programme(2022)
    make.user("everything", Role.OFFICER, Role.ADMINISTRATOR)
    visitor = Visitor(app, "everything")
    visitor.submit("people.edit_department", {"name_en": "New Division"}, department_id=division.id)
    visitor.submit("new_deal.edit_programme", {"planned_count": "12"}, programme_id=programme.id)
    assert "Old Division → New Division" in visitor.open("people.edit_department", department_id=division.id).text
    assert "empty → 12" in visitor.open("new_deal.edit_programme", programme_id=programme.id).text
    for endpoint in ("people.create_department", "new_deal.create_programme"):
        assert "History" not in visitor.open(endpoint).text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_history_survives_tables_columns_acts_and_values_that_are_no_more(
    lite_app: Flask, make: Maker, language: str
) -> None:
    make.row(ChangeRecord, row_id=7, act="forgotten", table_name="no_such_table", changes={"x": [1, "2"]})
    make.row(
        ChangeRecord,
        row_id=7,
        act="changed",
        table_name="program",
        changes={"no_such": [1, 2], "starts_on": ["soon", 3]},
    )
    make.row(ChangeRecord, row_id=7, act="exported", table_name="new_deal.projects", changes={"file": [None, "csv"]})
    with make.inside() as session, lite_app.test_request_context(headers={"Accept-Language": language}):
        entries = session.execute(select(ChangeRecord).where(ChangeRecord.row_id == 7).order_by(ChangeRecord.id))
        told = [line.text for line in history(entries.scalars())]
    assert told[0] == "no_such_table: forgotten · x: 2"
    assert "soon" in told[1]
    assert "New Deal" in told[2] or "뉴딜" in told[2]


def test_giving_and_ending_a_role_is_recorded(lite_app: Flask, make: Maker) -> None:
    boss_user = make.user("boss", Role.ADMINISTRATOR)
    user = make.user("worker", Role.VIEWER)
    boss = Visitor(lite_app, "boss")
    boss.submit("people.grant", {"role": "officer"}, user_id=user.id)
    given = records(make, Grant)[-1]
    assert (given.act, given.actor_id) == ("added", boss_user.id)
    assert given.changes["role"] == [None, "officer"]
    boss.submit("people.end_grant", user_id=user.id, grant_id=given.row_id)
    assert set(records(make, Grant)[-1].changes) == {"ended_at"}


def test_what_several_flushes_of_one_request_did_is_recorded_once_each(lite_app: Flask, make: Maker) -> None:
    with make.inside() as session:
        row = Department(code="A", kind="team", name_en="One", name_ko="하나", sample=False)
        session.add(row)
        session.flush()
        row.name_en = "Two"
        session.flush()
        row.name_en = "Three"
        session.commit()
    found = records(make, Department)
    assert [record.act for record in found] == ["added", "changed", "changed"]
    assert [record.changes["name_en"] for record in found] == [[None, "One"], ["One", "Two"], ["Two", "Three"]]


def test_a_savepoint_that_is_rolled_back_leaves_no_record(lite_app: Flask, make: Maker) -> None:
    with make.inside() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            session.add(Department(code="A", kind="team", name_en="One", name_ko="하나", sample=False))
            session.flush()
            raise ZeroDivisionError
        session.add(Department(code="B", kind="team", name_en="Two", name_ko="둘", sample=False))
        session.commit()
    assert [record.changes["code"] for record in records(make, Department)] == [[None, "B"]]


def test_old_values_are_known_even_for_rows_that_were_not_loaded(lite_app: Flask, make: Maker) -> None:
    department = make.department("Before")
    with make.inside() as session:
        row = Department(id=department.id)
        make_transient_to_detached(row)
        session.add(row)
        row.name_en = "After"
        session.commit()
    assert records(make, Department)[-1].changes == {"name_en": ["Before", "After"]}


def test_money_and_dates_and_words_are_recorded_as_they_stand_in_the_database(lite_app: Flask, make: Maker) -> None:
    project = make.project(money=1_200_000_000, purpose=Words(en="Light", ko="빛"))
    milestone = make.milestone(project, due=dt.date(2022, 5, 2))
    line = make.everything(ChangeRecord, table_name="funding_line")[0]
    assert line.changes["amount_won"] == [None, 1_200_000_000]
    assert line.changes["payer"] == [None, "district"]
    assert records(make, Project)[0].changes["purpose"] == [None, {"en": "Light", "ko": "빛"}]
    assert records(make, Milestone, milestone.id)[0].changes["due_on"] == [None, "2022-05-02"]


def test_the_history_page_tells_changes_in_the_readers_words(app: Flask, make: Maker) -> None:
    division = make.department("Smart City Division")
    project = make.project("Lamps", money=1_200_000_000)
    make.user("officer", name_en="Kim Minji", name_ko="김민지")
    officer = Visitor(app, "officer")
    officer.submit("new_deal.edit", {"department": division.id, "ends_on": "2022-12-30"}, project_id=project.id)
    text = officer.open("new_deal.show", project_id=project.id).text
    assert "Basic data changed" in text
    assert "Department in charge: empty → Smart City Division" in text
    assert "Ends: empty → Fri 30 Dec 2022" in text
    assert "Kim Minji" in text
    assert "₩1,200,000,000" in text
    assert "the system" in text


def test_a_history_asks_the_database_a_fixed_number_of_times(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    people = [make.user(f"person{n}.x") for n in range(4)]
    for person in people:
        with make.inside(user=person) as session:
            program = session.execute(select(Program).where(Program.id == project.program_id)).scalar_one()
            program.officer_id = person.id
            session.commit()
    with make.inside() as session, lite_app.test_request_context():
        lines = history(
            session.execute(select(ChangeRecord).where(ChangeRecord.table_name == "program")).scalars().all()
        )
    assert [line.who for line in lines[1:]] == [person.name_en for person in people]
    assert f"{people[0].name_en} → {people[1].name_en}" in lines[2].text


def test_notes_are_signed_by_whoever_wrote_them(lite_app: Flask, make: Maker) -> None:
    project = make.project()
    user = make.user("officer")
    officer = Visitor(lite_app, "officer")
    officer.submit("new_deal.show", {"text": "On site"}, to="new_deal.add_note", project_id=project.id)
    assert [(note.text, note.by_id) for note in make.everything(Note)] == [("On site", user.id)]
