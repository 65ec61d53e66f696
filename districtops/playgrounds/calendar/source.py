"""Korea's public holidays out of the library ``holidays``, as plain values.

It knows what was announced when it was released; a temporary holiday of next month it cannot know. That is why an
office keeps the table itself and says up to which year it was compared with the official list.
"""

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version

from holidays import country_holidays

from districtops.kit.text import Words
from districtops.playgrounds.calendar.models import HolidayKind, Occasion

SOURCE = f"holidays {version('holidays')}"
FIRST, LAST = 2000, 2050
"""Years for which the library is asked: later lunar dates are computed, and nobody announced them."""

OCCASIONS = (("설날", Occasion.SEOLLAL), ("추석", Occasion.CHUSEOK))
KINDS = (("대체", HolidayKind.SUBSTITUTE), ("임시", HolidayKind.TEMPORARY), ("선거", HolidayKind.ELECTION))


@dataclass(frozen=True)
class Found:
    """A holiday as the library knows it."""

    on_date: dt.date
    name: Words
    kind: HolidayKind
    occasion: Occasion


def holidays_of(year: int) -> list[Found]:
    """The public holidays of a year from FIRST to LAST, by day. Raises ValueError for another year."""
    if not FIRST <= year <= LAST:
        raise ValueError(f"no holidays are looked up for {year}")
    english = country_holidays("KR", years=year, language="en_US")
    found = country_holidays("KR", years=year, language="ko")
    return [
        Found(day, Words(en=english.get(day), ko=name), _among(KINDS, name, HolidayKind.PUBLIC), _occasion(name))
        for day, name in sorted(found.items())
    ]


def _among(pairs: tuple[tuple[str, HolidayKind], ...], name: str, otherwise: HolidayKind) -> HolidayKind:
    return next((kind for part, kind in pairs if part in name), otherwise)


def _occasion(name: str) -> Occasion:
    return next((occasion for part, occasion in OCCASIONS if part in name), Occasion.OTHER)
