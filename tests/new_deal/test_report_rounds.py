"""The round of a month: whom it asks, whom it reminds, and that two people at once do nothing twice."""

import datetime as dt
import threading

import pytest
from makers import monthly
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from districtops import clock
from districtops.guard import summaries, tenancy
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import Program, Role
from districtops.new_deal.models import Programme
from districtops.new_deal.monthly import actions as reports
from districtops.new_deal.monthly.models import MonthlyReport, MonthStep, Reminder, ReportMonth, RoundVerb, Standing
from districtops.new_deal.monthly.rules import State
from districtops.new_deal.rounds import actions
from districtops.new_deal.rounds.grid import Grid, latest
from districtops.new_deal.rules import ENDED, Stage

DUE = dt.date(2022, 3, 20)


def opened(make, month="2022-02", due_on=DUE, year=2022, by=None):
    make.programme(year)
    with make.inside() as session:
        programme = session.execute(select(Programme).where(Programme.fiscal_year == year)).scalar_one()
        found = actions.open_month(programme, month, due_on, by.id if by else None)
        session.commit()
        return found


def on_month(make, month, act, *arguments):
    with make.inside() as session:
        fresh = session.execute(select(ReportMonth).where(ReportMonth.id == month.id)).scalar_one()
        found = act(fresh, *arguments)
        session.commit()
        return found


def test_a_month_asks_every_running_project_of_its_programme_once(app, make):
    running = {make.project(stage=stage).id for stage in Stage if stage not in ENDED}
    for stage in ENDED:
        make.project(stage=stage)
    make.project(year=2021)
    kim = make.user("kim")
    month = opened(make, by=kim)
    rows = make.everything(MonthlyReport)
    assert {row.project_id for row in rows} == running
    assert {(row.state, row.month_id, row.month, row.requested_by_id) for row in rows} == {
        (State.REQUESTED, month.id, "2022-02", kim.id)
    }
    [step] = make.everything(MonthStep)
    assert (step.verb, step.reports, step.by_id) == (RoundVerb.OPEN, len(running), kim.id)


def test_however_many_projects_there_are_a_month_is_opened_in_one_act(lite_app, make):
    for _ in range(40):
        make.project()
    make.programme()
    statements = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        opened(make)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(make.everything(MonthlyReport)) == 40
    asked = [s for s in statements if s.startswith("SELECT")]
    assert len(asked) < 30, "fewer than projects: none is asked for alone"


@pytest.mark.parametrize(
    ("month", "due_on", "field"),
    [
        ("2022-04", dt.date(2022, 5, 5), "month"),
        ("2021-12", DUE, "month"),
        ("2022-02", dt.date(2022, 3, 14), "due_on"),
        ("2022-03", dt.date(2022, 3, 30), "due_on"),
    ],
)
def test_a_month_that_cannot_be_asked_for_is_refused_beside_its_field(lite_app, make, month, due_on, field):
    make.project()
    with pytest.raises(RuleBroken) as refusal:
        opened(make, month, due_on)
    assert refusal.value.field == field
    assert make.everything(ReportMonth) == make.everything(MonthlyReport) == []


def test_what_was_carried_over_reports_in_the_next_year(lite_app, make):
    make.project(year=2021)
    opened(make, "2022-01", year=2021)
    programme = make.programme(2021)
    with make.inside():
        grid = Grid(programme)
        assert [month.month for month in grid.months] == ["2022-01"]
        assert grid.not_requested == [f"2021-{number:02d}" for number in range(1, 13)]


def test_a_programme_without_running_projects_is_not_asked(lite_app, make):
    make.project(stage=Stage.CANCELLED)
    with pytest.raises(RuleBroken, match="no running project"):
        opened(make)


def test_new_projects_are_asked_later_and_nobody_twice(app, make):
    make.project()
    month = opened(make)
    assert on_month(make, month, actions.request_missing, None) == 0
    later = make.project()
    assert on_month(make, month, actions.request_missing, None) == 1
    assert [row.project_id for row in make.everything(MonthlyReport)][-1] == later.id
    assert [(s.verb, s.reports) for s in make.everything(MonthStep)][1:] == [(RoundVerb.REQUEST_MISSING, 1)]


def to_april(month, by_id):
    actions.change_deadline(month, dt.date(2022, 4, 1), Words(en="flood"), by_id)


@pytest.mark.parametrize("act", [actions.request_missing, actions.remind, to_april])
def test_nobody_is_asked_or_reminded_of_a_locked_month_or_gets_more_time(lite_app, make, act):
    month = monthly.month(make, standing=Standing.LOCKED)
    monthly.report(make, make.project(), month)
    with pytest.raises(RuleBroken, match="locked"):
        on_month(make, month, act, None)


