"""Acts on monthly reports: what each state allows, four eyes, the lock, and what is left behind. On both databases."""

import datetime as dt
from decimal import Decimal

import pytest
from makers import monthly
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import ChangeRecord, Role
from districtops.new_deal import actions as new_deal
from districtops.new_deal.models import Project
from districtops.new_deal.monthly import actions, rules
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth, ReportStep, Standing
from districtops.new_deal.monthly.rules import State, Verb, Written
from districtops.new_deal.rounds import actions as rounds

TODAY = dt.date(2022, 3, 15)  # the day of the test applications
WRITTEN = Written(progress=Decimal("41.5"), spent_won=500, next_step=Words(en="tender"))
WHY = Words(en="the amount is last month's")


def act_on(report, verb, by_id=None):
    return {
        Verb.SAVE: lambda: actions.save(report, WRITTEN, by_id),
        Verb.SUBMIT: lambda: actions.submit(report, by_id),
        Verb.CONFIRM: lambda: actions.confirm(report, None, by_id),
        Verb.RETURN: lambda: actions.send_back(report, WHY, by_id),
        Verb.REOPEN: lambda: actions.reopen(report, WHY, by_id),
    }[verb]()


def done(make, report, verb, by=None):
    """Do it as somebody. The report afterwards."""
    with make.inside(user=by) as session:
        fresh = session.execute(select(MonthlyReport).where(MonthlyReport.id == report.id)).scalar_one()
        act_on(fresh, verb, by.id if by else None)
        session.commit()
        return fresh


def refused(make, report, verb, by=None):
    """Why it is refused; nothing is changed."""
    steps = len(make.everything(ReportStep))
    with pytest.raises(RuleBroken) as refusal:
        done(make, report, verb, by)
    assert len(make.everything(ReportStep)) == steps
    return str(refusal.value.message)


def month_act(make, month, act, *arguments):
    with make.inside() as session:
        fresh = session.execute(select(ReportMonth).where(ReportMonth.id == month.id)).scalar_one()
        act(fresh, *arguments)
        session.commit()


@pytest.fixture
def project(app, make):
    return make.project(money=1000)


@pytest.mark.parametrize("state", State, ids=str)
def test_each_act_is_done_or_refused_as_the_state_says(lite_app, make, state):
    month = monthly.month(make)
    for verb in Verb:
        project = make.project()
        report = monthly.report(make, project, month, state)
        target = rules.after(state, verb)
        if target is None:
            refused(make, report, verb)
        else:
            assert done(make, report, verb).state is target


def test_each_step_keeps_who_when_and_why(project, make):
    writer, manager = make.user("kim", Role.OFFICER), make.user("lee", Role.MANAGER)
    report = monthly.report(make, project, monthly.month(make))
    for verb, by in (
        *((Verb.SAVE, writer), (Verb.SUBMIT, writer), (Verb.RETURN, manager)),
        *((Verb.SAVE, writer), (Verb.SUBMIT, writer), (Verb.CONFIRM, manager), (Verb.REOPEN, manager)),
    ):
        done(make, report, verb, by)
    steps = make.everything(ReportStep)
    assert [(s.verb.value, s.to_state.value, s.by_id) for s in steps] == [
        ("save", "draft", writer.id),
        ("submit", "submitted", writer.id),
        ("return", "returned", manager.id),
        ("save", "returned", writer.id),
        ("submit", "submitted", writer.id),
        ("confirm", "confirmed", manager.id),
        ("reopen", "returned", manager.id),
    ]
    assert [s.reason for s in steps if s.reason] == [WHY, WHY]
    assert all(s.at is not None for s in steps)


def test_a_confirmed_report_holds_what_its_draft_says_and_a_reopened_one_nothing(project, make):
    report = monthly.report(make, project, monthly.month(make))
    done(make, report, Verb.SAVE)
    [row] = make.everything(MonthlyReport)
    assert (row.progress, row.spent_won, row.next_step) == (None, None, None)
    done(make, report, Verb.SUBMIT)
    row = done(make, report, Verb.CONFIRM)
    assert (row.progress, row.spent_won, row.next_step) == (Decimal("41.5"), 500, Words(en="tender"))
    assert (row.submitted_on, row.confirmed_on) == (TODAY, TODAY)
    row = done(make, report, Verb.REOPEN)
    assert (row.progress, row.spent_won, row.next_step, row.confirmed_on) == (None, None, None, None)
    assert len(make.everything(ReportDraft)) == 1, "what was written is there to be corrected"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"progress": None}, "Enter the progress"),
        ({"spent": None}, "Enter the money spent"),
        ({"issue": "flood"}, "Say what is done about it"),
    ],
)
def test_a_report_with_gaps_is_not_submitted(lite_app, make, columns, words):
    report = monthly.report(make, make.project(), monthly.month(make), State.DRAFT, **columns)
    assert words in refused(make, report, Verb.SUBMIT)


