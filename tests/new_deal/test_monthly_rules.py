"""Which way a monthly report goes, and what a month is."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districtops.new_deal.monthly import rules
from districtops.new_deal.monthly.rules import State, Verb

WAY = {
    ("requested", "save"): "draft",
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("returned", "save"): "returned",
    ("returned", "submit"): "submitted",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "return"): "returned",
    ("confirmed", "reopen"): "returned",
}


@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize("verb", Verb, ids=str)
def test_every_state_answers_every_verb(state, verb):
    found = rules.after(state, verb)
    assert (found.value if found else None) == WAY.get((state.value, verb.value))
    assert (verb in rules.verbs_from(state)) is (found is not None)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 1)))
def test_a_month_ends_the_day_before_the_next_one_begins(day):
    month = rules.month_of(day)
    last = rules.last_day(month)
    assert rules.first_day(month) <= day <= last
    assert rules.month_of(last) == month
    assert rules.month_of(last + dt.timedelta(days=1)) != month
    assert (last + dt.timedelta(days=1)).day == 1


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 1, 1)), st.dates(dt.date(1990, 1, 1), dt.date(2099, 1, 1)))
def test_months_are_ordered_as_they_are_written(one, other):
    assert (rules.month_of(one) < rules.month_of(other)) is (one.replace(day=1) < other.replace(day=1))


@given(st.dates(dt.date(1991, 1, 1), dt.date(2098, 1, 1)))
def test_the_usual_round_can_be_kept(today):
    month, due_on = rules.usual_round(today)
    assert rules.first_day(month) <= today
    assert due_on > today
    assert due_on > rules.last_day(month)


@pytest.mark.parametrize(
    ("today", "submitted", "late"), [(20, None, False), (21, None, True), (25, 20, False), (25, 21, True)]
)
def test_the_day_of_the_deadline_is_still_in_time(today, submitted, late):
    day = dt.date(2022, 3, submitted) if submitted else None
    assert rules.is_late(dt.date(2022, 3, 20), dt.date(2022, 3, today), day) is late


@given(st.none() | st.integers(0, 10**15), st.none() | st.integers(0, 10**15))
def test_a_difference_to_what_is_not_stated_is_not_stated(now, before):
    found = rules.difference(now, before)
    assert found is None if None in (now, before) else before + found == now


def test_percentages_are_compared_in_points():
    assert rules.points(Decimal("41.5"), Decimal(40)) == Decimal("1.5")
    assert rules.points(None, Decimal(40)) is rules.points(Decimal(40), None) is None
