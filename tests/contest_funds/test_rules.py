"""Which way an application goes, and the arithmetic of outside money, as pure functions."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districtops.contest_funds import rules
from districtops.contest_funds.rules import SettleUnit, State

PAYERS = ("national", "city", "private", "other", "district")
WON = st.integers(min_value=0, max_value=10**13)


def test_every_state_can_be_reached_and_every_step_leads_somewhere() -> None:
    reached, waiting = {State.DISCOVERED}, [State.DISCOVERED]
    while waiting:
        for name in rules.TRANSITIONS.get(waiting.pop(), ()):
            target = rules.VERBS[name].target
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(State)
    assert {name for names in rules.TRANSITIONS.values() for name in names} == set(rules.VERBS)


def test_a_state_without_a_step_has_ended_and_no_other() -> None:
    assert {state for state in State if state not in rules.TRANSITIONS} == rules.ENDED


@pytest.mark.parametrize("verb", rules.VERBS.values(), ids=lambda verb: verb.name)
def test_a_step_needs_only_what_its_form_asks_for(verb: rules.Verb) -> None:
    assert verb.needs <= verb.asks | {"reason", "doc_no"}


def test_what_was_selected_is_secured_unless_it_was_given_up() -> None:
    assert State.SELECTED in rules.SECURED
    assert State.SETTLED in rules.SECURED
    assert State.GIVEN_UP not in rules.SECURED
    assert State.APPLIED not in rules.SECURED


# Outside money -----------------------------------------------------------------------------------------------------


def test_an_unknown_part_makes_the_outside_money_unknown() -> None:
    assert rules.external({"national": 5, "city": None}) is None
    assert rules.external({"national": 5, "district": None}) == 5, "the district's part is not outside money"


def test_the_remainder_of_a_split_goes_to_the_district() -> None:
    assert rules.split(100, {"national": Decimal("33.3"), "city": Decimal("33.3"), "district": Decimal("33.4")}) == {
        "national": 33,
        "city": 33,
        "district": 34,
    }
    assert rules.split(1, {"national": 50, "city": 50}) == {"national": 0, "city": 0, "district": 1}
    assert rules.split(3_500_000_000, {"national": 50, "city": 50}) == {
        "national": 1_750_000_000,
        "city": 1_750_000_000,
    }


@given(WON, st.lists(st.integers(min_value=0, max_value=1000), min_size=4, max_size=4))
def test_the_parts_of_a_split_always_add_up_and_no_payer_gives_more_than_its_share(
    total: int, tenths: list[int]
) -> None:
    most = sum(tenths) or 1
    shares = [Fraction(part * 100, most) if sum(tenths) else Fraction(0) for part in tenths]
    given_shares = dict(zip(PAYERS[:4], shares, strict=True)) | {"district": 100 - sum(shares)}
    parts = rules.split(total, given_shares)
    assert sum(parts.values()) == total
    assert all(amount >= 0 for amount in parts.values())
    for payer, share in given_shares.items():
        exact = Fraction(share) * total / 100
        if payer != "district":
            assert exact - 1 < parts.get(payer, 0) <= exact
        else:
            assert parts.get(payer, 0) >= exact


@pytest.mark.parametrize(
    ("total", "shares"),
    [(100, {"national": 50}), (100, {"national": 101}), (100, {"national": 110, "district": -10}), (-1, {"city": 100})],
)
def test_shares_that_cannot_be_are_refused(total: int, shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="share"):
        rules.split(total, shares)


def test_the_rate_counts_everything_applied_for_and_is_not_available_without_any() -> None:
    assert rules.selection_rate(95, 139) == Decimal("68.3")
    assert rules.selection_rate(87, 126) == Decimal("69.0")
    assert rules.selection_rate(0, 0) is None


def test_open_applications_are_expected_by_the_rate_of_decided_ones_rounded_once() -> None:
    assert rules.expected(1000, 95, 131) == 725
    assert rules.expected(1, 1, 2) == 1, "half up"
    assert rules.expected(1000, 0, 5) == 0
    assert rules.expected(1000, 0, 0) is None


# Days --------------------------------------------------------------------------------------------------------------


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2090, 1, 1)), st.integers(min_value=0, max_value=60))
def test_a_settlement_is_due_on_the_same_day_of_a_later_month_or_on_its_last(day: dt.date, months: int) -> None:
    due = rules.settlement_due(day, months, SettleUnit.MONTHS)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due + dt.timedelta(days=1)).day == 1


def test_a_settlement_is_never_due_before_the_completion() -> None:
    with pytest.raises(ValueError, match="below zero"):
        rules.settlement_due(dt.date(2022, 1, 1), -1, SettleUnit.DAYS)
    with pytest.raises(OverflowError):
        rules.settlement_due(dt.date(9999, 12, 1), 2, SettleUnit.MONTHS)


@given(st.dates(min_value=dt.date(1990, 1, 8), max_value=dt.date(2099, 12, 31)))
def test_the_weekly_list_tells_of_the_week_before_and_of_this_one(day: dt.date) -> None:
    monday = rules.last_monday(day)
    assert monday.weekday() == 0
    assert 7 <= (day - monday).days <= 13


# Lessons -----------------------------------------------------------------------------------------------------------


def test_the_same_call_of_another_year_is_the_most_alike() -> None:
    assert rules.likeness("2021년 캠퍼스타운 공모", "2022년 캠퍼스타운 공모") == 1
    assert rules.likeness("Safe crossings", "Energy for old houses") < Fraction(1, 5)
    assert rules.likeness("", "x") == 0


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_the_same_both_ways(first: str, second: str) -> None:
    found = rules.likeness(first, second)
    assert 0 <= found <= 1
    assert found == rules.likeness(second, first)
