"""A record that was filed by mistake: deleted with a reason, gone from everything, restored as it was."""

import datetime as dt
import io
import re

import pytest
import time_machine
from acts import SPARE, at_once, office, problems_of, stored
from factories import Maker
from flask import Flask
from pages import Page, Visitor, filled
from sample_files import png
from sqlalchemy import select
from test_access import OWN, address, methods, rules

from districtops.models import ChangeRecord, Milestone, Program, Role, User
from districtops.module import Module
from districtops.new_deal.models import ContestSelection, Project
from districtops.new_deal.rules import Stage
from districtops.registry import MODULES

RECORDS = [module for module in MODULES if module.record is not None]
each_module = pytest.mark.parametrize("module", RECORDS, ids=[module.name for module in RECORDS])


@pytest.fixture
def officer(make: Maker) -> Visitor:
    """Somebody who may change projects."""
    make.user("officer")
    return Visitor(make.app, "officer")


def delete(visitor: Visitor, project: Project, reason: str = "Filed twice") -> Page:
    """Delete a project from its page."""
    answer = visitor.submit("new_deal.deletion", {"reason": reason}, record_id=project.id)
    return visitor.follow(answer)


def restore(visitor: Visitor, project: Project) -> Page:
    return visitor.follow(visitor.submit("new_deal.deletion", {}, record_id=project.id))


def test_a_deletion_needs_a_reason_and_takes_the_project_out_of_everything(
    app: Flask, make: Maker, officer: Visitor
) -> None:
    kept = make.project("Kept", money=1_000_000)
    gone = make.project("FILEDTWICE", money=5_000_000)
    make.milestone(gone, "FILEDTWICE tender", dt.date(2022, 3, 2))
    for reason in ("", "   ", "\u200b"):
        assert officer.refused("new_deal.deletion", {"reason": reason}, record_id=gone.id).errors
    page = delete(officer, gone)
    assert "can be restored until" in page.flashed
    assert page.rows("Deleted records")[0][0] == "FILEDTWICE"
    assert page.rows("Deleted records")[0][3:5] == ["Kim officer", "Filed twice"]
    make.user("reader", Role.VIEWER)
    reader = Visitor(app, "reader")
    for url in ("/", "/new-deal/", "/new-deal/projects", "/new-deal/projects.csv?q=FILEDTWICE"):
        assert "FILEDTWICE" not in reader.ask(url).get_data(as_text=True), url
    assert "₩1,000,000" in reader.look("/new-deal/").html
    assert "6,000,000" not in reader.look("/new-deal/").html
    assert reader.ask(f"/new-deal/projects/{gone.id}").status_code == 404
    assert reader.ask(f"/new-deal/projects/{kept.id}").status_code == 200
    assert problems_of(make) == [], "the kept figures come out"