def test_a_report_in_which_nothing_is_written_is_not_submitted(lite_app, make):
    report = monthly.report(make, make.project(), monthly.month(make), State.RETURNED)
    with make.inside() as session:
        for draft in session.execute(select(ReportDraft)).scalars():
            session.delete(draft)
        session.commit()
    assert "Nothing is written" in refused(make, report, Verb.SUBMIT)


@pytest.mark.parametrize(("progress", "spent", "field"), [("100.1", 5, "progress"), ("-1", 5, "progress")])
def test_a_figure_that_cannot_be_is_refused_beside_its_field(lite_app, make, progress, spent, field):
    report = monthly.report(make, make.project(), monthly.month(make))
    with make.inside() as session, pytest.raises(RuleBroken) as refusal:
        fresh = session.execute(select(MonthlyReport)).scalar_one()
        assert fresh.id == report.id
        actions.save(fresh, Written(progress=Decimal(progress), spent_won=spent), None)
    assert refusal.value.field == field


# Four eyes ----------------------------------------------------------------------------------------------------------


def test_whoever_submitted_a_report_does_not_confirm_it(project, make):
    both = make.user("both", Role.OFFICER, Role.MANAGER)
    report = monthly.report(make, project, monthly.month(make), State.DRAFT)
    done(make, report, Verb.SUBMIT, both)
    assert "Somebody else must confirm it" in refused(make, report, Verb.CONFIRM, both)
    assert done(make, report, Verb.CONFIRM, make.user("lee", Role.MANAGER)).state is State.CONFIRMED


def test_whoever_wrote_a_report_does_not_confirm_it_even_when_another_one_submits(project, make):
    both, officer = make.user("both", Role.OFFICER, Role.MANAGER), make.user("kim", Role.OFFICER)
    report = monthly.report(make, project, monthly.month(make))
    done(make, report, Verb.SAVE, both)
    done(make, report, Verb.SAVE, officer)
    done(make, report, Verb.SUBMIT, officer)
    assert "Somebody else must confirm it" in refused(make, report, Verb.CONFIRM, both)


def test_a_writer_may_still_return_what_they_see_to_be_wrong(lite_app, make):
    both = make.user("both", Role.OFFICER, Role.MANAGER)
    report = monthly.report(make, make.project(), monthly.month(make), State.SUBMITTED, writer=both)
    assert done(make, report, Verb.RETURN, both).state is State.RETURNED


# The deadline and the lock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("due", "late"), [(dt.date(2022, 3, 15), False), (dt.date(2022, 3, 14), True)])
def test_a_report_after_the_deadline_is_taken_and_marked_late(lite_app, make, due, late):
    report = monthly.report(make, make.project(), monthly.month(make, due_on=due), State.DRAFT)
    assert done(make, report, Verb.SUBMIT).late is late


def test_a_report_that_came_in_time_is_not_late_because_it_was_returned(lite_app, make):
    month = monthly.month(make, due_on=dt.date(2022, 3, 1))
    report = monthly.report(make, make.project(), month, State.RETURNED)
    assert done(make, report, Verb.SUBMIT).late is False


def test_a_month_is_locked_after_its_deadline_once(project, make):
    early, past = monthly.month(make), monthly.month(make, "2022-01", due_on=dt.date(2022, 3, 14))
    with pytest.raises(RuleBroken, match="once its deadline has passed"):
        month_act(make, early, rounds.lock, None)
    month_act(make, past, rounds.lock, None)
    with pytest.raises(RuleBroken, match="locked"):
        month_act(make, past, rounds.lock, None)
    locked = make.everything(ReportMonth, id=past.id)[0]
    assert (locked.standing, locked.locks) == (Standing.LOCKED, 1)


@pytest.mark.parametrize("state", State, ids=str)
def test_no_act_is_done_to_a_report_of_a_locked_month(app, make, state):
    month = monthly.month(make, standing=Standing.LOCKED)
    report = monthly.report(make, make.project(), month, state)
    for verb in set(Verb) - {Verb.REOPEN}:
        assert "The month is locked" in refused(make, report, verb)


