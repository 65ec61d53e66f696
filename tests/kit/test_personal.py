"""Contact data of residents is noticed before it is kept, and ordinary figures are not taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districtops.kit.personal import contact_in

DIGITS = "0123456789"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call me at 010-0000-0000, please", "010-0000-0000"),
        ("전화는 01000000000으로", "01000000000"),
        ("+82 10 0000 0000", "+82 10 0000 0000"),
        ("사무실 02-000-0000입니다", "02-000-0000"),
        ("031)000-0000", "031)000-0000"),
        ("인터넷 전화 070-0000-0000", "070-0000-0000"),
        ("０１０－００００－００００", "010-0000-0000"),
        ("주민번호 900101-1000000", "900101-1000000"),
        ("write to nobody@example.invalid", "nobody@example.invalid"),
    ],
)
def test_contact_data_is_found(text: str, found: str) -> None:
    assert contact_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The lamps at 17, Hangang-daero go out at 22:30.",
        "예산 1,200,000,000원 중 1000000원",
        "2022-01-25부터 2022-02-14까지",
        "문서번호 스마트정보과-1234, 접수 20220125",
        "사업 ND-2022-01, 12.5%",
        "100000000000 won and 0.0212345678",
    ],
)
def test_ordinary_figures_are_no_contact_data(text: str) -> None:
    assert contact_in(text) is None


@given(
    st.text(DIGITS, min_size=7, max_size=8),
    st.sampled_from(["010", "011", "016", "017", "018", "019"]),
    st.sampled_from(["", "-", " ", "."]),
    st.text(st.characters(exclude_categories=["N", "C"], exclude_characters=".,"), max_size=20),
)
def test_a_mobile_number_is_found_however_it_is_written(rest: str, start: str, between: str, around: str) -> None:
    number = between.join((start, rest[:-4], rest[-4:]))
    assert contact_in(f"{around} {number} {around}") is not None
