"""A form that arrives twice is carried out once, whatever form it is and however many arrive at the same moment."""

import datetime as dt

import pytest
from acts import EVERYTHING, Act, acts_of, at_once, office, pages_of, problems_of, stored, takes_forms
from factories import Maker
from flask import Flask
from pages import Page, Visitor
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from districtops.guard import once
from districtops.kit.db import db
from districtops.models import ChangeRecord, LedgerEntry, Note, SentForm
from districtops.new_deal.models import Project
from districtops.new_deal.rules import Stage


@pytest.fixture
def officer(app: Flask, make: Maker) -> Visitor:
    """Somebody who may do everything, in an office where every act is open."""
    office(make)
    return Visitor(app, "everything")


@pytest.fixture
def project(lite_app: Flask, make: Maker) -> Project:
    """A project that may spend, and two people who may enter what it spends."""
    for name in ("kim", "lee"):
        make.user(name, *EVERYTHING)
    return make.project(money=1_000, stage=Stage.IN_EXECUTION)


def note_on(visitor: Visitor, project: Project, text: str) -> tuple[str, MultiDict[str, str]]:
    """(address, contents) of the form for a note."""
    form = visitor.open("new_deal.add_note", project_id=project.id).form()
    return form.action, MultiDict({**form.fields.to_dict(), "text": text})


def test_the_walk_finds_every_act_that_is_taken_anywhere(lite_app: Flask, make: Maker) -> None:
    office(make)
    found = {act.endpoint for act in acts_of(Visitor(lite_app, "everything"))}
    assert found == {rule.endpoint for rule in takes_forms(lite_app)}


def test_every_form_of_every_page_carries_one_key_of_its_own(lite_app: Flask, make: Maker) -> None:
    office(make)
    keys = []
    for page in pages_of(Visitor(lite_app, "everything")):
        for form in page.forms:
            if form.method == "post":
                [key] = form.fields.getlist(once.FIELD)
                keys.append(key)
    assert len(keys) == len(set(keys)) > 20
    assert all(len(key) == 30 and key.isdigit() for key in keys)


def test_eight_sends_of_one_form_at_the_same_moment_do_one_thing(officer: Visitor, make: Maker) -> None:
    walked = [act for act in acts_of(officer) if act.counts_once(officer.app)]
    assert len(walked) > 5
    for act in walked:
        form, sent = act.opened(officer)
        records, kept = len(make.everything(ChangeRecord)), len(make.everything(SentForm))
        answers = at_once(officer, form.action, [sent] * 8)
        codes = sorted(answer.status_code for answer in answers)
        # An act that shows a secret once answers with a page; whoever comes later is led back to its form.
        assert codes in ([303] * 8, [200, *[303] * 7]), f"{act} answered {codes}: {_refusal(answers, act)}"
        assert len({answer.location for answer in answers if answer.status_code == 303}) == 1, act
        assert len(make.everything(SentForm)) == kept + 1, act
        done_by = {record.request_id for record in make.everything(ChangeRecord)[records:]}
        assert len(done_by) <= 1, f"{act} was carried out by {len(done_by)} requests"
    assert problems_of(make) == []


def _refusal(answers: list, act: Act) -> str:
    refused = [answer for answer in answers if answer.status_code in (409, 422)]
    return Page(refused[0], act.page).summary if refused else ""


def test_a_second_arrival_is_led_to_what_the_first_one_saved(app: Flask, make: Maker) -> None:
    project = make.project(money=100, stage=Stage.IN_EXECUTION)
    make.user("kim")
    kim = Visitor(app, "kim")
    form = kim.open("new_deal.spending", project_id=project.id).form()
    sent = {**form.fields.to_dict(), "amount_won": "50"}
    first, second = (kim.ask(form.action, "POST", data=sent) for _ in range(2))
    assert first.location == second.location
    assert "arrived twice" in kim.follow(second).flashed
    assert [entry.amount_won for entry in make.everything(LedgerEntry)] == [50]