def test_a_deadline_is_changed_for_a_reason_and_what_came_by_then_is_late_no_more(app, make):
    month = monthly.month(make, due_on=dt.date(2022, 3, 10))
    for day in (12, 15, 16):
        row = monthly.report(make, make.project(), month, State.CONFIRMED)
        with make.inside() as session:
            fresh = session.execute(select(MonthlyReport).where(MonthlyReport.id == row.id)).scalar_one()
            fresh.late, fresh.submitted_on = True, dt.date(2022, 3, day)
            session.commit()
    kim = make.user("kim")
    on_month(make, month, actions.change_deadline, dt.date(2022, 3, 15), Words(en="flood"), kim.id)
    assert [row.late for row in make.everything(MonthlyReport)] == [False, False, True]
    [step] = make.everything(MonthStep)
    assert (step.verb, step.due_on, str(step.reason), step.by_id) == (
        *(RoundVerb.DEFER, dt.date(2022, 3, 15), "flood", kim.id),
    )
    assert make.everything(ReportMonth)[0].due_on == dt.date(2022, 3, 15)


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [
        (dt.date(2022, 3, 20), "flood", "due_on"),
        (dt.date(2022, 3, 14), "flood", "due_on"),
        (dt.date(2022, 6, 14), "flood", "due_on"),
        (dt.date(2022, 3, 16), None, "reason"),
    ],
)
def test_a_deadline_that_makes_no_sense_or_has_no_reason_is_refused(lite_app, make, due_on, reason, field):
    month = monthly.month(make, due_on=DUE)
    with pytest.raises(RuleBroken) as refusal:
        on_month(make, month, actions.change_deadline, due_on, Words(en=reason) if reason else None, None)
    assert refusal.value.field == field


def test_whoever_is_missing_is_reminded_once_a_day(app, make):
    month = monthly.month(make)
    roads, parks = make.department("Roads"), make.department("Parks")
    officer, manager = make.user("kim"), make.user("lee", Role.MANAGER)
    for state in State:
        program = {"department_id": roads.id, "officer_id": officer.id}
        monthly.report(make, make.project(program=program), month, state)
    of_parks = monthly.report(make, make.project(program={"department_id": parks.id}), month)
    assert on_month(make, month, actions.remind_division, parks.id, manager.id) == 1
    [first] = make.everything(Reminder)
    assert (first.report_id, first.department_id, first.officer_id) == (of_parks.id, parks.id, None)
    assert (first.by_id, first.on_date) == (manager.id, dt.date(2022, 3, 15))
    assert on_month(make, month, actions.remind, manager.id) == 3, "requested, draft and returned"
    assert on_month(make, month, actions.remind, manager.id) == 0
    found = make.everything(Reminder)
    assert len(found) == 4
    assert {(r.department_id, r.officer_id) for r in found[1:]} == {(roads.id, officer.id)}


def test_the_grid_counts_every_report_once(app, make):
    month, other = monthly.month(make), monthly.month(make, "2022-01")
    roads = make.department("Roads", code="A")
    for state in (State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.SUBMITTED, State.DRAFT):
        monthly.report(make, make.project(program={"department_id": roads.id}), month, state)
    monthly.report(make, make.project(), month)
    monthly.report(make, make.project(), other, State.CONFIRMED)
    gone = make.project()
    monthly.report(make, gone, month)
    with make.inside() as session:
        program = session.execute(select(Program).where(Program.id == gone.program_id)).scalar_one()
        program.deleted_at, program.deletion_reason = clock.now(), Words(en="twice")
        session.commit()
    on_month(make, month, actions.remind_division, roads.id, None)
    programme = make.programme()
    with make.app.test_request_context("/"), make.inside():
        grid = Grid(programme)
        [of_roads, of_nobody] = grid.rows
        cell, total = of_roads.cells[0], grid.totals[0]
        assert of_roads.name == "Roads"
        assert (cell.confirmed, cell.total, cell.missing, cell.submitted) == (3, 5, 1, 1)
        assert cell.reminded_on == dt.date(2022, 3, 15)
        assert of_roads.cells[1] is None
        assert (of_nobody.cells[0].missing, of_nobody.cells[0].reminded_on) == (1, None)
        assert (total.confirmed, total.total, total.missing) == (3, 6, 2)
        last = latest(programme)
        assert (last.month.month, last.total, last.missing) == ("2022-02", 6, 2)


