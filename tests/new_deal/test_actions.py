"""Acts on a project: what each needs, what it refuses, what it leaves behind. On both databases."""

import datetime as dt

import pytest
from sqlalchemy import select

from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words
from districtops.models import FundingKind, FundingLine, LedgerEntry, Milestone, Payer
from districtops.new_deal import actions, rules, stages
from districtops.new_deal.models import Project, StageChange, Status
from districtops.new_deal.record import record_of
from districtops.new_deal.rules import ProjectType, Stage

TODAY = dt.date(2022, 3, 15)  # the day of the test applications
FULL_STEP = stages.Step(
    on_date=TODAY, detail=Words(en="open tender"), amount_won=300, reason=Words(en="flood"), doc_no="MP-1"
)
SETTLING = stages.Step(on_date=TODAY, amount_won=300)
PLAN = {"program": {"starts_on": dt.date(2022, 2, 1), "ends_on": dt.date(2022, 12, 31)}, "purpose": Words(en="light")}


@pytest.fixture
def project(app, make):
    return make.project(money=300, **PLAN)


def moved(make, project, verb, step=FULL_STEP):
    with make.inside() as session:
        fresh = session.execute(select(Project).where(Project.id == project.id)).scalar_one()
        stages.move(fresh, verb, step, None)
        session.commit()
        return fresh.stage


def refused(make, project, verb, step=FULL_STEP):
    with pytest.raises(RuleBroken) as refusal:
        moved(make, project, verb, step)
    [same] = [p for p in make.everything(Project) if p.id == project.id]
    assert same.stage is project.stage
    return refusal.value


@pytest.mark.parametrize("stage", Stage, ids=str)
def test_each_step_from_a_stage_is_taken_or_refused(lite_app, make, stage):
    for verb in rules.VERBS:
        project = make.project(money=300, stage=stage, **PLAN)
        if verb in rules.verbs_from(stage, ProjectType.PURCHASE):
            target = rules.VERBS[verb].target
            back = Stage.DISCOVERED if verb == "reinstate" else Stage.PLANNED
            assert moved(make, project, verb, SETTLING if verb == "settle" else FULL_STEP) is (target or back)
        else:
            refused(make, project, verb)


@pytest.mark.parametrize("before", [Stage.PLANNED, Stage.ON_HOLD])
def test_a_project_that_was_cancelled_by_mistake_stands_where_it_stood(app, make, before):
    project = make.project(money=300, stage=Stage.PLANNED, status=Status.DELAYED, **PLAN)
    given_up = {"given_up_on": dt.date(2022, 3, 1), "given_up_reason": Words(en="not needed")}
    make.milestone(project, "Survey", done_on=dt.date(2022, 3, 1))
    make.milestone(project, "Fair", **given_up)
    make.milestone(project, "Tender")
    if before is Stage.ON_HOLD:
        moved(make, project, "hold")
    moved(make, project, "cancel", stages.Step(on_date=TODAY, reason=Words(en="wrong click"), doc_no="MP-2"))
    [stopped] = make.everything(Project)
    assert (stopped.stage, stopped.status) == (Stage.CANCELLED, None), "it is not delayed any more"
    assert [bool(m.given_up_on) for m in make.everything(Milestone)] == [False, True, True]
    assert moved(make, project, "reinstate") is before
    assert [m.given_up_on for m in make.everything(Milestone)] == [None, dt.date(2022, 3, 1), None]
    if before is Stage.ON_HOLD:
        assert moved(make, project, "resume") is Stage.PLANNED


def test_a_step_lies_neither_long_before_the_project_nor_an_end_before_its_spending(app, make):
    project = make.project(money=300, stage=Stage.PLANNED, **PLAN)
    make.entry(project, 100, dt.date(2022, 3, 10))
    for day, words in ((dt.date(2020, 12, 31), "long before"), (dt.date(2022, 3, 9), "Money was spent on Thu 10 Mar")):
        step = stages.Step(on_date=day, reason=Words(en="flood"), doc_no="MP-1")
        refusal = refused(make, project, "cancel", step)
        assert refusal.field == "on_date"
        assert words in str(refusal.message)