def test_a_restored_project_is_as_it_was(app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project("Smart lamps", money=5_000_000)
    make.milestone(project)
    officer.send(
        officer.open("new_deal.show", project_id=project.id),
        {"text": "A remark"},
        f"/new-deal/projects/{project.id}/notes",
    )
    upload = officer.open("new_deal.add_attachments", record_id=project.id).form().fields.to_dict()
    file = io.BytesIO(png())
    assert (
        officer.ask(
            f"/new-deal/projects/{project.id}/attachments/new", "POST", data={**upload, "files": (file, "lamp.png")}
        ).status_code
        == 303
    )
    pages = (
        "/new-deal/",
        "/new-deal/projects?q=lamps",
        "/new-deal/projects.csv?header=keys",
        f"/new-deal/projects/{project.id}",
    )
    before = [_facts(officer, url) for url in pages]
    delete(officer, project)
    assert "restored" in restore(officer, project).flashed
    assert [_facts(officer, url) for url in pages] == before
    assert "Reason for the deletion: empty → Filed twice" in officer.open("new_deal.show", project_id=project.id).text
    assert problems_of(make) == []


def _facts(visitor: Visitor, url: str) -> str:
    """What a page shows, without its history and what differs between any two answers."""
    html = visitor.ask(url).get_data(as_text=True)
    html = re.sub(r'(?s)<section class="section[^"]*" id="history">.*?</section>', "", html)
    return " ".join(re.sub(r'(?s)name="(csrf_token|once)"[^>]*>|<div class="note[^>]*flash.*?</div>', "", html).split())


def test_a_project_of_which_something_was_reported_is_not_deleted(app: Flask, make: Maker, officer: Visitor) -> None:
    named = make.project("Named", named=True)
    spent = make.project("Spent", money=5_000, stage=Stage.IN_EXECUTION)
    make.entry(spent, 1_000)
    ended = make.project("Ended", stage=Stage.SETTLED)
    chosen = make.project("Chosen")
    make.row(ContestSelection, project_id=chosen.id)
    for project, words in (
        (named, "announcement"),
        (spent, "Money was spent"),
        (ended, "has ended"),
        (chosen, "selected"),
    ):
        page = officer.refused("new_deal.deletion", {"reason": "A mistake"}, record_id=project.id)
        assert words in page.summary
        assert words in officer.open("new_deal.deletion", record_id=project.id).text, (
            "said before anybody types a reason"
        )
    assert [program.deleted_at for program in make.everything(Program)] == [None] * 4


@pytest.mark.parametrize(("days", "status"), [(0, 303), (30, 303), (31, 422), (400, 422)])
def test_a_record_is_restored_for_thirty_days(
    lite_app: Flask, make: Maker, officer: Visitor, days: int, status: int
) -> None:
    project = make.project()
    start = dt.datetime(2022, 1, 25, 1, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        delete(Visitor(lite_app, "officer"), project)
    with time_machine.travel(start + dt.timedelta(days=days), tick=False):
        late = Visitor(lite_app, "officer")
        assert late.submit("new_deal.deletion", {}, record_id=project.id).status_code == status
        assert ("not any more" in late.open("new_deal.deleted_records").text) is (status == 422)


def test_of_two_who_delete_at_once_one_does_and_the_other_is_told(app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project()
    url = officer.url("new_deal.deletion", record_id=project.id)
    forms = []
    for reason in ("First", "Second"):
        sent = filled(officer.look(url).form())
        sent["reason"] = reason
        forms.append(sent)
    assert sorted(answer.status_code for answer in at_once(officer, url, forms)) == [303, 422]
    assert len(make.everything(ChangeRecord, table_name="program", act="changed")) == 1


def test_an_old_form_to_delete_never_restores_and_an_old_form_to_restore_never_deletes(
    app: Flask, make: Maker, officer: Visitor
) -> None:
    project = make.project()
    old = officer.open("new_deal.deletion", record_id=project.id)
    delete(officer, project)
    restoring = officer.open("new_deal.deletion", record_id=project.id)
    answer = officer.send(old, {"reason": "Again"})
    assert answer.status_code == 422
    assert "deleted already" in Page(answer, old.url).summary
    assert Page(answer, old.url).form().fields["reason"] == "Again"
    restore(officer, project)
    answer = officer.send(restoring)
    assert answer.status_code == 422
    assert "is not deleted" in Page(answer, old.url).summary
    assert make.everything(Program)[0].deleted_at is None


def test_whoever_edits_a_record_that_somebody_deletes_loses_nothing(app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project()
    milestone = make.milestone(project)
    edit = officer.open("new_deal.edit", project_id=project.id)
    step = officer.open("new_deal.edit_milestone", project_id=project.id, milestone_id=milestone.id)
    make.user("colleague")
    colleague = Visitor(app, "colleague")
    delete(colleague, project, "Filed twice")
    before = stored(app)
    for page, name in ((edit, "title"), (step, "title")):
        sent = filled(page.form())
        sent[name] = "Twenty minutes of work"
        answer = officer.ask(page.url, "POST", data=sent, headers={"Origin": "http://localhost"})
        assert answer.status_code == 409
        told = Page(answer, page.url)
        assert "was deleted meanwhile: Filed twice" in told.text
        assert "Twenty minutes of work" in told.html
    assert stored(app) == before
    restore(colleague, project)
    assert officer.send(told).status_code == 303, "sent again once it is back"
    assert make.everything(Milestone)[0].title.en == "Twenty minutes of work"


def test_an_old_link_tells_an_officer_that_the_record_was_deleted(
    lite_app: Flask, make: Maker, officer: Visitor
) -> None:
    project = make.project("FILEDTWICE")
    delete(officer, project)
    answer = officer.ask(f"/new-deal/projects/{project.id}")
    assert answer.headers["Location"] == f"/new-deal/projects/{project.id}/deletion"
    assert "Filed twice" in officer.follow(answer).text
    for name, role in (("viewer", Role.VIEWER), ("manager", Role.MANAGER), ("auditor", Role.AUDITOR)):
        make.user(name, role)
        reader = Visitor(lite_app, name)
        for url in (f"/new-deal/projects/{project.id}", f"/new-deal/projects/{project.id}/edit"):
            answer = reader.ask(url)
            assert answer.status_code in (403, 404)
            assert "FILEDTWICE" not in answer.get_data(as_text=True)


def test_the_record_of_changes_still_calls_it_by_its_name(lite_app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project("FILEDTWICE")
    delete(officer, project)
    make.user("auditor", Role.AUDITOR)
    assert "FILEDTWICE" in Visitor(lite_app, "auditor").look("/trail").text


def test_the_files_of_a_deleted_record_are_not_swept(app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project()
    fields = officer.open("new_deal.add_attachments", record_id=project.id).form().fields.to_dict()
    file = io.BytesIO(png())
    officer.ask(
        f"/new-deal/projects/{project.id}/attachments/new", "POST", data={**fields, "files": (file, "lamp.png")}
    )
    delete(officer, project)
    lying = sorted(stored.path.name for stored in make.store)
    assert lying
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=20)):
        result = app.test_cli_runner().invoke(args=["check-files", "--sweep"])
    assert result.exit_code == 0, result.output
    assert sorted(stored.path.name for stored in make.store) == lying


def test_a_bulk_change_reports_what_was_deleted_since_the_preview(app: Flask, make: Maker, officer: Visitor) -> None:
    one, other = make.project("One"), make.project("Other")
    page = officer.look(f"/new-deal/projects/bulk?change=status&value=later&row={one.id}&row={other.id}")
    delete(officer, other)
    answer = officer.send(page)
    assert answer.status_code == 409
    assert "1 chosen row is no longer there" in Page(answer, page.url).text
    assert [project.status for project in make.everything(Project)] == [None, None]


# Every module with records, also those that nobody has written yet ---------------------------------------------------


@each_module
def test_a_deleted_record_is_found_nowhere_and_is_back_as_it_was(lite_app: Flask, make: Maker, module: Module) -> None:
    office(make)
    visitor, spare = Visitor(lite_app, "everything"), SPARE[module.name]
    with make.inside() as session:
        program = session.execute(select(Program).where(Program.id == spare)).scalar_one()
        program.title_en = program.title_ko = "FILEDTWICE"
        session.commit()
    before = {url: _facts(visitor, url) for url in _pages(visitor, module)}
    assert any("FILEDTWICE" in text for text in before.values()), "it is shown while it stands"
    page = visitor.open(f"{module.name}.deletion", record_id=spare)
    assert visitor.send(page, {"reason": "Filed twice"}).status_code == 303
    assert problems_of(make) == []
    for rule in rules(lite_app):
        if "GET" in methods(rule) and rule.endpoint.startswith((f"{module.name}.", "dashboard.")):
            answer = visitor.ask(address(visitor, rule, spare))
            assert b"FILEDTWICE" not in answer.get_data() or "delet" in rule.endpoint, rule.rule
    assert visitor.send(visitor.open(f"{module.name}.deletion", record_id=spare)).status_code == 303
    assert {url: _facts(visitor, url) for url in before} == before
    assert problems_of(make) == []


def _pages(visitor: Visitor, module: Module) -> list[str]:
    """The pages and files that show several records: those that name no row."""
    return [
        address(visitor, rule, OWN)
        for rule in rules(visitor.app)
        if "GET" in methods(rule)
        and not rule.arguments
        and rule.endpoint.startswith((f"{module.name}.", "dashboard.index"))
        and "deleted" not in rule.endpoint
        and not rule.rule.endswith(".xlsx")
    ]


@each_module
def test_the_page_of_a_record_leads_to_its_deletion(
    lite_app: Flask, make: Maker, officer: Visitor, module: Module
) -> None:
    make.one_of_each(make.home, OWN)
    page = officer.look(_record_url(officer, module))
    assert officer.url(f"{module.name}.deletion", record_id=OWN) in page.links


def _record_url(visitor: Visitor, module: Module) -> str:
    record = module.record
    assert record is not None
    return visitor.url(f"{module.name}.{record.endpoint}", **{record.argument: OWN})


def test_people_stay_when_their_records_go(lite_app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project()
    before = len(make.everything(User))
    delete(officer, project)
    assert len(make.everything(User)) == before