def test_other_contents_under_the_same_key_come_back_and_are_saved_when_sent_once_more(
    make: Maker, project: Project, lite_app: Flask
) -> None:
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "As first written")
    assert kim.ask(url, "POST", data=sent).status_code == 303
    answer = kim.ask(url, "POST", data={**sent.to_dict(), "text": "Thought better of"})
    assert answer.status_code == 422
    page = Page(answer, url)
    assert "sent and saved before" in page.summary
    assert page.form().fields["text"] == "Thought better of"
    assert [note.text for note in make.everything(Note)] == ["As first written"]
    kim.follow(kim.send(page))
    assert [note.text for note in make.everything(Note)] == ["As first written", "Thought better of"]


def test_two_honest_forms_make_two_rows_of_the_same_contents(make: Maker, project: Project, lite_app: Flask) -> None:
    kim = Visitor(lite_app, "kim")
    for _ in range(2):
        url, sent = note_on(kim, project, "Visited the site")
        assert kim.ask(url, "POST", data=sent).status_code == 303
    assert len(make.everything(Note)) == 2


def test_a_key_counts_for_one_person_and_one_page(make: Maker, project: Project, lite_app: Flask) -> None:
    kim, lee, other = Visitor(lite_app, "kim"), Visitor(lite_app, "lee"), make.project("Another")
    url, sent = note_on(kim, project, "The same words")
    assert kim.ask(url, "POST", data=sent).status_code == 303
    token = lee.open("accounts.account").form().fields["csrf_token"]
    assert lee.ask(url, "POST", data={**sent.to_dict(), "csrf_token": token}).status_code == 303
    elsewhere, _ = note_on(kim, other, "")
    assert kim.ask(elsewhere, "POST", data=sent).status_code == 303
    assert len(make.everything(Note)) == 3


def test_a_refused_form_does_not_use_its_key_up(make: Maker, project: Project, lite_app: Flask) -> None:
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "")
    assert kim.ask(url, "POST", data=sent).status_code == 422
    assert make.everything(SentForm) == []
    answer = kim.ask(url, "POST", data={**sent.to_dict(), "text": "Now with words"})
    assert "arrived twice" not in kim.follow(answer).flashed
    assert [note.text for note in make.everything(Note)] == ["Now with words"]


def test_keys_are_dropped_after_seven_days(make: Maker, project: Project, lite_app: Flask) -> None:
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "Old")
    kim.ask(url, "POST", data=sent)
    [kept] = make.everything(SentForm)
    for days, left in ((7, 2), (8, 1)):
        with lite_app.app_context(), db.engine.begin() as connection:
            old = dt.datetime.now(dt.UTC) - dt.timedelta(days=days) + dt.timedelta(minutes=1)
            connection.execute(update(SentForm).where(SentForm.id == kept.id).values(at=old))
            connection.execute(SentForm.__table__.delete().where(SentForm.id != kept.id))
        url, sent = note_on(kim, project, f"After {days} days")
        kim.ask(url, "POST", data=sent)
        assert len(make.everything(SentForm)) == left


def test_what_is_kept_of_a_key_tells_neither_the_key_nor_the_person(
    make: Maker, project: Project, lite_app: Flask
) -> None:
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "A private remark")
    kim.ask(url, "POST", data=sent)
    with lite_app.app_context(), db.engine.connect() as connection:
        kept = repr(connection.execute(select(SentForm.__table__)).one())
    assert sent["once"] not in kept
    assert "private" not in kept


def test_a_form_without_a_key_is_no_way_to_write_twice_unseen(make: Maker, project: Project, lite_app: Flask) -> None:
    # No page of ours sends such a form; a script that does is an ordinary request each time, and recorded as such.
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "From a script")
    before = stored(lite_app, "note", "change_record")
    for _ in range(2):
        kim.ask(url, "POST", data={name: value for name, value in sent.items() if name != once.FIELD})
    assert len({record.request_id for record in make.everything(ChangeRecord, table_name="note")}) == 2
    after = stored(lite_app, "note", "change_record")
    assert {name for name in after if after[name] != before[name]} <= {"sent_form"}


def test_a_key_is_kept_only_with_what_it_saved(
    make: Maker, project: Project, lite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = Visitor(lite_app, "kim")
    url, sent = note_on(kim, project, "Lost on the way")

    def burst(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(once, "remember", burst)
        assert kim.client.post(url, data=sent).status_code == 500
    assert make.everything(SentForm) == make.everything(Note) == []
    assert kim.ask(url, "POST", data=sent).status_code == 303
    assert len(make.everything(Note)) == 1
