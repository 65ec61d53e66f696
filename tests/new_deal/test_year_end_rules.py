"""Where spending leads by 31 December, what is left, how far a goal is, how late a step: the rules with examples."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from districtops.kit.execution import achievement as target_achievement
from districtops.kit.execution import execution_rate, unused
from districtops.new_deal.indicators import rules as goals
from districtops.new_deal.indicators.rules import Goal
from districtops.new_deal.milestones import rules as dates
from districtops.new_deal.milestones.rules import Standing
from districtops.new_deal.year_end import rules
from districtops.new_deal.year_end.rules import PARTS, UNDER_SPEND, WHOLE, Outlook

WON = st.integers(0, 10**15)
DAYS_OF_2022 = st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def projection(spent, budget, payments=None, year=2022, today=dt.date(2022, 6, 30)):
    return rules.projection(spent=spent, budget=budget, payments=payments, fiscal_year=year, today=today)


def test_example_j_of_rule_r1_is_projected_in_a_straight_line():
    found = projection(400_000_000, 1_200_000_000)
    assert (found.amount, str(found.rate)) == (806_629_834, "67.2")
    assert rules.outlook(found) is Outlook.UNDER


def test_example_k_of_rule_r1_closes_the_year():
    left = unused(1_000_000_000, spent=870_000_000, carry_next=90_000_000, grant_return=15_000_000)
    assert left == 25_000_000


def test_example_l_of_rule_r1_exceeds_its_target():
    assert str(target_achievement(137_600_000_000, 121_500_000_000)) == "113.3"


def test_contract_payments_take_the_place_of_the_straight_line():
    assert projection(100, 400, payments=250).amount == 350
    assert projection(100, 400, payments=0).amount == 100


@pytest.mark.parametrize("budget", [None, 0, -5])
def test_without_a_budget_above_zero_a_projection_is_not_available(budget):
    assert projection(100, budget) is None
    assert projection(100, budget, payments=5) is None
    assert rules.outlook(None) is None


def test_a_past_year_is_looked_at_on_its_last_day_and_one_to_come_not_at_all():
    assert projection(100, 400, year=2021).amount == 100
    assert projection(100, 400, year=2023) is None
    assert projection(100, 400, payments=10, year=2023).amount == 110
    assert rules.as_of(2021, dt.date(2022, 1, 25)) == dt.date(2021, 12, 31)
    assert rules.as_of(2022, dt.date(2022, 1, 25)) == dt.date(2022, 1, 25)
    assert rules.as_of(2023, dt.date(2022, 1, 25)) is None


@pytest.mark.parametrize(("spent", "outlook"), [(899, Outlook.UNDER), (900, None), (1000, None), (1001, Outlook.OVER)])
def test_the_threshold_itself_is_not_below_and_the_whole_budget_not_above(spent, outlook):
    assert rules.outlook(projection(spent, 1000, year=2021)) is outlook


@given(WON, st.integers(1, 10**15), DAYS_OF_2022)
def test_a_straight_line_never_projects_less_than_is_spent(spent, budget, today):
    assert projection(spent, budget, today=today).exact >= spent


@given(st.integers(0, 10**6), st.integers(1, 10**6), DAYS_OF_2022, st.sampled_from([UNDER_SPEND, WHOLE]))
def test_what_a_list_finds_by_shares_is_what_the_projection_says(spent, budget, today, percent):
    found = projection(spent, budget, today=today)
    kept, limit = rules.share(spent, budget), rules.straight_limit(percent, today)
    if percent == UNDER_SPEND:
        assert (kept < limit) == found.is_below(percent)
    else:
        assert (kept > limit) == (found.exact > budget)


@given(WON, WON, st.integers(1, 10**15))
def test_shares_stand_in_the_order_of_the_rates(one, other, budget):
    assume(one <= other)
    assert rules.share(one, budget) <= rules.share(other, budget)
    assert rules.share(budget, budget) == PARTS
    assert rules.share(one, 0) is None


@given(st.integers(1, 10**15), WON, WON, WON)
def test_the_year_always_closes(budget, spent, carried, returned):
    left = unused(budget, spent=spent, carry_next=carried, grant_return=returned)
    assert budget == spent + carried + returned + left


def test_a_portfolios_rate_is_sum_over_sum_and_no_average_of_rates():
    parts = [(90, 100), (100, 1000)]
    rates = [execution_rate(spent, budget) for spent, budget in parts]
    assert sum(rates) / 2 == Decimal("50.0")
    assert execution_rate(sum(s for s, _ in parts), sum(b for _, b in parts)) == Decimal("17.3")


def test_a_target_of_early_execution_is_an_amount_or_a_part_of_the_budget():
    assert rules.early_target(1000, rate=Decimal("60.5"), won=None) == 605
    assert rules.early_target(3, rate=Decimal(50), won=None) == 2, "half up"
    assert rules.early_target(None, rate=None, won=700) == 700
    assert rules.early_target(None, rate=Decimal(50), won=None) is None
    assert rules.early_target(1000, rate=None, won=None) is None


# Goals ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "target", "actual", "percent", "goal"),
    [
        (1, 2, 1, "0.0", Goal.ON_THE_WAY),
        (1, 2, 2, "100.0", Goal.REACHED),
        (0, 12, 9, "75.0", Goal.ON_THE_WAY),
        (21, 14, 14, "100.0", Goal.REACHED),
        (21, 14, 18, "42.9", Goal.ON_THE_WAY),
        (21, 14, 22, "-14.3", Goal.ON_THE_WAY),
        (0, 120, 123, "102.5", Goal.REACHED),
    ],
)
def test_a_goal_is_measured_on_the_way_from_its_base_whichever_way_it_lies(base, target, actual, percent, goal):
    values = tuple(map(Decimal, (base, target, actual)))
    assert str(goals.achievement(*values)) == percent
    assert goals.goal(*values) is goal


def test_a_goal_that_equals_its_base_or_lacks_a_value_has_no_way():
    one = Decimal(1)
    assert goals.achievement(one, one, one) is None
    assert goals.goal(one, one, one) is None
    assert goals.achievement(None, one, one) is goals.achievement(one, None, one) is None
    assert goals.achievement(one, Decimal(2), None) is None
    assert goals.goal(one, Decimal(2), None) is Goal.NOT_MEASURED
    assert goals.goal(None, one, one) is None


@given(*[st.integers(-(10**6), 10**6).map(Decimal)] * 3)
def test_a_goal_is_reached_exactly_from_a_hundred_percent_on(base, target, actual):
    assume(base != target)
    exact = (actual - base) / (target - base)
    assert (goals.goal(base, target, actual) is Goal.REACHED) == (exact >= 1)
    assert goals.achievement(base, target, actual) == goals.achievement(-base, -target, -actual)


def test_readings_are_drawn_between_the_lowest_and_the_highest_value():
    days = [dt.date(2022, 1, 1), dt.date(2022, 7, 2), dt.date(2022, 12, 31)]
    chart = goals.chart_of(list(zip(days, map(Decimal, (0, 5, 10)), strict=True)), base=Decimal(0), target=Decimal(10))
    assert chart.points == [("8.0", "88.0"), ("160.0", "48.0"), ("312.0", "8.0")]
    assert (chart.base, chart.target) == ("88.0", "8.0")
    assert chart.line == "8.0,88.0 160.0,48.0 312.0,8.0"
    assert goals.chart_of([(days[0], Decimal(1))], base=None, target=None) is None
    flat = goals.chart_of([(days[0], Decimal(1)), (days[1], Decimal(1))], base=None, target=None)
    assert flat.points[0][1] == "48.0"


# Milestones ----------------------------------------------------------------------------------------------------------

PLANNED = dt.date(2022, 3, 1)


@pytest.mark.parametrize(
    ("due", "done", "given_up", "today", "days", "standing"),
    [
        (PLANNED, None, None, dt.date(2022, 2, 1), 0, Standing.OPEN),
        (PLANNED, None, None, PLANNED, 0, Standing.OPEN),
        (PLANNED, None, None, dt.date(2022, 3, 2), 1, Standing.OVERDUE),
        (dt.date(2022, 3, 31), None, None, dt.date(2022, 3, 15), 30, Standing.OPEN),
        (dt.date(2022, 3, 31), None, None, dt.date(2022, 4, 2), 32, Standing.OVERDUE),
        (dt.date(2022, 3, 31), dt.date(2022, 3, 5), None, dt.date(2022, 4, 2), 4, Standing.DONE),
        (PLANNED, dt.date(2022, 2, 27), None, dt.date(2022, 4, 2), -2, Standing.DONE),
        (dt.date(2022, 2, 20), None, None, dt.date(2022, 2, 1), -9, Standing.OPEN),
        (dt.date(2022, 3, 31), None, dt.date(2022, 3, 5), dt.date(2022, 4, 2), 30, Standing.GIVEN_UP),
        (PLANNED, None, dt.date(2022, 3, 5), dt.date(2022, 4, 2), 4, Standing.GIVEN_UP),
    ],
)
def test_a_slip_runs_from_the_first_plan_to_what_became_of_it(due, done, given_up, today, days, standing):
    assert dates.slip(PLANNED, due, done, given_up, today) == days
    assert dates.standing(due, done, given_up, today) is standing


def test_without_a_first_plan_no_slip_is_known():
    assert dates.slip(None, PLANNED, None, None, PLANNED) is None


@given(st.dates(), st.dates(), st.none() | st.dates(), st.dates())
def test_a_slip_is_never_less_than_a_change_of_the_plan_while_open(planned, due, done, today):
    days = dates.slip(planned, due, done, None, today)
    if done is None:
        assert days >= (due - planned).days
    else:
        assert days == (done - planned).days
