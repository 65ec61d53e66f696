"""Counts, money and percentages side by side: as people read them in each language, and as files hold them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from districtops.kit.locale import measured
from districtops.kit.measured import FigureUnit, Measured

COUNT, WON, PERCENT = FigureUnit


@pytest.mark.parametrize(
    ("figure", "english", "korean", "plain"),
    [
        (Measured(139, COUNT), "139", "139", 139),
        (Measured(13_900, COUNT), "13,900", "13,900", 13_900),
        (Measured(13, COUNT, signed=True), "+13", "+13", 13),
        (Measured(-18, COUNT, signed=True), "−18", "−18", -18),
        (Measured(0, COUNT, signed=True), "±0", "±0", 0),
        (Measured(60_000, WON), "₩60,000", "60,000원", 60_000),
        (Measured(-60_000, WON, signed=True), "−₩60,000", "−60,000원", -60_000),
        (Measured(Fraction(9500, 139), PERCENT), "68.3%", "68.3%", Decimal("68.3")),
        (Measured(Decimal(7), PERCENT, places=0, signed=True), "+7%", "+7%", 7),
        (Measured(Fraction(-7, 10), PERCENT, signed=True, points=True), "−0.7%p", "−0.7%p", Decimal("-0.7")),
        (Measured(Fraction(1, 20), PERCENT), "0.1%", "0.1%", Decimal("0.1")),
        (Measured(Fraction(-1, 30), PERCENT, signed=True), "±0.0%", "±0.0%", 0),
    ],
)
def test_a_figure_says_its_unit_its_sign_and_no_more_than_was_rounded(
    lite_app: Flask, figure: Measured, english: str, korean: str, plain: Decimal
) -> None:
    for language, expected in (("en", english), ("ko", korean)):
        with lite_app.test_request_context("/", headers={"Accept-Language": language}):
            assert measured(figure) == expected
    assert figure.plain == plain