def test_a_step_keeps_who_when_and_why(project, make):
    moved(make, project, "drop")
    [change] = make.everything(StageChange)
    assert (change.from_stage, change.to_stage) == (Stage.DISCOVERED, Stage.DROPPED)
    assert (change.on_date, change.reason.en, change.doc_no) == (TODAY, "flood", "MP-1")


@pytest.mark.parametrize(
    ("verb", "stage", "field"),
    [
        ("order", Stage.BUDGET_SECURED, "detail"),
        ("contract", Stage.ORDERED, "amount_won"),
        ("complete", Stage.INSPECTED, "detail"),
        ("settle", Stage.COMPLETED, "amount_won"),
        ("hold", Stage.PLANNED, "reason"),
        ("cancel", Stage.PLANNED, "doc_no"),
        ("drop", Stage.DISCOVERED, "reason"),
    ],
)
def test_a_step_without_what_it_needs_is_refused_beside_the_field(lite_app, make, verb, stage, field):
    project = make.project(money=300, stage=stage, **PLAN)
    assert refused(make, project, verb, stages.Step(on_date=TODAY)).field == field


def test_a_plan_needs_a_purpose_and_both_dates(app, make):
    bare = make.project()
    refused(make, bare, "plan")


def test_a_budget_that_is_not_stated_cannot_be_secured(app, make):
    project = make.project(stage=Stage.PLANNED, **PLAN)
    refused(make, project, "secure_budget")


def test_a_step_is_not_taken_in_the_future_nor_before_the_last_one(project, make):
    tomorrow = stages.Step(on_date=TODAY + dt.timedelta(days=1))
    assert refused(make, project, "plan", tomorrow).field == "on_date"
    moved(make, project, "plan")
    earlier = stages.Step(on_date=TODAY - dt.timedelta(days=1))
    with pytest.raises(RuleBroken):
        moved(make, project, "secure_budget", earlier)


def test_a_hold_returns_to_the_stage_before_it(app, make):
    project = make.project(stage=Stage.CONTRACTED, money=300, **PLAN)
    assert moved(make, project, "hold") is Stage.ON_HOLD
    assert moved(make, project, "resume") is Stage.CONTRACTED


def test_completing_a_project_makes_it_done_and_keeps_the_result(app, make):
    project = make.project(stage=Stage.INSPECTED, money=300, **PLAN)
    moved(make, project, "complete", stages.Step(on_date=TODAY, detail=Words(en="works"), result=2))
    [done] = make.everything(Project)
    assert (done.status, done.kpi_actual) == (Status.DONE, 2)


@pytest.mark.parametrize(("unspent", "fits"), [(200, True), (199, False), (0, False), (300, False)])
def test_only_what_the_ledger_leaves_can_be_settled_as_unspent(app, make, unspent, fits):
    project = make.project(stage=Stage.COMPLETED, money=300, **PLAN)
    make.entry(project, 100)
    step = stages.Step(on_date=TODAY, amount_won=unspent)
    if fits:
        assert moved(make, project, "settle", step) is Stage.SETTLED
    else:
        assert refused(make, project, "settle", step).field == "amount_won"


def decide(make, project, amount, kind=FundingKind.SUPPLEMENTARY, payer=Payer.DISTRICT, reason="council"):
    with make.inside() as session:
        fresh = session.execute(select(Project).where(Project.id == project.id)).scalar_one()
        line = FundingLine(payer=payer, kind=kind, amount_won=amount, reason=Words(en=reason) if reason else None)
        actions.decide_money(fresh, line)
        session.commit()
        return record_of(fresh).budget


