"""Many rows at once: a preview that says how many and which, one confirmation, all or nothing."""

from urllib.parse import urlencode

import pytest
from acts import at_once, stored
from factories import Maker
from flask import Flask
from pages import Page, Visitor, filled
from test_architecture import MODULES

from districtops.models import ChangeRecord, Program, Role, User
from districtops.new_deal.models import Project, Status
from districtops.new_deal.rules import Stage

BULK = "/new-deal/projects/bulk"


@pytest.fixture
def officer(make: Maker) -> Visitor:
    """Somebody who may change projects."""
    make.user("officer")
    return Visitor(make.app, "officer")


def preview(
    visitor: Visitor, change: str, value: object, rows: list[int] | str, query: str = "", status: int = 200
) -> Page:
    """Tick rows (or take all), choose a value, look."""
    chosen = [("rows", "all")] if rows == "all" else [("row", row) for row in rows]
    return visitor.look(
        f"{BULK}?{urlencode([('change', change), ('value', value), ('query', query), *chosen])}", status
    )


def officers_of(make: Maker) -> list[int | None]:
    return [program.officer_id for program in make.everything(Program)]


def test_the_list_offers_boxes_to_those_who_may_change_rows_and_to_nobody_else(
    lite_app: Flask, make: Maker, officer: Visitor
) -> None:
    make.project()
    make.user("viewer", Role.VIEWER)
    page = officer.look("/new-deal/projects?q=lamp")
    assert [e.get("form") for e in page.tree.iter("input") if e.get("name") == "row"] == ["bulk"]
    form = next(form for form in page.forms if form.action == BULK)
    assert form.method == "get", "a preview changes nothing"
    assert form.fields["query"] == "q=lamp"
    other = Visitor(lite_app, "viewer").look("/new-deal/projects")
    assert not [e for e in other.tree.iter("input") if e.get("name") == "row"]
    assert BULK not in other.html


def test_the_preview_says_how_many_and_which_and_the_confirmation_does_it(
    app: Flask, make: Maker, officer: Visitor
) -> None:
    successor = make.user("successor")
    projects = [make.project(f"Project {number:02}") for number in range(25)]
    done = make.project("Settled", stage=Stage.SETTLED)
    already = make.project("Already", program={"officer_id": successor.id})
    page = preview(officer, "officer", successor.id, [p.id for p in (*projects, done, already)])
    assert "25 rows become: Kim successor" in page.text
    assert [row[0] for row in page.rows("Rows that change")] == [f"Project {number:02}" for number in range(20)]
    assert len(page.rows("Further rows that change")) == 5
    assert page.rows("Rows that are left as they are") == [
        ["Settled", "not stated", "The project has ended and is not changed any more. A note can still be added."],
        ["Already", "Kim successor", "It is so already."],
    ]
    assert officers_of(make).count(successor.id) == 1, "looking changes nothing"
    shown = officer.follow(officer.send(page))
    assert "25 rows are changed" in shown.flashed
    assert officers_of(make).count(successor.id) == 26
    changed = make.everything(ChangeRecord, table_name="program", act="changed")
    assert len([c for c in changed if c.changes == {"officer_id": [None, successor.id]}]) == 25, "each row on record"
    assert len({c.request_id for c in changed}) == 1


def test_all_rows_of_a_filter_are_those_that_were_previewed(app: Flask, make: Maker, officer: Visitor) -> None:
    late, good = (make.project(t, status=s) for t, s in (("Late", Status.DELAYED), ("Good", Status.ON_SCHEDULE)))
    page = preview(officer, "status", "later", "all", "status=delayed&sort=-budget_won")
    make.project("Late since", status=Status.DELAYED)
    answer = officer.send(page)
    assert answer.headers["Location"] == "/new-deal/projects?status=delayed&sort=-budget_won"
    assert [(p.id, p.status) for p in make.everything(Project)][:2] == [
        (late.id, Status.LATER),
        (good.id, Status.ON_SCHEDULE),
    ]
    assert make.everything(Project)[2].status is Status.DELAYED, "nobody had seen it"


def test_a_status_that_contradicts_a_stage_is_left_out_with_the_reason(
    app: Flask, make: Maker, officer: Visitor
) -> None:
    running = make.project("Running", stage=Stage.IN_EXECUTION)
    completed = make.project("Completed", stage=Stage.COMPLETED)
    page = preview(officer, "status", "done", [running.id, completed.id])
    assert [row[0] for row in page.rows("Rows that are left as they are")] == ["Running", "Completed"]
    assert "Complete the project first" in page.text
    assert "0 rows become" in page.text


