"""Amounts of money: whole won, the units they are printed in, and the ways in which people write them (Rule R10).

Money is stored as an integer number of won. A figure is rounded once, when it is printed, and never before summing.
"""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal, NoReturn

from districtops.kit.ratio import half_up

LARGEST = 10**15
"""Won. An amount further from 0 than this is a slip: it exceeds the national budget."""

_LONGEST = 40  # characters; the longest amount that ``words_ko`` writes has 25
_MINUS = "\N{MINUS SIGN}"


class Unit(StrEnum):
    """A unit that amounts are printed in, or entered in when the text names none."""

    WON = "won"
    THOUSAND = "thousand"
    MILLION = "million"
    EOK = "eok"

    @property
    def factor(self) -> int:
        """How many won one of this unit is."""
        match self:
            case Unit.WON:
                return 1
            case Unit.THOUSAND:
                return 10**3
            case Unit.MILLION:
                return 10**6
            case Unit.EOK:
                return 10**8

    @property
    def places(self) -> int:
        """How many decimals a screen shows."""
        match self:
            case Unit.WON | Unit.THOUSAND:
                return 0
            case Unit.MILLION:
                return 1
            case Unit.EOK:
                return 2


def in_unit(won: int, unit: Unit, places: int | None = None) -> Decimal:
    """``won`` in ``unit``, half up to ``places`` decimals, or to the unit's own. Sum in won first. Rule R10."""
    return half_up(Fraction(won, unit.factor), unit.places if places is None else places)


NotAnAmountCode = Literal["empty", "unreadable", "fraction", "too_large"]


class NotAnAmount(ValueError):
    """A text that is not an amount of money. The code says why; the form finds the words.

    empty: nothing was written. unreadable: no amount, or one that can be read in two ways. fraction: not a whole number
    of won. too_large: further than ``LARGEST`` won from 0.
    """

    def __init__(self, code: NotAnAmountCode) -> None:
        super().__init__(code)
        self.code: NotAnAmountCode = code


# Reading

_NUMBER = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)(?![0-9,])"  # 0 in front: a code or a telephone number
_CURRENCY = r"[₩\\]|krw|일?금"  # the won sign of Korean keyboards is the backslash
_SIGN = r"[-+\u2212\u2013\u2010△▲]"  # with the dashes that text programs put for a minus, and those of Korean tables
_AMOUNT = re.compile(
    rf"(?:(?P<sign>{_SIGN}) *(?P<currency>{_CURRENCY})?|(?P<currency_first>{_CURRENCY}) *(?P<sign_last>{_SIGN})?)? *"
    r"(?P<body>[0-9].*?) *(?P<won>원정?|won|krw)?"
)
_WHOLE_NUMBER = re.compile(_NUMBER)
_ONE_NUMBER = re.compile(rf"(?P<number>{_NUMBER}(?:\.[0-9]+)?)(?![0-9.,]) *(?P<scale>.*)")
_TERM = re.compile(rf" *(?P<number>{_NUMBER})? *(?P<mark>[천백십])?")
_DOT_FOR_THOUSANDS = re.compile(r"[0-9]{1,3}\.000")

_SMALL = {"천": 10**3, "백": 10**2, "십": 10, None: 1}
_BIG = {"조": 10**12, "억": 10**8, "만": 10**4}
_SCALES = {
    **{f"{small or ''}{big}": many * won for small, many in _SMALL.items() for big, won in _BIG.items()},
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "million"), 10**6),
    **dict.fromkeys(("b", "bn", "billion"), 10**9),
    **dict.fromkeys(("tn", "trillion"), 10**12),
}

# Characters that show nothing and come along when a cell is copied.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u2060\ufeff"))
# What may be folded to its plain form. Superscripts, circled digits and fractions may not: 12² is not 122.
_FOLDABLE = ("<wide>", "<narrow>", "<noBreak>", "<small>")


def parse_won(text: str, *, unit: Unit = Unit.WON) -> int:
    """The whole won that ``text`` names, read the way officers write amounts. Rule R10.

    Understood: digits with or without thousand commas, full-width digits, a won sign or KRW or 원; Korean units in
    descending order (``2억 1,160만원``, ``3천5백만``, ``211,600천원``, ``1.5억``); English ones (``211.6 million``,
    ``1.2bn won``); a minus, as △ or ▲ too. ``12억5천`` is 12억 5,000만, as it is spoken. ``unit`` counts only where the
    text names none.

    Raises ``NotAnAmount`` for everything else, above all for what can be read in two ways: wrong commas, ``12억 5``,
    ``12억5천원``, ``5천`` without 원, units out of order, a unit without a number, a won sign if ``unit`` is not won.
    """
    plain = _plain(text)
    amount = _AMOUNT.fullmatch(plain)
    if amount is None:
        _refuse("unreadable")
    body, says_won = amount["body"], amount["won"] is not None
    one = _ONE_NUMBER.fullmatch(body)
    if one and not one["scale"]:
        if unit is not Unit.WON and not says_won and (amount["currency"] or amount["currency_first"]):
            _refuse("unreadable")
        factor = 1 if says_won else unit.factor
        if factor == 1 and _DOT_FOR_THOUSANDS.fullmatch(one["number"]):
            _refuse("unreadable")
        won = _exact(one["number"]) * factor
    elif one and one["scale"] in _SCALES:
        won = _exact(one["number"]) * _SCALES[one["scale"]]
    elif one and says_won and one["scale"] in _SMALL:
        won = _exact(one["number"]) * _SMALL[one["scale"]]
    else:
        won = Fraction(_spelled(body, says_won=says_won))
    if abs(won) > LARGEST:
        _refuse("too_large")
    if won.denominator != 1:
        _refuse("fraction")
    return int(won) if (amount["sign"] or amount["sign_last"] or "+") == "+" else -int(won)