def test_the_budget_is_the_sum_of_its_decisions(project, make):
    assert decide(make, project, 200) == 500
    assert decide(make, project, -100, FundingKind.TRANSFER) == 400
    assert decide(make, project, 50, FundingKind.ORIGINAL, Payer.CITY, reason=None) == 450


@pytest.mark.parametrize(
    ("amount", "kind", "payer", "reason", "field"),
    [
        (0, FundingKind.SUPPLEMENTARY, Payer.DISTRICT, "x", "amount_won"),
        (10, FundingKind.ORIGINAL, Payer.DISTRICT, None, "kind"),
        (-10, FundingKind.ORIGINAL, Payer.CITY, None, "amount_won"),
        (10, FundingKind.SUPPLEMENTARY, Payer.DISTRICT, None, "reason"),
        (-301, FundingKind.SUPPLEMENTARY, Payer.DISTRICT, "x", "amount_won"),
        (-1, FundingKind.TRANSFER, Payer.PRIVATE, "x", "amount_won"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(project, make, amount, kind, payer, reason, field):
    with pytest.raises(RuleBroken) as refusal:
        decide(make, project, amount, kind, payer, reason)
    assert refusal.value.field == field
    assert sum(line.amount_won for line in make.everything(FundingLine)) == 300


def spend(make, project, amount, on=TODAY):
    with make.inside() as session:
        fresh = session.execute(select(Project).where(Project.id == project.id)).scalar_one()
        actions.spend(fresh, LedgerEntry(on_date=on, amount_won=amount))
        session.commit()
        return record_of(fresh)


def test_spending_more_than_the_budget_is_recorded_and_shown(app, make):
    project = make.project(money=300, stage=Stage.IN_EXECUTION)
    record = spend(make, project, 301)
    assert record.over
    assert (record.spent, record.left, str(record.rate)) == (301, -1, "100.3")


def test_money_is_not_spent_before_the_budget_is_secured_nor_after_the_end(lite_app, make):
    for stage in (s for s in Stage if s not in rules.MAY_SPEND):
        project = make.project(money=300, stage=stage)
        with pytest.raises(RuleBroken):
            spend(make, project, 1)
    assert make.everything(LedgerEntry) == []


@pytest.mark.parametrize(
    ("amount", "on", "field"),
    [(0, TODAY, "amount_won"), (-5, TODAY, "amount_won"), (5, TODAY + dt.timedelta(days=1), "on_date")],
)
def test_spending_nothing_less_than_nothing_or_tomorrow_is_refused(app, make, amount, on, field):
    project = make.project(money=300, stage=Stage.IN_EXECUTION)
    with pytest.raises(RuleBroken) as refusal:
        spend(make, project, amount, on)
    assert refusal.value.field == field


def take_back(make, project, entry, reason="typed twice"):
    with make.inside() as session:
        fresh = session.execute(select(Project).where(Project.id == project.id)).scalar_one()
        found = session.execute(select(LedgerEntry).where(LedgerEntry.id == entry.id)).scalar_one()
        actions.reverse(fresh, found, Words(en=reason) if reason else None, None)
        session.commit()
        return record_of(fresh).spent


def test_an_entry_is_reversed_once_by_its_opposite(app, make):
    project = make.project(money=300, stage=Stage.IN_EXECUTION)
    entry = make.entry(project, 100)
    assert take_back(make, project, entry) == 0
    with pytest.raises(RuleBroken):
        take_back(make, project, entry)
    reversal = next(e for e in make.everything(LedgerEntry) if e.reverses_id)
    with pytest.raises(RuleBroken):
        take_back(make, project, reversal)


def test_a_reversal_says_why_and_stays_within_its_project(app, make):
    project, other = (make.project(money=300, stage=Stage.IN_EXECUTION) for _ in range(2))
    entry = make.entry(project, 100)
    with pytest.raises(RuleBroken):
        take_back(make, project, entry, reason=None)
    with pytest.raises(RuleBroken):
        take_back(make, other, entry)
