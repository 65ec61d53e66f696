"""The pages of monthly reports: who sees which figures, who does what, and what a refusal keeps."""

import csv
import datetime as dt
import io
import re
import zipfile
from urllib.parse import urlencode

import pytest
from makers import monthly
from pypdf import PdfReader
from test_access import methods, rules

from districtops.guard.passwords import DEMONSTRATION
from districtops.models import Role
from districtops.new_deal.monthly.models import MonthlyReport, Reminder, ReportMonth, ReportStep, Standing
from districtops.new_deal.monthly.rules import State
from districtops.new_deal.rules import Stage

KEYS = [
    *("id", "month", "title", "code", "department", "officer", "state", "progress", "spent_won", "due_on"),
    *("submitted_on", "confirmed_on", "late", "sample"),
]
SECRET_WON, SECRET_PERCENT, SECRET_WORDS = 987_654_321, "37.7", "Unmistakable trouble"
TRACES = re.compile(r"(?<![\d.:])(?:987,654,321|987654321|987\.7|987\.654|37\.7)(?!\d)|Unmistakable")
"""How an amount, a percentage and words of a draft would show on a page or in a file, in whatever unit.

A number counts only when it stands alone: a moment such as 09:15:37.712 holds "37.7" and says nothing.
"""


def exported(visitor, **query):
    answer = visitor.ask(f"{visitor.url('new_deal.reports_csv')}?{urlencode({'header': 'keys', **query})}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def people(make):
    make.user("officer", Role.OFFICER)
    for role in (Role.MANAGER, Role.VIEWER, Role.AUDITOR):
        make.user(role.value, role)
    make.city_reader("city", make.home)


@pytest.fixture
def project(lite_app, make, people):
    return make.project("Lamps", money=1000, stage=Stage.IN_EXECUTION)


# From the request to the confirmation -------------------------------------------------------------------------------


def test_a_report_is_requested_written_returned_and_confirmed(project, make, visit):
    make.entry(project, 300, dt.date(2022, 2, 28))
    make.entry(project, 50, dt.date(2022, 3, 1))
    officer, manager = visit("officer"), visit("manager")
    page = manager.follow(manager.submit("new_deal.open_month", {"month": "2022-02", "due_on": "2022-03-20"}))
    assert "The reports of February 2022 are requested." in page.flashed
    assert "0 of 1 confirmed" in page.text
    [report] = make.everything(MonthlyReport)
    one = {"report_id": report.id}
    form = officer.open("new_deal.draft_report", **one).form()
    assert form.fields["spent_won"] == "300", "the ledger's balance at the end of February"
    assert officer.refused("new_deal.draft_report", {"progress": "200"}, **one).errors
    answer = officer.submit("new_deal.draft_report", {"progress": "40", "spent_won": "320", "issue": "rain"}, **one)
    page = officer.follow(answer)
    assert "The report differs from the ledger" in page.text
    answer = officer.submit("new_deal.report", to="new_deal.submit_report", **one)
    assert answer.status_code == 422
    officer.follow(officer.submit("new_deal.draft_report", {"counter_measure": "tents"}, **one))
    officer.follow(officer.submit("new_deal.report", to="new_deal.submit_report", **one))
    assert manager.refused("new_deal.decide_report", {"verdict": "return"}, **one).errors
    why = {"verdict": "return", "reason": "The ledger says 300"}
    assert "Returned" in manager.follow(manager.submit("new_deal.decide_report", why, **one)).text
    assert "The ledger says 300" in officer.open("new_deal.report", **one).text
    officer.follow(officer.submit("new_deal.draft_report", {"spent_won": "300"}, **one))
    officer.follow(officer.submit("new_deal.report", to="new_deal.submit_report", **one))
    page = manager.open("new_deal.decide_report", **one)
    assert "Not confirmed" in page.text
    page = manager.follow(manager.send(page, {"verdict": "confirm"}))
    assert "The report agrees with the ledger" in page.text
    [row] = exported(manager)
    assert (row["state"], row["progress"], row["spent_won"], row["late"]) == ("confirmed", "40.0", "300", "no")
    assert "40.0%" in visit("viewer").open("new_deal.show", project_id=project.id).text


def test_last_months_report_stands_beside_this_months_for_both_sides(project, make, visit):
    before = monthly.month(make, "2022-01", due_on=dt.date(2022, 2, 5))
    monthly.report(make, project, before, State.CONFIRMED, progress=30, spent=1_000_000)
    report = monthly.report(make, project, monthly.month(make), State.SUBMITTED, progress=42, spent=3_500_000)
    pages = (visit("officer").open("new_deal.report", report_id=report.id),)
    pages += (visit("manager").open("new_deal.decide_report", report_id=report.id),)
    for page in pages:
        rows = page.rows("Figures that are not confirmed")
        assert rows[0] == ["Progress", "42.0%", "30.0%", "+12.0 %p"]
        assert rows[1][1:] == ["3.5", "1", "+2.5"]
        assert "+3.5" in page.text, "against an empty ledger"
        assert "More is reported as spent than the budget holds" in page.text


def test_a_decision_about_what_has_changed_since_is_refused_and_shows_what_stands_now(project, make, visit):
    report = monthly.report(make, project, monthly.month(make), State.SUBMITTED, spent=300)
    manager, officer, second = visit("manager"), visit("officer"), visit("manager")
    one = {"report_id": report.id}
    page = manager.open("new_deal.decide_report", **one)
    second.follow(second.submit("new_deal.decide_report", {"verdict": "return", "reason": "again"}, **one))
    officer.follow(officer.submit("new_deal.draft_report", {"spent_won": "999000000"}, **one))
    officer.follow(officer.submit("new_deal.report", to="new_deal.submit_report", **one))
    answer = manager.send(page, {"verdict": "confirm"})
    assert answer.status_code == 422
    assert "Somebody changed the report" in answer.get_data(as_text=True)
    assert "999" in answer.get_data(as_text=True)
    assert make.everything(MonthlyReport)[0].state is State.SUBMITTED
    manager.follow(manager.submit("new_deal.decide_report", {"verdict": "confirm"}, **one))


def test_who_writes_as_an_officer_cannot_confirm_as_a_manager(project, make, visit):
    make.user("both", Role.OFFICER, Role.MANAGER)
    both = visit("both")
    report = monthly.report(make, project, monthly.month(make), State.DRAFT)
    both.follow(both.submit("new_deal.report", to="new_deal.submit_report", report_id=report.id))
    page = both.refused("new_deal.decide_report", {"verdict": "confirm"}, report_id=report.id)
    assert "Somebody else must confirm it" in page.summary


# Drafts stay where they are -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
@pytest.mark.parametrize("person", ["manager", "viewer", "auditor", "city"])
def test_no_page_and_no_file_shows_readers_what_is_not_confirmed(project, make, visit, state, person):
    monthly.report(make, project, monthly.month(make, "2022-01"), State.CONFIRMED, progress=12, spent=1000)
    month = monthly.month(make)
    report = monthly.report(make, project, month)
    officer = visit("officer")
    secret = {"progress": SECRET_PERCENT, "spent_won": SECRET_WON, "issue": SECRET_WORDS}
    secret["counter_measure"] = f"{SECRET_WORDS}, too"
    officer.follow(officer.submit("new_deal.draft_report", secret, report_id=report.id))
    if state is not State.DRAFT:
        officer.follow(officer.submit("new_deal.report", to="new_deal.submit_report", report_id=report.id))
    if state is State.RETURNED:
        boss = visit("manager")
        boss.follow(
            boss.submit("new_deal.decide_report", {"verdict": "return", "reason": "again"}, report_id=report.id)
        )
    mine = set(TRACES.findall(officer.open("new_deal.report", report_id=report.id).html))
    assert {"987654321", "37.7", "Unmistakable"} <= mine, "the officer sees it"
    reader, opened, shown = visit(person), 0, set()
    numbers = {
        "project_id": project.id,
        "report_id": report.id,
        "month_id": month.id,
        "programme_id": month.programme_id,
    }
    for rule in rules(make.app):
        if "GET" in methods(rule) and rule.endpoint != "static" and set(rule.arguments) <= set(numbers):
            url = reader.url(rule.endpoint, **{name: numbers[name] for name in rule.arguments})
            for query in ("", "?header=keys&month=2022-02", "?sort=-spent_won", "?year=2022"):
                answer = reader.ask(url + query)
                opened += answer.status_code == 200
                if TRACES.search(words_of(answer)):
                    shown.add(rule.endpoint)
    assert opened > 40
    assert shown == ({"new_deal.decide_report"} if person == "manager" and state is State.SUBMITTED else set())
    assert "No row matches the filters" in reader.open("new_deal.reports", q=SECRET_WORDS).text


def words_of(answer):
    """Everything that a page or a file says."""
    if answer.mimetype == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if "sheet" not in (answer.mimetype or ""):
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        return " ".join(file.read(name).decode("utf-8", "ignore") for name in file.namelist())


def test_the_list_and_its_file_hold_figures_of_confirmed_reports_alone(demo_app, visit):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    rows = exported(manager)
    assert list(rows[0]) == KEYS
    assert {row["state"] for row in rows} == {state.value for state in State}
    for row in rows:
        is_confirmed = row["state"] == "confirmed"
        assert bool(row["progress"]) is bool(row["spent_won"]) is bool(row["confirmed_on"]) is is_confirmed, row
        assert row["sample"] == "yes"
    assert "Figures stand here once a manager has confirmed them" in manager.open("new_deal.reports").text


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"month": "2021-11"}, lambda row: row["month"] == "2021-11"),
        ({"year": "2021"}, lambda row: row["month"].startswith("2021")),
        ({"state": "submitted"}, lambda row: row["state"] == "submitted"),
        ({"state": "missing"}, lambda row: row["state"] in ("requested", "draft", "returned")),
        ({"state": "unconfirmed"}, lambda row: row["state"] != "confirmed"),
        ({"department": "0"}, lambda row: not row["department"]),
        ({"officer": "0"}, lambda row: not row["officer"]),
        ({"q": "nd-2021-01"}, lambda row: row["code"] == "ND-2021-01"),
    ],
)
def test_filters_narrow_the_file_to_what_they_say(demo_app, visit, query, matches):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    everything = exported(manager)
    wanted = [row for row in everything if matches(row)]
    assert wanted
    assert sorted(exported(manager, **query), key=lambda row: int(row["id"])) == sorted(
        wanted, key=lambda row: int(row["id"])
    )