def _plain(text: str) -> str:
    """``text`` in lower case, with one spelling for signs that look the same and a plain blank for every blank."""
    text = text.translate(_UNSEEN).strip()
    if not text:
        _refuse("empty")
    if len(text) > _LONGEST:
        _refuse("unreadable")
    plain = []
    for character in text:
        mapping = unicodedata.decomposition(character)
        if unicodedata.category(character) == "Zs":
            plain.append(" ")
        elif mapping.startswith("<") and not mapping.startswith(_FOLDABLE):
            _refuse("unreadable")
        else:
            plain.append(character)
    return unicodedata.normalize("NFKC", "".join(plain)).lower()


def _exact(number: str) -> Fraction:
    return Fraction(number.replace(",", ""))


def _spelled(body: str, *, says_won: bool) -> int:
    """Won of an amount in Korean parts, such as ``2억 1,160만`` or ``3천5백``: no decimals, every part smaller."""
    *parts, rest = re.split("([조억만])", body)
    total, room = 0, None
    for coefficient, mark in zip(parts[::2], parts[1::2], strict=True):
        won = _coefficient(coefficient, one_unsaid=room is not None) * _BIG[mark]
        if room is not None and (_BIG[mark] >= room or won >= room):
            _refuse("unreadable")
        total, room = total + won, _BIG[mark]
    return total + _rest(rest.strip(), room, says_won=says_won)


def _rest(text: str, room: int | None, *, says_won: bool) -> int:
    """Won of what follows the last of 조, 억 and 만, whose size is ``room``, or of an amount that has none of them.

    People leave a unit unsaid: 5천 is said for 5천만, and 12억 5 for 12억 5천만. So the rest counts as plain won only
    where 원 says so or nothing else can be meant; 12억 5천원 then is a slip, one way or the other.
    """
    if not text and room is not None:
        return 0
    won, ends_in_unit = _coefficient(text, one_unsaid=False), text[-1:] in _SMALL
    if room == _BIG["억"] and ends_in_unit and "천" in text and not says_won:
        won *= _BIG["만"]
    elif room == _BIG["만"] and not says_won:
        if won < 10**3:
            _refuse("unreadable")
    elif not says_won or (room is not None and room > _BIG["만"] and not _WHOLE_NUMBER.fullmatch(text)):
        _refuse("unreadable")
    if room is not None and won >= room:
        _refuse("unreadable")
    return won


def _coefficient(text: str, *, one_unsaid: bool) -> int:
    """What stands before 만, 억 or 조: ``1,160``, ``3천5백``, ``2천50``, and with ``one_unsaid`` a mere ``천``."""
    text = text.strip()
    if not text:
        _refuse("unreadable")
    total, room, position = 0, None, 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None or not (term["number"] or (term["mark"] and one_unsaid)):
            _refuse("unreadable")
        many, digits = _SMALL[term["mark"]], term["number"] or "1"
        value = many * int(digits.replace(",", ""))
        if room is not None and (many >= room or value >= room):
            _refuse("unreadable")
        if term["mark"] and (len(digits) > 1 or digits == "0"):  # 50천2백만: nobody counts so
            _refuse("unreadable")
        total, room, position = total + value, many, term.end()
    return total


def _refuse(code: NotAnAmountCode) -> NoReturn:
    raise NotAnAmount(code)


# Writing


def words_ko(won: int) -> str:
    """``won`` in Korean, exact to the won: 1억 2,345만 6,789원. A minus is a minus sign. Rule R10."""
    rest, words = abs(won), []
    for mark, size in _BIG.items():
        many, rest = divmod(rest, size)
        if many:
            words.append(f"{many:,}{mark}")
    if rest or not words:
        words.append(f"{rest:,}")
    return f"{_minus(won)}{' '.join(words)}원"


def words_en(won: int) -> str:
    """``won`` in English, exact to the won: 1.575 billion won. A minus is a minus sign. Rule R10.

    In plain digits below a million, and where more than four decimals would be needed: 12,345,678 won.
    """
    for name, size in (("trillion", 10**12), ("billion", 10**9), ("million", 10**6)):
        if abs(won) >= size:
            if abs(won) % (size // 10**4) == 0:
                digits = f"{half_up(Fraction(abs(won), size), 4):,}".rstrip("0").rstrip(".")
                return f"{_minus(won)}{digits} {name} won"
            break
    return f"{_minus(won)}{abs(won):,} won"


def _minus(won: int) -> str:
    return _MINUS if won < 0 else ""
