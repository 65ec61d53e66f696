"""Rule R2: year on year."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districtops.kit.change import Change, ChangeKind, band, compare, points
from districtops.kit.ratio import exact_percent, half_up

amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("current", "previous", "kind"),
    [
        (139, 126, ChangeKind.UP),
        (65, 83, ChangeKind.DOWN),
        (5, 5, ChangeKind.SAME),
        (0, 0, ChangeKind.SAME),
        (5, 0, ChangeKind.NEW),
        (0, 5, ChangeKind.DOWN),
        (-3, -5, ChangeKind.UP),
        (7, None, ChangeKind.NO_DATA),
        (None, 7, ChangeKind.NO_DATA),
        (None, 0, ChangeKind.NO_DATA),
        (None, None, ChangeKind.NO_DATA),
    ],
)
def test_a_change_is_named_for_what_happened(current: int | None, previous: int | None, kind: ChangeKind) -> None:
    assert compare(current, previous).kind is kind


def test_a_missing_year_is_not_a_year_with_nothing() -> None:
    assert compare(7, None).difference is None
    assert compare(7, 0).difference == 7
    assert compare(None, 7).difference is None
    assert compare(0, 7).difference == -7


def test_a_fall_to_nothing_is_a_hundred_percent() -> None:
    assert str(compare(0, 7).percent()) == "-100.0"


def test_the_same_figure_twice_is_a_change_of_zero_percent() -> None:
    assert str(compare(7, 7).percent()) == "0.0"


def test_a_base_of_zero_or_less_gives_no_percentage() -> None:
    assert compare(5, 0).percent() is None
    assert compare(0, 0).percent() is None
    assert compare(50, -100).percent() is None
    assert compare(50, -100).difference == 150


def test_a_negative_tie_rounds_away_from_zero() -> None:
    assert compare(7, 8).percent(0) == -13


def test_a_change_can_be_compared_and_kept_in_a_set() -> None:
    assert {Change(1, 2), compare(1, 2)} == {Change(1, 2)}


@settings(deadline=None)
@given(amounts, st.integers(1, 10**15), st.integers(0, 4))
def test_the_sign_of_the_percentage_never_contradicts_the_kind(current: int, previous: int, places: int) -> None:
    change = compare(current, previous)
    percent = change.percent(places)
    assert percent is not None
    assert {ChangeKind.UP: percent >= 0, ChangeKind.DOWN: percent <= 0, ChangeKind.SAME: percent == 0}[change.kind]


def test_rates_are_compared_in_points() -> None:
    assert points(Decimal("68.3"), Decimal("69.0")) == Decimal("-0.7")
    assert points(exact_percent(95, 139), exact_percent(87, 126)) == Decimal("-0.7")
    assert str(points(Decimal("68.3"), Decimal("68.3"))) == "0.0"


def test_points_of_an_unknown_rate_are_unknown() -> None:
    assert points(None, Decimal(1)) is None
    assert points(Decimal(1), None) is None


def test_a_rate_that_was_zero_can_still_be_compared_in_points() -> None:
    assert points(Decimal("0.0"), Decimal("12.5")) == Decimal("-12.5")


def test_points_are_taken_before_rounding() -> None:
    assert points(Fraction(1, 3), Fraction(-1, 3)) == Decimal("0.7")


def test_the_band_of_the_new_deal_budget_is_what_its_rounding_allows() -> None:
    assert band(6_500_000_000, 6_300_000_000, 100_000_000) == (Decimal("1.6"), Decimal("4.8"))


def test_figures_that_are_not_rounded_have_no_band() -> None:
    assert band(139, 126, 1) == (Decimal("10.3"), Decimal("10.3"))


def test_there_is_no_band_when_the_base_may_have_been_nothing() -> None:
    assert band(5, 0, 1) is None
    assert band(1000, 50, 100) is None
    assert band(1000, 51, 100) is not None
    assert band(1000, -500, 10) is None


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_below_one_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match="rounding"):
        band(1, 1, step)


@settings(deadline=None)
@given(st.integers(-(10**10), 10**10), st.integers(1, 10**10), st.integers(1, 10**9))
def test_the_change_before_rounding_lies_inside_the_band(current: int, previous: int, step: int) -> None:
    printed_now, printed_before = (int(half_up(Fraction(figure, step))) * step for figure in (current, previous))
    limits = band(printed_now, printed_before, step)
    true = compare(current, previous).percent()
    assert true is not None
    assert limits is None or limits[0] <= true <= limits[1]


@settings(deadline=None)
@given(st.integers(-50, 50), st.integers(1, 40), st.integers(1, 12))
def test_the_band_is_as_narrow_as_it_can_be(now: int, before: int, step: int) -> None:
    def could_be(printed: int) -> list[int]:
        return [
            figure
            for figure in range(printed - step, printed + step + 1)
            if int(half_up(Fraction(figure, step))) * step == printed
        ]

    limits = band(now * step, before * step, step)
    changes = [Fraction(new - old, old) * 100 for new in could_be(now * step) for old in could_be(before * step)]
    assert limits == (half_up(min(changes), 1), half_up(max(changes), 1))