@pytest.mark.parametrize("query", ["month=2022-13", "state=lost", "department=x", "year=soon", "sort=issue"])
def test_a_filter_that_does_not_exist_is_refused(demo_app, visit, query):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    manager.look(f"{manager.url('new_deal.reports')}?{query}", status=422)
    assert manager.ask(f"{manager.url('new_deal.reports_csv')}?{query}").status_code == 422


# The grid, reminders, the lock --------------------------------------------------------------------------------------


def test_who_has_not_reported_is_two_clicks_from_the_dashboard(demo_app, visit):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    dashboard = manager.open("new_deal.index", year=2021)
    [grid] = [link for link in dashboard.links if link.startswith("/new-deal/reports/grid")][:1]
    missing = [link for link in manager.look(grid).links if "state=missing" in link and "month=2021-12" in link]
    assert any("state=missing" in link for link in dashboard.links), "or one"
    page = manager.look(missing[-1])
    assert "23 rows" in page.text
    assert len(exported(manager, month="2021-12", state="missing")) == 23


def test_every_number_of_the_grid_opens_so_many_reports(demo_app, visit):
    reader = visit("viewer.yongsan", password=DEMONSTRATION)
    page = reader.open("new_deal.report_grid", year=2021)
    checked = 0
    for link in page.tree.iter("a"):
        href, words = link.get("href") or "", "".join(link.itertext())
        if href.startswith("/new-deal/reports?month="):
            count = int(words.split(" of ")[1].split()[0] if " of " in words else words.split()[0])
            if checked % 5 == 0:
                rows = list(csv.reader(io.StringIO(reader.ask(href.replace("?", ".csv?")).data.decode("utf-8-sig"))))
                assert len(rows) - 1 == count, (href, words)
            checked += 1
    assert checked > 50


