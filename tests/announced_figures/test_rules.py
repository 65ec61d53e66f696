"""Whether a printed figure holds: every verdict, the boundary of each rounding, and two frozen states line by line."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districtops.announced_figures import rules
from districtops.announced_figures.rules import Line, Reason, Verdict, against_own_figures, against_rows
from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import Words

BN = 10**9
TENTH = BN // 10
TENTHS = Decimal("0.1")
RATE = Fraction(9500, 139)
MATCHES, DIFFERS, NOT_COMPUTED = Verdict
AMOUNT, DIFFERENCE, GROWTH = Measure

numbers = st.integers(-(10**16), 10**16)
steps = st.sampled_from([*rules.STEPS, Decimal("0.001"), Decimal(7)])


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (20_650_000_000, TENTH, 20_700_000_000),
        (20_649_999_999, TENTH, 20_600_000_000),
        (-20_650_000_000, TENTH, -20_700_000_000),
        (-20_649_999_999, TENTH, -20_600_000_000),
        (Fraction(1, 2), 1, 1),
        (Fraction(-1, 2), 1, -1),
        (Fraction(125, 10), 1, 13),
        (Fraction(9500, 139), Decimal("0.1"), Fraction(683, 10)),
        (0, TENTH, 0),
        (139, 1, 139),
        (139, 10, 140),
    ],
)
def test_a_figure_is_rounded_half_up_to_the_step_of_the_print(value: Fraction, step: Decimal, expected: int) -> None:
    assert rules.rounded(value, step) == expected


@pytest.mark.parametrize("step", [0, -1, Decimal("-0.1")])
def test_a_step_of_nothing_is_refused(step: Decimal) -> None:
    with pytest.raises(ValueError, match="above zero"):
        rules.rounded(1, step)


@given(numbers, steps)
def test_rounding_lands_on_a_step_no_further_than_half_of_one_and_ties_go_away_from_zero(
    value: int, step: Decimal
) -> None:
    found, exact = rules.rounded(value, step), Fraction(step)
    assert (found / exact).denominator == 1
    assert abs(found - value) <= exact / 2
    if abs(found - value) == exact / 2:
        assert abs(found) > abs(value)
    assert rules.rounded(found, step) == found
    assert rules.rounded(-value, step) == -found


@given(numbers, steps)
def test_what_was_printed_from_the_rows_always_matches_and_one_step_further_never(value: int, step: Decimal) -> None:
    printed = rules.rounded(value, step)
    assert rules.judge(printed, step, value).verdict is MATCHES
    for wrong in (printed + Fraction(step), printed - Fraction(step)):
        found = rules.judge(wrong, step, value)
        assert found.verdict is DIFFERS
        assert found.difference == value - wrong


@pytest.mark.parametrize(
    ("measure", "printed", "step", "now", "before", "verdict", "difference"),
    [
        (AMOUNT, 95, 1, 95, None, MATCHES, 0),
        (AMOUNT, 93, 1, 95, None, DIFFERS, 2),
        (AMOUNT, 20_700_000_000, TENTH, 20_749_999_999, None, MATCHES, 49_999_999),
        (AMOUNT, 20_700_000_000, TENTH, 20_750_000_000, None, DIFFERS, 50_000_000),
        (AMOUNT, 20_700_000_000, TENTH, 20_650_000_000, None, MATCHES, -50_000_000),
        (AMOUNT, 20_700_000_000, TENTH, 20_649_999_999, None, DIFFERS, -50_000_001),
        (AMOUNT, 20_900_000_000, TENTH, 20_700_000_000, None, DIFFERS, -200_000_000),
        (AMOUNT, Decimal("68.3"), TENTHS, RATE, None, MATCHES, RATE - Fraction(683, 10)),
        (AMOUNT, 0, 1, 0, None, MATCHES, 0),
        (DIFFERENCE, 13, 1, 139, 126, MATCHES, 0),
        (DIFFERENCE, 32, 1, 125, 95, DIFFERS, -2),
        (DIFFERENCE, -18, 1, 65, 83, MATCHES, 0),
        (GROWTH, 10, 1, 139, 126, MATCHES, Fraction(1300, 126) - 10),
        (GROWTH, 9, 1, 95, 87, MATCHES, Fraction(800, 87) - 9),
        (GROWTH, 7, 1, 125, 93, DIFFERS, Fraction(3200, 93) - 7),
        (GROWTH, Decimal("-39.1"), TENTHS, 207 * TENTH, 34 * BN, MATCHES, Fraction(-1330, 34) + Fraction(391, 10)),
        (GROWTH, 13, 1, 9, 8, MATCHES, Fraction(-1, 2)),
        (GROWTH, 12, 1, 9, 8, DIFFERS, Fraction(1, 2)),
    ],
)  # fmt: skip
def test_a_statement_is_held_against_the_rows(
    measure: Measure,
    printed: Decimal,
    step: Decimal,
    now: Fraction,
    before: int | None,
    verdict: Verdict,
    difference: Fraction,
) -> None:
    found = against_rows(measure, printed, step, now, before)
    assert (found.verdict, found.difference, found.reason) == (verdict, difference, None)
    assert found.computed == difference + Fraction(printed)


@pytest.mark.parametrize(
    ("measure", "now", "before", "reason"),
    [
        (AMOUNT, None, None, Reason.NOT_STATED),
        (DIFFERENCE, 5, None, Reason.NOT_STATED),
        (DIFFERENCE, None, 5, Reason.NOT_STATED),
        (GROWTH, 5, None, Reason.NOT_STATED),
        (GROWTH, 5, 0, Reason.NO_BASE),
        (GROWTH, 5, -1, Reason.NO_BASE),
    ],
)
def test_what_the_rows_do_not_state_is_unknown_and_not_zero(
    measure: Measure, now: int | None, before: int | None, reason: Reason
) -> None:
    found = against_rows(measure, 5, 1, now, before)
    assert (found.verdict, found.reason, found.computed, found.difference) == (NOT_COMPUTED, reason, None, None)


@pytest.mark.parametrize(
    ("measure", "printed", "step", "compared", "base", "base_step", "verdict"),
    [
        (GROWTH, 7, 1, 125, 93, 1, DIFFERS),
        (GROWTH, 34, 1, 125, 93, 1, MATCHES),
        (GROWTH, Decimal("34.4"), Decimal("0.1"), 125, 93, 1, MATCHES),
        (DIFFERENCE, 32, 1, 125, 93, 1, MATCHES),
        (DIFFERENCE, 31, 1, 125, 93, 1, DIFFERS),
        (GROWTH, 75, 1, 34 * BN, 19_400_000_000, TENTH, MATCHES),
        (DIFFERENCE, 1_400_000_000, TENTH, 22_300_000_000, 20_900_000_000, TENTH, MATCHES),
        # 6.5 against 6.3 billion, both rounded: anything between 1.6 and 4.8 % may be true.
        (GROWTH, Decimal("3.0"), Decimal("0.1"), 6_500_000_000, 6_300_000_000, TENTH, MATCHES),
        (GROWTH, Decimal("1.5"), Decimal("0.1"), 6_500_000_000, 6_300_000_000, TENTH, DIFFERS),
        (GROWTH, Decimal("4.9"), Decimal("0.1"), 6_500_000_000, 6_300_000_000, TENTH, DIFFERS),
        (GROWTH, Decimal("3.0"), Decimal("0.1"), 6_500_000_000, 6_300_000_000, 1, DIFFERS),
        (AMOUNT, 22, 1, 18, 83, 1, MATCHES),
        (AMOUNT, 21, 1, 18, 83, 1, DIFFERS),
        (AMOUNT, Decimal("68.3"), Decimal("0.1"), 95, 139, 1, MATCHES),
        (AMOUNT, 0, 1, 0, 83, 1, MATCHES),
        (GROWTH, -100, 1, 0, 83, 1, MATCHES),
    ],
)
def test_a_percentage_is_held_against_the_two_figures_printed_beside_it(
    measure: Measure, printed: Decimal, step: Decimal, compared: int, base: int, base_step: int, verdict: Verdict
) -> None:
    assert against_own_figures(measure, printed, step, compared, base, base_step).verdict is verdict


@pytest.mark.parametrize("measure", [AMOUNT, GROWTH])
@pytest.mark.parametrize(("base", "base_step"), [(0, 1), (5, 10)])
def test_two_figures_without_a_base_make_no_percentage(measure: Measure, base: int, base_step: int) -> None:
    found = against_own_figures(measure, 5, 1, 5, base, base_step)
    assert (found.verdict, found.reason) == (NOT_COMPUTED, Reason.NO_BASE)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.01")]))
def test_a_percentage_printed_from_its_two_figures_matches_them(current: int, base: int, step: Decimal) -> None:
    printed = rules.rounded(Fraction(current - base, base) * 100, step)
    assert against_own_figures(GROWTH, printed, step, current, base).verdict is MATCHES
    assert against_own_figures(GROWTH, printed + Fraction(step), step, current, base).verdict is DIFFERS


@given(st.integers(10**9, 10**12), st.integers(10**9, 10**12))
def test_a_percentage_of_exact_amounts_matches_the_rounded_amounts_beside_it(current: int, base: int) -> None:
    printed = rules.rounded(Fraction(current - base, base) * 100, Decimal("0.1"))
    shown = [int(rules.rounded(amount, TENTH)) for amount in (current, base)]
    assert against_own_figures(GROWTH, printed, Decimal("0.1"), *shown, TENTH).verdict is MATCHES


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((MATCHES, None), MATCHES),
        ((MATCHES, DIFFERS), DIFFERS),
        ((DIFFERS, MATCHES), DIFFERS),
        ((NOT_COMPUTED, MATCHES), MATCHES),
        ((NOT_COMPUTED, DIFFERS), DIFFERS),
        ((NOT_COMPUTED, None), NOT_COMPUTED),
        ((NOT_COMPUTED, NOT_COMPUTED), NOT_COMPUTED),
    ],
)
def test_one_comparison_that_differs_is_enough(verdicts: tuple[Verdict | None, ...], expected: Verdict) -> None:
    found = [None if verdict is None else rules.Judgement(verdict) for verdict in verdicts]
    assert rules.overall(*found) is expected


def test_a_statement_fits_a_figure_that_counts_in_its_unit_and_a_rate_has_no_growth_in_percent() -> None:
    for unit in FigureUnit:
        for figure in FigureUnit:
            assert rules.fits(AMOUNT, unit, figure) is (unit is figure)
            assert rules.fits(DIFFERENCE, unit, figure) is (unit is figure)
            growth = unit is FigureUnit.PERCENT and figure is not FigureUnit.PERCENT
            assert rules.fits(GROWTH, unit, figure) is growth
    assert not rules.has_two_figures(AMOUNT, FigureUnit.WON)
    assert not rules.has_two_figures(AMOUNT, FigureUnit.COUNT)
    assert rules.has_two_figures(AMOUNT, FigureUnit.PERCENT)
    assert rules.has_two_figures(DIFFERENCE, FigureUnit.WON)


# Two states, line by line ------------------------------------------------------------------------------------------


def line(key: str, value: int | None, label: str = "") -> Line:
    """A row of a figure."""
    return Line(key, Words(en=label or key), value)


def test_what_came_what_went_and_what_changed_is_told_line_by_line() -> None:
    then = [line("a", 1), line("b", 2), line("c", 3), line("d", None)]
    now = [line("a", 1, "renamed"), line("c", 5), line("d", 4), line("e", 6)]
    found = rules.differences(then, now)
    assert [row.key for row in found.came] == ["e"]
    assert [row.key for row in found.went] == ["b"]
    assert [(old.value, new.value) for old, new in found.changed] == [(3, 5), (None, 4)]
    assert (found.same, found.added, found.taken, found.moved, found.none) == (1, 6, 2, 6, False)
    assert rules.differences(then, then).none


states = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.one_of(st.none(), numbers))


@given(states, states)
def test_the_lines_add_up_to_the_difference_of_the_two_figures(before: dict[str, int], after: dict[str, int]) -> None:
    then = [line(key, value) for key, value in before.items()]
    now = [line(key, value) for key, value in after.items()]
    found = rules.differences(then, now)
    sums = [sum(row.value or 0 for row in rows) for rows in (then, now)]
    assert sums[0] + found.added - found.taken + found.moved == sums[1]
    assert found.same + len(found.changed) + len(found.went) == len(then)
    assert found.same + len(found.changed) + len(found.came) == len(now)
