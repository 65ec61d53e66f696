"""Rounding and percentages: ties, signs, and digits that no context may cut."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districtops.kit.ratio import exact_percent, half_up, percent

fractions = st.fractions(min_value=-(10**20), max_value=10**20, max_denominator=10**6)
places = st.integers(0, 6)


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Decimal("12.45"), 1, "12.5"),
        (Decimal("-0.05"), 1, "-0.1"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("2.4999999999999999999999999999999999999"), 0, "2"),
        (7, 2, "7.00"),
    ],
)
def test_a_tie_rounds_away_from_zero(value: Decimal | Fraction | int, digits: int, rounded: str) -> None:
    assert str(half_up(value, digits)) == rounded


def test_nothing_is_ever_minus_zero() -> None:
    assert str(half_up(Decimal("-0.04"), 1)) == "0.0"
    assert str(half_up(Decimal("-0"))) == "0"


def test_no_digit_is_lost_however_long_the_number() -> None:
    value = 123456789012345678901234567890123456789
    assert half_up(value, 1) == Decimal(f"{value}.0")
    assert str(half_up(Fraction(value * 2 + 1, 2))) == str(value + 1)


def test_the_context_of_the_caller_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(half_up(Decimal("123456.75"), 1)) == "123456.8"


def test_fewer_than_no_places_are_refused() -> None:
    with pytest.raises(ValueError, match="places"):
        half_up(5, -1)


@settings(deadline=None)
@given(fractions, places)
def test_rounding_moves_a_value_by_half_a_step_at_most_and_mirrors_below_zero(value: Fraction, digits: int) -> None:
    rounded = half_up(value, digits)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**digits)
    assert rounded.as_tuple().exponent == -digits
    assert half_up(-value, digits) == -rounded


@settings(deadline=None)
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4), places)
def test_rounding_agrees_with_the_decimal_module_where_its_context_suffices(value: Decimal, digits: int) -> None:
    assert half_up(value, digits) == value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@pytest.mark.parametrize(("part", "whole"), [(5, 0), (0, 0), (None, 5), (5, None), (None, None), (None, 0)])
def test_there_is_no_percentage_without_both_figures_and_a_base(part: int | None, whole: int | None) -> None:
    assert percent(part, whole) is None
    assert exact_percent(part, whole) is None


def test_zero_of_something_is_a_percentage() -> None:
    assert str(percent(0, 5)) == "0.0"


def test_a_percentage_is_rounded_once_from_the_exact_value() -> None:
    assert percent(1, 8, 0) == 13
    assert percent(1, 2000) == Decimal("0.1")
    assert percent(-1, 2000) == Decimal("-0.1")
    assert percent(2, 3, 4) == Decimal("66.6667")


def test_a_sum_that_a_database_gives_as_a_decimal_counts_like_any_other() -> None:
    assert percent(Decimal("10.796"), 12) == Decimal("90.0")


def test_a_threshold_sees_what_the_printed_percentage_hides() -> None:
    exact = exact_percent(Decimal("10.796"), 12)
    assert exact is not None
    assert exact < 90
    assert percent(Decimal("10.796"), 12) == 90
