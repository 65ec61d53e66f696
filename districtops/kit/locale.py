"""How each language writes dates, moments, counts, percentages and money."""

import datetime as dt
from decimal import Decimal

from babel import Locale
from babel.dates import format_skeleton
from flask import has_request_context, request, session
from flask_babel import format_decimal, get_locale, gettext
from flask_login import current_user

from districtops.clock import KOREA
from districtops.kit.measured import FigureUnit, Measured
from districtops.kit.text import LANGUAGES, _l, language
from districtops.kit.won import Unit, in_unit

WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))

UNIT_NAMES = {
    Unit.WON: _l("won"),
    Unit.THOUSAND: _l("thousand won"),
    Unit.MILLION: _l("million won"),
    Unit.EOK: _l("hundred million won"),
}


def select_locale() -> str:
    """The language of this request: the person's choice, else this browser's choice, else what the browser asks for."""
    if not has_request_context():
        return "en"
    chosen = getattr(getattr(current_user, "user", None), "language", None) or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def reader_unit() -> Unit:
    """The unit in which this reader sees money: their choice, else million won."""
    return getattr(getattr(current_user, "user", None), "unit", None) or Unit.MILLION


def weekday(day: dt.date) -> str:
    """The short name of the day of the week."""
    return str(WEEKDAYS[day.weekday()])


def day(value: dt.date | None) -> str:
    """``Tue 25 Jan 2022`` or ``2022. 1. 25.(화)``; an unknown day says so."""
    if value is None:
        return gettext("not stated")
    if language() == "ko":
        return f"{value.year}. {value.month}. {value.day}.({weekday(value)})"
    return f"{weekday(value)} {value.day} {_month(value)} {value.year}"


def short_day(value: dt.date | None) -> str:
    """The same without the weekday, for tables."""
    if value is None:
        return "–"
    if language() == "ko":
        return f"{value.year}. {value.month}. {value.day}."
    return f"{value.day} {_month(value)} {value.year}"


def month_name(value: str) -> str:
    """``January 2022`` or ``2022년 1월``, from a month that is kept as ``2022-01``."""
    first = dt.datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007 - a day, not a moment
    return format_skeleton("yMMMM", first, locale=get_locale() or Locale("en"))


def moment(value: dt.datetime | None) -> str:
    """A moment on the clock of Korea, to the minute."""
    if value is None:
        return gettext("not stated")
    local = value.astimezone(KOREA)
    return f"{day(local.date())} {local:%H:%M}"


def exact_moment(value: dt.datetime) -> str:
    """A moment on the clock of Korea, to the second."""
    local = value.astimezone(KOREA)
    return f"{day(local.date())} {local:%H:%M:%S}"


def count(value: int | Decimal | None) -> str:
    """A whole number with separators; an unknown one says so."""
    return gettext("not stated") if value is None else format_decimal(value)


def one_decimal(value: Decimal | None) -> str:
    """An average such as ``14.3``, as the rules rounded it; an unknown one says so."""
    return gettext("not stated") if value is None else _signed(format_decimal(abs(value), "#,##0.0"), value)


def percent(value: Decimal | None) -> str:
    """``71.5%``, as the rules rounded it; without a base there is none."""
    return gettext("not available") if value is None else f"{_signed(format_decimal(abs(value), '#,##0.0'), value)}%"


def change(value: Decimal | int | None, unit: str = "") -> str:
    """A difference with its sign: ``+3.2%``, ``−18``."""
    if value is None:
        return gettext("not available")
    digits = format_decimal(abs(value), "#,##0.0" if isinstance(value, Decimal) else "#,##0")
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{digits}{unit}"


def points(value: Decimal | None) -> str:
    """A difference between two rates, in percentage points as offices write them: ``−0.7 %p``."""
    return change(value, " %p")


def won(value: int | None, unit: Unit | None = None) -> str:
    """An amount in the reader's unit, without the unit's name; an unknown amount says so and is never 0."""
    if value is None:
        return gettext("not stated")
    shown = in_unit(value, unit or reader_unit())
    decimals = max(0, -int(shown.normalize().as_tuple().exponent)) if shown else 0
    return _signed(format_decimal(abs(shown), "#,##0" + ("." + "0" * decimals if decimals else "")), shown)


def won_exact(value: int | None) -> str:
    """An amount to the won: ``₩1,200,000,000`` or ``1,200,000,000원``."""
    if value is None:
        return gettext("not stated")
    digits = format_decimal(abs(value))
    return _signed(f"{digits}원" if language() == "ko" else f"₩{digits}", value)


def unit_name(unit: Unit | None = None) -> str:
    """The name of a unit of money in the reader's language."""
    return str(UNIT_NAMES[unit or reader_unit()])


def quantity(value: Decimal | None) -> str:
    """An exact number without needless zeros."""
    return gettext("not stated") if value is None else format_decimal(value.normalize(), "#,##0.###")


def measured(value: Measured) -> str:
    """A count or a percentage with its sign, if it is a change: ``139``, ``+13``, ``68.3%``, ``−0.7%p``. An amount of
    money is written to the won; in the reader's unit it stands in the markup of pages alone."""
    number = Decimal(value.plain)
    if value.unit is FigureUnit.WON:
        digits = won_exact(int(abs(number)))
    elif value.unit is FigureUnit.PERCENT:
        digits = format_decimal(abs(number), "#,##0" + ("." + "0" * value.places if value.places else "")) + (
            "%p" if value.points else "%"
        )
    else:
        digits = format_decimal(abs(number))
    sign = "−" if number < 0 else "" if not value.signed else "±" if number == 0 else "+"
    return f"{sign}{digits}"


def file_size(value: int) -> str:
    """Bytes as people compare them: ``340 KB``, ``2.4 MB``; a file of one byte is not 0 KB."""
    if value < 1024 * 1024:
        return f"{format_decimal(-(-value // 1024))} KB"
    return f"{format_decimal(Decimal(value) / (1024 * 1024), '#,##0.0')} MB"


def _signed(digits: str, value: Decimal | int) -> str:
    return f"−{digits}" if value < 0 else digits


def _month(value: dt.date) -> str:
    locale = get_locale() or Locale("en")
    return str(locale.months["format"]["abbreviated"][value.month])


FILTERS = {
    "day": day,
    "short_day": short_day,
    "weekday": weekday,
    "month_name": month_name,
    "moment": moment,
    "exact_moment": exact_moment,
    "count": count,
    "one_decimal": one_decimal,
    "percent": percent,
    "change": change,
    "points": points,
    "won": won,
    "won_exact": won_exact,
    "unit_name": unit_name,
    "quantity": quantity,
    "measured": measured,
    "file_size": file_size,
}
