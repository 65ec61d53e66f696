"""Rule R10: amounts as officers write them, and as the pages echo them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from districtops.kit.won import LARGEST, NotAnAmount, Unit, in_unit, parse_won, words_en, words_ko

amounts = st.one_of(
    st.integers(-LARGEST, LARGEST),
    st.integers(-99_999, 99_999),
    # Round amounts, as they are: a few digits and many zeros.
    st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(-9999, 9999), st.integers(0, 11)),
)

CODES = ("empty", "unreadable", "fraction", "too_large")


def code_of(text: str, unit: Unit = Unit.WON) -> str:
    with pytest.raises(NotAnAmount) as refused:
        parse_won(text, unit=unit)
    return refused.value.code


READ = {
    # Digits
    "0": 0,
    "1": 1,
    "1200000000": 1_200_000_000,
    "1,200,000,000": 1_200_000_000,
    "１，２００，０００": 1_200_000,
    "  1,200 ": 1_200,
    "1,200.00": 1_200,
    "1200.0": 1_200,
    "1,200.000": 1_200,
    # Won
    "1,200원": 1_200,
    "1,200 원": 1_200,
    "₩1,200,000,000": 1_200_000_000,
    "￦ 1,200": 1_200,
    "\\1,200": 1_200,
    "＼1,200": 1_200,
    "KRW 1,200": 1_200,
    "krw1200": 1_200,
    "1,200 KRW": 1_200,
    "1,200 won": 1_200,
    "금 1,200원정": 1_200,
    "일금1,200원": 1_200,
    # One Korean unit
    "12억": 1_200_000_000,
    "12억원": 1_200_000_000,
    "12 억 원": 1_200_000_000,
    "１２억": 1_200_000_000,
    "1.5억": 150_000_000,
    "0.5억": 50_000_000,
    "15.75억원": 1_575_000_000,
    "211,600천원": 211_600_000,
    "211,600 천원": 211_600_000,
    "5천원": 5_000,
    "1.5천원": 1_500,
    "21,160만원": 211_600_000,
    "1,200백만원": 1_200_000_000,
    "1,200백만": 1_200_000_000,
    "211.6백만원": 211_600_000,
    "120천만원": 1_200_000_000,
    "15십억원": 15_000_000_000,
    "3.5천만원": 35_000_000,
    "2조": 2_000_000_000_000,
    "1천만": 10_000_000,
    "0억": 0,
    # Several
    "2억1160만원": 211_600_000,
    "2억 1,160만원": 211_600_000,
    "2억 1,160만 원": 211_600_000,
    "1억2천만원": 120_000_000,
    "3천5백만원": 35_000_000,
    "3천 5백만 원": 35_000_000,
    "3천500만원": 35_000_000,
    "2천50만원": 20_500_000,
    "5천 만원": 50_000_000,
    "1억 천만원": 110_000_000,
    "1억 백만": 101_000_000,
    "1조 5,000억": 1_500_000_000_000,
    "1조5천억": 1_500_000_000_000,
    "12억5천만3천원": 1_250_003_000,
    "1억 2,345만 6,789원": 123_456_789,
    "12억 5,000원": 1_200_005_000,
    "1억 5원": 100_000_005,
    "2억 11,600,000원": 211_600_000,
    "3천5백원": 3_500,
    "3만5천": 35_000,
    "3만5천원": 35_000,
    "3만 5,000": 35_000,
    "3만5000원": 35_000,
    "3만 5원": 30_005,
    "3만5백원": 30_500,
    # The unit that is not said
    "12억5천": 1_250_000_000,
    "12억 5천": 1_250_000_000,
    "12억5천5백": 1_255_000_000,
    "12억 5천 5백 5십": 1_255_500_000,
    # English
    "211.6 million": 211_600_000,
    "211.6 Million Won": 211_600_000,
    "1.2bn": 1_200_000_000,
    "1.2 BN won": 1_200_000_000,
    "1.2 billion won": 1_200_000_000,
    "KRW 1.2bn": 1_200_000_000,
    "₩1.2b": 1_200_000_000,
    "500k": 500_000,
    "500 thousand": 500_000,
    "3m": 3_000_000,
    "3mn": 3_000_000,
    "1.5 trillion": 1_500_000_000_000,
    "1.5tn": 1_500_000_000_000,
    # Minus
    "-1,200": -1_200,
    "−1,200": -1_200,
    "–1,200": -1_200,
    "－1,200": -1_200,
    "- 1,200": -1_200,
    "△1,200": -1_200,
    "△ 1,200천원": -1_200_000,
    "▲2억 1,160만원": -211_600_000,
    "-₩1,200": -1_200,
    "₩-1,200": -1_200,
    "-1.2bn": -1_200_000_000,
    "+1,200": 1_200,
    "-0": 0,
    # What comes along when a cell is copied
    "\ufeff1,200\u200b": 1_200,
    "1억\u00a05,000만": 150_000_000,
    "1,200\u3000원\r\n": 1_200,
    "1\u110b\u1165\u11a8": 100_000_000,  # 1억 as a Mac takes it apart
    # The limit itself
    "1,000조원": LARGEST,
    "-1000000000000000": -LARGEST,
}

UNREADABLE = [
    # Commas and points
    "1,2,3",
    "12,34",
    "1,2345",
    "1234,567",
    "1,234,56",
    ",123",
    "123,",
    "0,123",
    "1, 200",
    "1 200",
    "1.200.000",
    "1.000",
    "12.000원",
    "1..5억",
    "1.5.5억",
    "1.",
    ".5억",
    "1.억",
    "1’000",
    "1_000",
    # Codes rather than amounts
    "007",
    "01012345678",
    "010-1234-5678",
    "2022-01-27",
    "1e9",
    "1E+9",
    "0x10",
    "nan",
    "inf",
    "-",
    "△",
    "#REF!",
    "=1+1",
    "'1200",
    # Signs
    "--5",
    "+-5",
    "-△5",
    "5-",
    "(1,200)",
    "▼5",
    "-₩-5",
    "₩₩5",
    "₩KRW 5",
    "¥5",
    "$5",
    "5%",
    # Units alone, twice, in the wrong order, too large for their place
    "원",
    "만원",
    "천원",
    "백만원",
    "천만원",
    "억",
    "12억억",
    "12억천억",
    "1조 1조",
    "1억 0억",
    "5만 3억",
    "1억 2조",
    "1억 12,345만",
    "1억 20,000만",
    "3만 12천원",
    "3천15백만",
    "1백2천만",
    "1천천원",
    "3천5천만",
    "12원 3원",
    "12억원원",
    "1억원 5천만원",
    "5만0",
    "50천2백만",
    "1억 20백만원",
    "2만 50백원",
    "2억 0천만원",
    # What would be said for something else
    "5천",
    "3천5백",
    "12억5",
    "12억 5000",
    "12억 5,000",
    "12억5백",
    "12억5천300",
    "12억5천원",
    "12억 5천 원",
    "12억5천5백원",
    "2조5천",
    "1조 300",
    "3만 5",
    "3만 999",
    "3만5백",
    "2천만5백",
    "1억 천",
    "1억 천원",
    # Decimals are for one unit alone
    "1.5억 2천만",
    "1억 2.5천만",
    "1.5천5백만",
    "1.2만 3,000원",
    # Words
    "약 12억",
    "12억원 정도",
    "12억원(국비)",
    "5~10억",
    "5–10억",
    "1억/2",
    "미정",
    "없음",
    "십이억",
    "億",
    "twelve million",
    "1.2 bn bn",
    "1 billion 200 million",
    "12억 million",
    "1 mil lion",
    "1e",
    "1,200 wons",
    "1,200 dollars",
    # Signs that only look like digits, or hide a second meaning
    "12²",
    "12¹원",
    "①억",
    "½억",
    "٣억",
    "৩",
    "Ⅻ억",
    "𝟏𝟐억",
    "12㎞",
    "1\n200",
    "1\t200",
    "1억\n2천만원",
    "1\x002",
    "\u202e1200",
    "1" + " " * 40 + "원",
    "1" * 41,
]


@pytest.mark.parametrize(("text", "won"), READ.items())
def test_an_amount_is_read_as_officers_write_it(text: str, won: int) -> None:
    assert parse_won(text) == won


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_can_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    assert code_of(text) == "unreadable"


@pytest.mark.parametrize("text", ["", " ", "\t\r\n", "\u3000\u00a0", "\ufeff", " " * 10_000])
def test_nothing_written_is_not_zero(text: str) -> None:
    assert code_of(text) == "empty"


@pytest.mark.parametrize("text", ["0.5", "1,200.5", "1.5원", "1.2345 k", "0.00001만원", "1.123456789억", "1.234"])
def test_a_part_of_a_won_is_refused(text: str) -> None:
    assert code_of(text) == "fraction"


@pytest.mark.parametrize(
    "text", ["1000000000000001", "-1,000,000,000,000,001", "1,000조 1원", "10000조", "1001 trillion", "9" * 40]
)
def test_an_amount_beyond_any_budget_is_refused(text: str) -> None:
    assert code_of(text) == "too_large"


@pytest.mark.parametrize("text", ["1" * 10_000, "1," * 5_000, "1억 " * 3_000, "천" * 10_000, "1" + " " * 9_998 + "원"])
def test_a_very_long_text_is_refused_unread(text: str) -> None:
    assert code_of(text) == "unreadable"


def test_a_refusal_is_a_value_error_that_says_why() -> None:
    refusal = NotAnAmount("fraction")
    assert isinstance(refusal, ValueError)
    assert (refusal.code, str(refusal)) == ("fraction", "fraction")


def test_a_bare_number_is_in_the_unit_of_its_column() -> None:
    assert parse_won("211,600", unit=Unit.THOUSAND) == 211_600_000
    assert parse_won("211.6", unit=Unit.MILLION) == 211_600_000
    assert parse_won("-2.116", unit=Unit.EOK) == -211_600_000
    assert parse_won("1.000", unit=Unit.EOK) == 100_000_000


def test_a_unit_in_the_text_outweighs_that_of_the_column() -> None:
    assert parse_won("211,600,000원", unit=Unit.MILLION) == 211_600_000
    assert parse_won("2억 1,160만", unit=Unit.THOUSAND) == 211_600_000
    assert parse_won("211.6 million", unit=Unit.THOUSAND) == 211_600_000
    assert parse_won("₩2억", unit=Unit.THOUSAND) == 200_000_000


@pytest.mark.parametrize("text", ["₩211,600", "KRW 211,600", "-￦211,600", "₩-211,600"])
def test_a_won_sign_in_a_column_of_thousands_may_mean_either(text: str) -> None:
    assert parse_won(text) in (211_600, -211_600)
    assert code_of(text, Unit.THOUSAND) == "unreadable"


def test_a_column_of_millions_may_still_hold_a_part_of_a_won() -> None:
    assert code_of("0.0000001", Unit.MILLION) == "fraction"
    assert code_of("100,000,000", Unit.EOK) == "too_large"


@settings(deadline=None)
@given(amounts)
@example(0)
@example(LARGEST)
@example(-LARGEST)
def test_what_the_page_echoes_is_read_back_as_the_same_amount(won: int) -> None:
    assert parse_won(words_ko(won)) == won
    assert parse_won(words_en(won)) == won
    assert parse_won(str(won)) == won
    assert parse_won(f"{won:,}원") == won
    assert parse_won(words_ko(won).replace(" ", "").replace(",", "")) == won


@settings(deadline=None)
@given(amounts, st.sampled_from(Unit))
def test_an_amount_written_in_a_unit_with_all_its_decimals_is_read_back(won: int, unit: Unit) -> None:
    assert parse_won(f"{in_unit(won, unit, 8):f}", unit=unit) == won


def read(text: str) -> int | str:
    """The amount, or the code of the refusal."""
    try:
        return parse_won(text)
    except NotAnAmount as refused:
        return refused.code


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from([*"0123456789.,-+△ \\₩조억만천백십원정금일kmb²\u3000", "won", "krw"]), max_size=20))
def test_whatever_is_typed_is_an_amount_that_can_be_echoed_or_a_refusal(keys: list[str]) -> None:
    won = read("".join(keys))
    if isinstance(won, int):
        assert abs(won) <= LARGEST
        assert parse_won(words_ko(won)) == won
    else:
        assert won in CODES


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_no_text_of_any_script_breaks_the_reader(text: str) -> None:
    won = read(text)
    assert isinstance(won, int) or won in CODES


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 9999), st.booleans(), st.booleans())
def test_parts_in_descending_order_add_up_and_in_any_other_order_are_refused(
    eok: int, man: int, rest: int, blanks: bool, commas: bool
) -> None:
    parts = [(f"{many:,}" if commas else str(many)) + mark for many, mark in ((eok, "억"), (man, "만"), (rest, ""))]
    between = " " if blanks else ""
    assert parse_won(between.join(parts) + "원") == eok * 10**8 + man * 10**4 + rest
    assert code_of(between.join([parts[1], parts[0]]) + "원") == "unreadable"


@pytest.mark.parametrize(
    ("won", "korean"),
    [
        (0, "0원"),
        (1, "1원"),
        (9_999, "9,999원"),
        (10_000, "1만원"),
        (12_345, "1만 2,345원"),
        (123_456_789, "1억 2,345만 6,789원"),
        (100_000_001, "1억 1원"),
        (211_600_000, "2억 1,160만원"),
        (22_000_000_000, "220억원"),
        (1_000_000_000_000, "1조원"),
        (-211_600_000, "−2억 1,160만원"),
        (LARGEST, "1,000조원"),
    ],
)
def test_korean_words_are_exact_to_the_won(won: int, korean: str) -> None:
    assert words_ko(won) == korean


@pytest.mark.parametrize(
    ("won", "english"),
    [
        (0, "0 won"),
        (1, "1 won"),
        (700_000, "700,000 won"),
        (999_999, "999,999 won"),
        (1_000_000, "1 million won"),
        (1_000_100, "1.0001 million won"),
        (1_000_010, "1,000,010 won"),
        (12_345_678, "12,345,678 won"),
        (211_600_000, "211.6 million won"),
        (100_000_000, "100 million won"),
        (1_575_000_000, "1.575 billion won"),
        (22_000_000_000, "22 billion won"),
        (1_234_567_000, "1,234,567,000 won"),
        (1_200_000_000_000, "1.2 trillion won"),
        (-1_575_000_000, "−1.575 billion won"),
        (LARGEST, "1,000 trillion won"),
    ],
)
def test_english_words_are_exact_to_the_won(won: int, english: str) -> None:
    assert words_en(won) == english


@pytest.mark.parametrize(
    ("won", "unit", "places", "shown"),
    [
        (499, Unit.THOUSAND, None, "0"),
        (500, Unit.THOUSAND, None, "1"),
        (-500, Unit.THOUSAND, None, "-1"),
        (-499, Unit.THOUSAND, None, "0"),
        (50_000, Unit.MILLION, None, "0.1"),
        (49_999, Unit.MILLION, None, "0.0"),
        (500_000, Unit.EOK, None, "0.01"),
        (211_600_000, Unit.EOK, 1, "2.1"),
        (211_600_000, Unit.EOK, 0, "2"),
        (-7, Unit.WON, None, "-7"),
        (0, Unit.EOK, None, "0.00"),
    ],
)
def test_a_unit_is_rounded_once_half_up(won: int, unit: Unit, places: int | None, shown: str) -> None:
    assert str(in_unit(won, unit, places)) == shown


@settings(deadline=None)
@given(amounts, st.sampled_from(Unit))
def test_enough_decimals_lose_nothing(won: int, unit: Unit) -> None:
    assert Fraction(in_unit(won, unit, 8)) * unit.factor == won
    assert in_unit(-won, unit) == -in_unit(won, unit)
    assert isinstance(in_unit(won, unit), Decimal)
