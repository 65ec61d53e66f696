"""Rounding and percentages the way the office's printed tables do them.

Everything is computed exactly and rounded once, at the end, half up and away from zero. Python's own ``round`` goes to
the even neighbour, which turns a printed 13 % into 12 %, so it is never used.
"""

from decimal import Decimal
from fractions import Fraction

Number = int | Decimal | Fraction
"""An exact number: won, a count or a rate. Sums of a database may arrive as ``Decimal``; a float is never welcome."""


def half_up(value: Number, places: int = 0) -> Decimal:
    """``value`` rounded to ``places`` decimals; a tie goes away from zero, below zero as well.

    The result carries exactly ``places`` decimals and is never a negative zero. However many digits there are, none is
    lost to the decimal context. Raises ``ValueError`` for negative ``places``.
    """
    if places < 0:
        raise ValueError("places must be 0 or more")
    scaled = Fraction(value) * 10**places
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(f"{'-' if scaled < 0 and whole else ''}{whole}E-{places}")


def exact_percent(part: Number | None, whole: Number | None) -> Fraction | None:
    """``part`` in percent of ``whole``, unrounded: what a threshold is compared with.

    None when either is unknown or ``whole`` is 0, because there is no rate then: neither 0 nor 100.
    """
    if part is None or whole is None or whole == 0:
        return None
    return Fraction(part) / Fraction(whole) * 100


def percent(part: Number | None, whole: Number | None, places: int = 1) -> Decimal | None:
    """``part`` in percent of ``whole``, half up to ``places`` decimals: what is printed.

    None as in ``exact_percent``, which is also what a threshold is compared with: 89.97 prints as 90.0 and is below 90.
    """
    exact = exact_percent(part, whole)
    return None if exact is None else half_up(exact, places)


def mean(total: Number | None, count: int, places: int = 1) -> Decimal | None:
    """The average of ``count`` values that add up to ``total``, half up. None where there is none."""
    return half_up(Fraction(total) / count, places) if total is not None and count else None