def test_a_reminder_is_found_on_the_officers_first_page_and_in_the_grid(project, make, visit):
    roads = make.department("Roads")
    make.user("own", Role.OFFICER, department_id=roads.id)
    make.user("stranger", Role.OFFICER)
    other = make.project("Paths", program={"department_id": roads.id})
    month = monthly.month(make, due_on=dt.date(2022, 4, 20))
    monthly.report(make, other, month)
    own, manager = visit("own"), visit("manager")
    assert "Paths · report of February 2022" not in own.open("dashboard.index").text, "its deadline is far"
    page = manager.open("new_deal.report_grid")
    target = manager.url("new_deal.send_division_reminders", month_id=month.id, department_id=roads.id)
    page = manager.follow(manager.send(page, action=target))
    assert "A reminder of 1 report is recorded." in page.flashed
    assert "reminded on 15 Mar 2022" in page.text
    assert "reminded on 15 Mar 2022" in manager.open("new_deal.report_grid").text
    told = own.open("dashboard.index").text
    assert "Paths · report of February 2022" in told
    assert "Your report, reminded on 15 Mar 2022" in told
    assert "Paths" not in visit("stranger").open("dashboard.index").text
    again = manager.send(manager.open("new_deal.report_month", month_id=month.id), action=target)
    assert "Nobody of this division is left to remind today" in manager.follow(again).flashed
    assert len(make.everything(Reminder)) == 1