def test_one_report_is_reopened_by_name_and_closes_when_it_is_confirmed(project, make):
    month = monthly.month(make, standing=Standing.LOCKED)
    report, other = (monthly.report(make, p, month, State.DRAFT) for p in (project, make.project()))
    manager = make.user("lee", Role.MANAGER)
    assert done(make, report, Verb.REOPEN, manager).state is State.DRAFT
    assert "The month is locked" in refused(make, other, Verb.SAVE)
    assert "nothing to reopen" in refused(make, report, Verb.REOPEN, manager)
    for verb in (Verb.SAVE, Verb.SUBMIT, Verb.CONFIRM):
        done(make, report, verb)
    assert "The month is locked" in refused(make, report, Verb.SAVE)
    [step] = [s for s in make.everything(ReportStep) if s.verb is Verb.REOPEN]
    assert (step.by_id, step.reason, step.report_id) == (manager.id, WHY, report.id)


def test_a_report_that_was_opened_for_one_lock_is_closed_by_the_next(lite_app, make):
    month = monthly.month(make, standing=Standing.LOCKED, due_on=dt.date(2022, 3, 1))
    report = monthly.report(make, make.project(), month, State.DRAFT)
    done(make, report, Verb.REOPEN)
    month_act(make, month, rounds.reopen, WHY, None)
    month_act(make, month, rounds.lock, None)
    assert "The month is locked" in refused(make, report, Verb.SAVE)


def test_reopening_needs_a_reason_and_something_closed(lite_app, make):
    report = monthly.report(make, make.project(), monthly.month(make), State.CONFIRMED)
    with make.inside() as session, pytest.raises(RuleBroken, match="Say why"):
        actions.reopen(session.execute(select(MonthlyReport)).scalar_one(), None, None)
    assert done(make, report, Verb.REOPEN).state is State.RETURNED
    assert "nothing to reopen" in refused(make, report, Verb.REOPEN)


def test_a_month_is_reopened_with_a_reason_and_its_reports_change_again(lite_app, make):
    month = monthly.month(make, standing=Standing.LOCKED)
    report = monthly.report(make, make.project(), month, State.DRAFT)
    with pytest.raises(RuleBroken, match="Say why"):
        month_act(make, month, rounds.reopen, None, None)
    month_act(make, month, rounds.reopen, WHY, None)
    with pytest.raises(RuleBroken, match="nothing to reopen"):
        month_act(make, month, rounds.reopen, WHY, None)
    assert done(make, report, Verb.SAVE).state is State.DRAFT


# What stays ---------------------------------------------------------------------------------------------------------


def test_the_database_itself_keeps_figures_out_of_reports_that_are_not_confirmed(project, make):
    report = monthly.report(make, project, monthly.month(make), State.SUBMITTED)
    for name, value in (("progress", Decimal(5)), ("spent_won", 5), ("issue", Words(en="flood"))):
        with make.inside() as session:
            fresh = session.execute(select(MonthlyReport).where(MonthlyReport.id == report.id)).scalar_one()
            setattr(fresh, name, value)
            with pytest.raises(IntegrityError):
                session.commit()


def test_the_record_of_changes_keeps_that_a_draft_changed_and_not_to_what(lite_app, make):
    report = monthly.report(make, make.project(), monthly.month(make))
    done(make, report, Verb.SAVE)
    kept = [r.changes for r in make.everything(ChangeRecord, table_name="new_deal_report_draft")]
    assert kept == [{"progress": [None, None], "spent_won": [None, None], "next_step": [None, None]}]


@pytest.mark.parametrize(
    ("state", "standing", "kept"),
    [
        (State.CONFIRMED, Standing.OPEN, True),
        (State.REQUESTED, Standing.LOCKED, True),
        (State.SUBMITTED, Standing.OPEN, False),
    ],
)
def test_a_project_whose_report_was_told_to_others_is_not_deleted(lite_app, make, state, standing, kept):
    project = make.project()
    monthly.report(make, project, monthly.month(make, standing=standing), state)
    with make.inside() as session:
        fresh = session.execute(select(Project).where(Project.id == project.id)).scalar_one()
        if kept:
            with pytest.raises(RuleBroken, match="monthly report"):
                new_deal.refuse_deletion(fresh)
        else:
            new_deal.refuse_deletion(fresh)