def test_the_grid_follows_a_report_whatever_happens_to_its_project(app, make):
    month, roads, parks = monthly.month(make), make.department("Roads"), make.department("Parks")
    project = make.project(program={"department_id": roads.id})
    report = monthly.report(make, project, month, State.DRAFT)
    programme = make.programme()

    def shown(act=None):
        with make.app.test_request_context("/"), make.inside() as session:
            if act is not None:
                gone = tenancy.with_deleted("restored here")
                statement = select(Program).where(Program.id == project.program_id)
                act(session.execute(statement, execution_options=gone).scalar_one())
                session.commit()
            assert summaries.recompute().right
            rows = {row.name: row.cells[0].by_state for row in Grid(programme).rows}
            assert latest(programme).total == sum(sum(states.values()) for states in rows.values())
            return rows

    def move(program):
        program.department_id = parks.id

    def delete(program):
        program.deleted_at, program.deletion_reason = clock.now(), Words(en="twice")

    def restore(program):
        program.deleted_at = program.deletion_reason = None

    assert shown() == {"Roads": {State.DRAFT: 1}}
    assert shown(move) == {"Parks": {State.DRAFT: 1}}
    assert shown(delete) == {}
    assert shown(restore) == {"Parks": {State.DRAFT: 1}}
    with make.inside() as session:
        fresh = session.execute(select(MonthlyReport).where(MonthlyReport.id == report.id)).scalar_one()
        reports.submit(fresh, None)
        session.commit()
    assert shown() == {"Parks": {State.SUBMITTED: 1}}


# Two people at once -------------------------------------------------------------------------------------------------


def in_a_thread(act):
    """Start an act. (thread, where its refusal or "done" appears)."""
    said = []

    def run():
        try:
            act()
            said.append("done")
        except RuleBroken as refusal:
            said.append(str(refusal.message))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, said


@pytest.fixture
def race(app, make):
    month = monthly.month(make, due_on=dt.date(2022, 3, 1))
    return month, monthly.report(make, make.project(), month, State.DRAFT)


def submitted(make, report, then=lambda: None):
    with make.inside() as session:
        fresh = session.execute(
            select(MonthlyReport).where(MonthlyReport.id == report.id).with_for_update(of=MonthlyReport)
        ).scalar_one()
        reports.submit(fresh, None)
        then()
        session.commit()


def locked(make, month, then=lambda: None):
    with make.inside() as session:
        fresh = session.execute(select(ReportMonth).where(ReportMonth.id == month.id).with_for_update()).scalar_one()
        actions.lock(fresh, None)
        then()
        session.commit()


def test_a_month_is_locked_only_after_whoever_was_submitting_has_finished(race, make):
    month, report = race
    waiting = []

    def lock_meanwhile():
        thread, said = in_a_thread(lambda: locked(make, month))
        thread.join(0.5)
        waiting.append((thread, said, thread.is_alive()))

    submitted(make, report, lock_meanwhile)
    [(thread, said, had_to_wait)] = waiting
    thread.join(15)
    assert had_to_wait
    assert said == ["done"]
    assert make.everything(MonthlyReport)[0].state is State.SUBMITTED
    assert make.everything(ReportMonth)[0].standing is Standing.LOCKED


def test_whoever_submits_while_the_month_is_being_locked_waits_and_is_refused(race, make):
    month, report = race
    waiting = []

    def submit_meanwhile():
        thread, said = in_a_thread(lambda: submitted(make, report))
        thread.join(0.5)
        waiting.append((thread, said, thread.is_alive()))

    locked(make, month, submit_meanwhile)
    [(thread, said, had_to_wait)] = waiting
    thread.join(15)
    assert had_to_wait
    assert "The month is locked" in said[0]
    assert make.everything(MonthlyReport)[0].state is State.DRAFT


def test_of_two_who_decide_at_once_one_decides(app, make):
    report = monthly.report(make, make.project(), monthly.month(make), State.SUBMITTED)

    def confirm():
        with make.inside() as session:
            fresh = session.execute(
                select(MonthlyReport).where(MonthlyReport.id == report.id).with_for_update(of=MonthlyReport)
            ).scalar_one()
            reports.confirm(fresh, None, None)
            session.commit()

    started = [in_a_thread(confirm) for _ in range(4)]
    for thread, _ in started:
        thread.join(20)
    said = [words for _, [words] in started]
    assert said.count("done") == 1
    assert sum("not open for a report that is: Confirmed" in words for words in said) == 3