def test_a_deadline_is_told_until_everything_has_come(project, make, visit):
    month = monthly.month(make, due_on=dt.date(2022, 3, 14))
    report = monthly.report(make, project, month, State.DRAFT)
    officer = visit("officer")
    assert "Monthly reports of February 2022: 1 not reported yet" in officer.open("dashboard.index").text
    page = officer.open("dashboard.index").text
    assert "Reports not confirmed, February 2022 1 of 1" in page
    officer.follow(officer.submit("new_deal.report", to="new_deal.submit_report", report_id=report.id))
    assert "not reported yet Deadline" not in officer.open("dashboard.index").text
    assert make.everything(MonthlyReport)[0].late
    assert exported(officer)[0]["late"] == "yes"


def test_a_project_that_was_cancelled_owes_no_report_until_it_is_taken_up_again(project, make, visit):
    month = monthly.month(make, due_on=dt.date(2022, 3, 20))
    report = monthly.report(make, project, month)
    officer = visit("officer")
    given = {"on_date": "2022-03-14", "reason": "no place", "doc_no": "D-1"}
    officer.follow(officer.submit("new_deal.step", given, project_id=project.id, verb="cancel"))
    assert exported(officer, month="2022-02") == []
    assert "1 missing" not in officer.open("new_deal.report_grid").text
    page = officer.open("new_deal.report", report_id=report.id)
    assert not [link for link in page.links if link.endswith("/draft")]
    page = officer.refused("new_deal.draft_report", {"progress": "50"}, report_id=report.id)
    assert "nothing more is reported of it" in page.summary
    manager = visit("manager")
    page = manager.follow(manager.submit("new_deal.report_month", to="new_deal.request_missing", month_id=month.id))
    assert "No running project is without a report" in page.flashed
    officer.follow(officer.submit("new_deal.step", given, project_id=project.id, verb="reinstate"))
    assert [row["state"] for row in exported(officer, month="2022-02")] == ["requested"]
    assert "1 missing" in officer.open("new_deal.report_grid").text


def test_a_deadline_is_changed_on_the_page_of_the_month(project, make, visit):
    month = monthly.month(make, due_on=dt.date(2022, 3, 20))
    monthly.report(make, project, month)
    officer = visit("officer")
    manager = visit("manager")
    before = manager.open("new_deal.change_deadline", month_id=month.id)
    page = officer.refused("new_deal.change_deadline", {"due_on": "2022-12-10", "reason": "flood"}, month_id=month.id)
    assert "more than 90 days ahead" in " ".join(page.errors)
    page = officer.follow(
        officer.submit("new_deal.change_deadline", {"due_on": "2022-03-31", "reason": "flood"}, month_id=month.id)
    )
    assert "The new deadline is Thu 31 Mar 2022." in page.flashed
    stale = manager.send(before, {"due_on": "2022-04-04", "reason": "storm"})
    assert stale.status_code == 409
    assert make.everything(ReportMonth)[0].due_on == dt.date(2022, 3, 31)
    assert "Deadline changed · Thu 31 Mar 2022 · flood" in page.text
    assert "still to report by Thu 31 Mar 2022" in page.text


