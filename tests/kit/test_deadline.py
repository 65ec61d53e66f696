"""Rule R11: what is due, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districtops.kit.deadline import DueState, days_left, due_state

TODAY = date(2022, 1, 27)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-10_000, DueState.OVERDUE),
        (-1, DueState.OVERDUE),
        (0, DueState.DUE_TODAY),
        (1, DueState.SOON),
        (14, DueState.SOON),
        (15, DueState.LATER),
        (10_000, DueState.LATER),
    ],
)
def test_every_boundary_falls_on_its_own_side(days: int, state: DueState) -> None:
    deadline = TODAY + timedelta(days)
    assert days_left(deadline, TODAY) == days
    assert due_state(deadline, TODAY, done=False) is state
    assert due_state(deadline, TODAY, done=True) is DueState.DONE


def test_days_are_counted_across_a_leap_day_and_a_year_end() -> None:
    assert days_left(date(2024, 3, 1), date(2024, 2, 28)) == 2
    assert days_left(date(2022, 3, 1), date(2022, 2, 28)) == 1
    assert days_left(date(2023, 1, 1), date(2022, 12, 31)) == 1


def test_a_moment_is_not_a_date() -> None:
    moment = datetime(2022, 1, 27, 15, tzinfo=UTC)
    with pytest.raises(TypeError):
        days_left(moment, TODAY)
    with pytest.raises(TypeError):
        days_left(TODAY, moment)
    with pytest.raises(TypeError):
        due_state(moment, moment, done=True)


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_only_a_past_deadline_is_overdue_and_nothing_done_ever_is(deadline: date, today: date) -> None:
    assert (due_state(deadline, today, done=False) is DueState.OVERDUE) == (deadline < today)
    assert due_state(deadline, today, done=True) is DueState.DONE
