"""Rule R1: how much of the money has been spent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districtops.kit.execution import (
    achievement,
    current_budget,
    exact_rate,
    execution_rate,
    over_budget,
    projected,
    unused,
)

amounts = st.integers(0, 10**14)
budgets = st.integers(1, 10**14)


def test_the_current_budget_adds_every_part_with_its_sign() -> None:
    assert (
        current_budget(800_000_000, supplementary=150_000_000, changes=-30_000_000, carried_in=50_000_000, reserve=5)
        == 970_000_005
    )


def test_an_original_budget_that_is_not_stated_leaves_the_current_one_open() -> None:
    assert current_budget(None, supplementary=150_000_000) is None


def test_a_budget_may_consist_of_a_supplementary_one_alone() -> None:
    assert current_budget(0, supplementary=150_000_000) == 150_000_000


@pytest.mark.parametrize(("spent", "budget"), [(0, 0), (5, 0), (5, None), (None, 5), (None, None), (5, -10)])
def test_without_a_budget_or_spending_there_is_no_rate(spent: int | None, budget: int | None) -> None:
    assert execution_rate(spent, budget) is None
    assert exact_rate(spent, budget) is None


def test_nothing_spent_is_a_rate_of_zero() -> None:
    assert str(execution_rate(0, 5)) == "0.0"


def test_more_came_back_than_went_out() -> None:
    assert execution_rate(-1, 2000) == Decimal("-0.1")


def test_a_rate_may_exceed_a_hundred_and_raises_the_alert_by_a_single_won() -> None:
    assert execution_rate(100_500_000, 100_000_000) == Decimal("100.5")
    assert over_budget(100_000_001, 100_000_000)
    assert execution_rate(100_000_001, 100_000_000) == 100
    assert not over_budget(100_000_000, 100_000_000)


def test_spending_without_any_budget_is_over_budget() -> None:
    assert over_budget(1, 0)
    assert not over_budget(0, 0)


def test_what_is_not_stated_raises_no_alert() -> None:
    assert not over_budget(None, 0)
    assert not over_budget(1, None)


def test_a_rate_just_below_a_threshold_prints_as_the_threshold_and_is_below_it() -> None:
    rate = exact_rate(89_960, 100_000)
    assert rate is not None
    assert rate < 90
    assert execution_rate(89_960, 100_000) == 90


def test_on_the_first_of_january_a_day_stands_for_the_whole_year() -> None:
    forecast = projected(1_000, 365_000, date(2022, 1, 1))
    assert forecast is not None
    assert (forecast.amount, forecast.rate) == (365_000, Decimal(100))


@pytest.mark.parametrize("year", [1900, 2000, 2022, 2024])
def test_on_the_last_of_december_the_forecast_is_what_was_spent(year: int) -> None:
    forecast = projected(123_456_789, 200_000_000, date(year, 12, 31))
    assert forecast is not None
    assert forecast.amount == 123_456_789


def test_a_leap_year_has_a_day_more() -> None:
    leap, common = projected(60, None, date(2024, 2, 29)), projected(60, None, date(2022, 3, 1))
    assert leap is not None
    assert common is not None
    assert (leap.amount, common.amount) == (366, 365)


def test_a_forecast_rounds_a_half_won_up_and_mirrors_below_zero() -> None:
    # Day 2 of 365: 182.5 times what was spent.
    up, down = projected(1, None, date(2022, 1, 2)), projected(-1, None, date(2022, 1, 2))
    assert up is not None
    assert down is not None
    assert (up.amount, down.amount) == (183, -183)


@pytest.mark.parametrize("budget", [None, 0, -1])
def test_a_forecast_without_a_budget_is_an_amount_without_a_rate(budget: int | None) -> None:
    forecast = projected(1_000, budget, date(2022, 1, 1))
    assert forecast is not None
    assert forecast.amount == 365_000
    assert forecast.rate is None
    assert not forecast.is_below(90)


def test_spending_that_is_not_stated_has_no_forecast() -> None:
    assert projected(None, 1_000, date(2022, 6, 30)) is None


def test_the_under_spend_list_compares_the_unrounded_rate() -> None:
    forecast = projected(89_960, 100_000, date(2022, 12, 31))
    assert forecast is not None
    assert forecast.rate == 90
    assert forecast.is_below(90)
    assert not forecast.is_below(Decimal("89.96"))


@settings(deadline=None)
@given(amounts, budgets, st.dates())
def test_a_forecast_is_never_less_than_what_was_spent(spent: int, budget: int, as_of: date) -> None:
    forecast = projected(spent, budget, as_of)
    rate = execution_rate(spent, budget)
    assert forecast is not None
    assert rate is not None
    assert forecast.rate is not None
    assert forecast.amount >= spent
    assert forecast.rate >= rate


def test_figures_that_contradict_each_other_leave_less_than_nothing_unused() -> None:
    assert unused(100, spent=90, carry_next=20, grant_return=0) == -10


@settings(deadline=None)
@given(amounts, amounts, amounts, amounts)
def test_the_year_closes_to_the_won(budget: int, spent: int, carry_next: int, grant_return: int) -> None:
    rest = unused(budget, spent=spent, carry_next=carry_next, grant_return=grant_return)
    assert spent + carry_next + grant_return + rest == budget


def test_an_achievement_may_exceed_a_hundred_and_needs_a_target() -> None:
    assert achievement(3, 2) == 150
    assert achievement(3, 0) is None
    assert achievement(3, None) is None
    assert achievement(None, 3) is None
    assert str(achievement(0, 3)) == "0.0"