@pytest.mark.parametrize("what", ["edited", "ended", "deleted"])
def test_what_changed_since_the_preview_is_reported_and_nothing_is_overwritten(
    app: Flask, make: Maker, officer: Visitor, what: str
) -> None:
    successor, rival = make.user("successor"), make.user("rival")
    first, second = make.project("First"), make.project("Second")
    page = preview(officer, "officer", successor.id, [first.id, second.id])
    colleague = Visitor(app, "rival")
    if what == "edited":
        assert colleague.submit("new_deal.edit", {"officer": rival.id}, project_id=second.id).status_code == 303
    elif what == "ended":
        fields = {"reason": "Not wanted"}
        assert colleague.submit("new_deal.step", fields, project_id=second.id, verb="drop").status_code == 303
    else:
        assert colleague.submit("new_deal.deletion", {"reason": "Filed twice"}, record_id=second.id).status_code == 303
    answer = officer.send(page)
    assert answer.status_code == 409
    again = Page(answer, BULK)
    assert "Nothing is changed yet" in again.summary
    assert successor.id not in officers_of(make), "all or nothing"
    assert "changed since the preview" in again.text or what != "edited"
    assert officer.follow(officer.send(again)).flashed, "confirmed anew, it is done"
    assert officers_of(make)[0] == successor.id
    assert officers_of(make)[1] == (successor.id if what == "edited" else None)


def test_two_confirmations_at_once_change_each_row_once(app: Flask, make: Maker, officer: Visitor) -> None:
    one, other = make.user("one"), make.user("other")
    ids = [make.project(f"Project {number}").id for number in range(5)]
    pages = [preview(officer, "officer", user.id, ids) for user in (one, other)]
    answers = at_once(officer, BULK, [filled(page.form(BULK)) for page in pages])
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(set(officers_of(make))) == 1, "one of them, whole"


def test_more_rows_than_anybody_looks_through_are_refused(
    lite_app: Flask, make: Maker, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("districtops.lists.bulk.MOST", 3)
    ids = [make.project(f"Project {number}").id for number in range(4)]
    for rows in ("all", ids):
        page = preview(officer, "status", "later", rows, status=422)
        assert "At most 3 rows" in page.summary
    assert "3 rows become" in preview(officer, "status", "later", ids[:3]).text


@pytest.mark.parametrize(
    "query",
    [
        "change=nonsense",
        "rows=all&query=status%3Dgone",
        "rows=all&query=%00",
        "row=x",
        "row=-1",
        "row=9999999999",
        "row=²",
        "row=5:5:5",
        "row=1&value=gone",
        "row=1&value=",
        "row=1&value=%00",
        "row=123456",
        "value=later&change=status",
    ],
)
def test_whatever_an_address_asks_is_answered_politely(
    lite_app: Flask, make: Maker, officer: Visitor, query: str
) -> None:
    make.project()
    before = stored(lite_app, "change_record")
    answer = officer.ask(f"{BULK}?{query}")
    assert answer.status_code in (200, 422)
    page = Page(answer, BULK)
    assert (
        officer.ask(
            BULK, "POST", data={**page.form(BULK).fields.to_dict(), "value": "later", "change": "status"}
        ).status_code
        == 422
    )
    assert stored(lite_app, "change_record", "sent_form") == {k: v for k, v in before.items() if k != "sent_form"}


def test_rows_without_the_version_that_was_seen_are_not_changed(lite_app: Flask, make: Maker, officer: Visitor) -> None:
    project = make.project()
    fields = officer.look(BULK).form(BULK).fields.to_dict()
    for token in (str(project.id), f"{project.id}:", f"{project.id}:0.0"):
        sent = {**fields, "change": "status", "value": "later", "row": token}
        assert officer.ask(BULK, "POST", data=sent).status_code == 409
    assert make.everything(Project)[0].status is None


def test_rows_of_another_district_are_as_if_they_were_not(app: Flask, make: Maker, officer: Visitor) -> None:
    theirs = make.project("SECRET", district=make.district("songpa"))
    page = preview(officer, "status", "later", [theirs.id])
    assert "SECRET" not in page.html
    assert "1 chosen row is no longer there" in page.text
    sent = {**page.form(BULK).fields.to_dict(), "row": f"{theirs.id}:1.1"}
    assert officer.ask(BULK, "POST", data=sent).status_code == 409
    assert make.everything(Project)[0].status is None


def test_nobody_outside_the_office_or_closed_takes_projects_over(
    lite_app: Flask, make: Maker, officer: Visitor
) -> None:
    project = make.project()
    stranger = make.user("stranger", district=make.district("songpa"))
    closed = make.user("closed", active=False)
    for user in (stranger, closed):
        page = preview(officer, "officer", user.id, [project.id], status=422)
        assert "listed" in page.summary


def test_every_change_of_every_list_has_a_key_a_label_and_a_value(
    lite_app: Flask, make: Maker, officer: Visitor
) -> None:
    for module in MODULES:
        for listing in module.lists:
            keys = [change.key for change in listing.bulk]
            assert len(keys) == len(set(keys))
            for change in listing.bulk:
                assert str(change.label)
                page = officer.look(f"{module.blueprint.url_prefix}/{listing.name}/bulk?change={change.key}&row=1")
                assert (
                    page.tree.find(".//select[@name='value']") is not None
                    or page.tree.find(".//input[@name='value']") is not None
                )


def test_people_are_not_changed_by_it(lite_app: Flask, make: Maker, officer: Visitor) -> None:
    successor = make.user("successor")
    project = make.project()
    before = [(user.id, user.version) for user in make.everything(User)]
    officer.send(preview(officer, "officer", successor.id, [project.id]))
    assert [(user.id, user.version) for user in make.everything(User)] == before