def test_a_locked_month_offers_nothing_refuses_everything_and_is_reopened_by_name(project, make, visit):
    month = monthly.month(make, due_on=dt.date(2022, 3, 1))
    report = monthly.report(make, project, month, State.DRAFT)
    officer, manager = visit("officer"), visit("manager")
    one = {"report_id": report.id}
    opened_before, form_before = officer.open("new_deal.report", **one), officer.open("new_deal.draft_report", **one)
    manager.follow(manager.submit("new_deal.lock_month", month_id=month.id))
    sent = officer.send(opened_before, action=officer.url("new_deal.submit_report", **one))
    assert sent.status_code == 422
    assert "The month is locked" in sent.get_data(as_text=True)
    assert officer.send(form_before, {"progress": "50"}).status_code == 422
    page = officer.open("new_deal.report", **one)
    assert not [link for link in page.links if link.endswith("/draft")]
    why = {"reason": "The director asked for it"}
    page = manager.follow(manager.submit("new_deal.reopen_report", why, **one))
    assert "this report was reopened by name" in page.text
    assert "The director asked for it" in page.text
    officer.follow(officer.submit("new_deal.draft_report", {"progress": "50"}, **one))
    manager.follow(manager.submit("new_deal.reopen_month", why, month_id=month.id))
    assert make.everything(ReportMonth)[0].standing is Standing.OPEN
    assert "The director asked for it" in officer.open("new_deal.report_month", month_id=month.id).text
    manager.refused("new_deal.reopen_month", why, month_id=month.id)


def test_missing_reports_are_requested_with_one_button(project, make, visit):
    month = monthly.month(make)
    manager = visit("manager")
    sent = manager.submit("new_deal.report_month", to="new_deal.request_missing", month_id=month.id)
    assert "1 report more is requested." in manager.follow(sent).flashed
    sent = manager.submit("new_deal.report_month", to="new_deal.request_missing", month_id=month.id)
    assert "No running project is without a report" in manager.follow(sent).flashed


def test_a_month_is_requested_once_for_a_programme(app, make, people, visit):
    make.project()
    officer = visit("officer")
    fields = {"month": "2022-02", "due_on": "2022-03-20"}
    officer.follow(officer.submit("new_deal.open_month", fields))
    page = officer.refused("new_deal.open_month", fields)
    assert "requested already" in " ".join(page.errors)
    assert len(make.everything(ReportMonth)) == 1


def test_a_deleted_project_takes_its_reports_out_of_sight(project, make, visit):
    monthly.report(make, project, monthly.month(make))
    officer = visit("officer")
    assert len(exported(officer)) == 1
    officer.follow(officer.submit("new_deal.deletion", {"reason": "filed twice"}, record_id=project.id))
    assert exported(officer) == []
    assert "0 of 1" not in officer.open("new_deal.report_grid").text
    assert len(make.everything(ReportStep)) == 0


def test_a_project_with_a_confirmed_report_is_not_deleted(project, make, visit):
    monthly.report(make, project, monthly.month(make), State.CONFIRMED)
    page = visit("officer").refused("new_deal.deletion", {"reason": "filed twice"}, record_id=project.id)
    assert "A monthly report of the project is confirmed" in page.summary


def test_who_decides_is_told_what_waits_and_who_wrote_is_told_what_came_back(project, make, visit):
    month = monthly.month(make, due_on=dt.date(2022, 3, 20))
    report = monthly.report(make, project, month, State.SUBMITTED)
    boss = visit("manager")
    assert "Monthly reports of February 2022: 1 wait for your decision" in boss.open("dashboard.index").text
    assert "wait for your decision" not in visit("officer").open("dashboard.index").text
    sent = {"verdict": "return", "reason": "again"}
    boss.follow(boss.submit("new_deal.decide_report", sent, report_id=report.id))
    assert "wait for your decision" not in boss.open("dashboard.index").text
