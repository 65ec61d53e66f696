"""Which way a contest application goes, and the arithmetic of outside money, as pure functions.

Source: the district's workflow from the discovery of a call to the settled award, and rules R3 and R15.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from districtops.kit.ratio import Number, exact_percent, half_up, percent
from districtops.kit.text import LabelledEnum, _l


class State(LabelledEnum):
    """Where an application stands."""

    DISCOVERED = "discovered", _l("Found")
    IN_REVIEW = "in_review", _l("Under review")
    APPLYING = "applying", _l("Being prepared")
    APPLIED = "applied", _l("Applied")
    SELECTED = "selected", _l("Selected")
    AGREED = "agreed", _l("Agreement signed")
    IN_EXECUTION = "in_execution", _l("In execution")
    COMPLETED = "completed", _l("Completed")
    SETTLED = "settled", _l("Settled")
    NOT_SELECTED = "not_selected", _l("Not selected")
    GIVEN_UP = "given_up", _l("Given up")
    MISSED = "missed", _l("Deadline missed")
    DROPPED = "dropped", _l("Dropped")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


LADDER = (
    State.DISCOVERED,
    State.IN_REVIEW,
    State.APPLYING,
    State.APPLIED,
    State.SELECTED,
    State.AGREED,
    State.IN_EXECUTION,
    State.COMPLETED,
    State.SETTLED,
)
BEFORE_APPLYING = frozenset({State.DISCOVERED, State.IN_REVIEW, State.APPLYING})
NEVER_APPLIED = BEFORE_APPLYING | {State.DROPPED, State.MISSED}
PENDING = frozenset({State.DISCOVERED, State.IN_REVIEW, State.APPLYING, State.APPLIED})
"""No result yet."""
SECURED = frozenset(LADDER[4:])
"""Selected and not given up."""
ENDED = frozenset({State.SETTLED, *(state for state in State if state not in LADDER)})
MAY_CHANGE_AWARD = frozenset({State.SELECTED, State.AGREED, State.IN_EXECUTION})
MAY_CHANGE_MATCHING = frozenset(LADDER[1:7])


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A step that officers take. ``asks`` names the fields of its form, ``needs`` those that must be filled."""

    name: str
    label: str
    target: State
    asks: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    reason: str = _l("Remark")


_AWARD = frozenset({"national_won", "city_won", "private_won", "other_won", "unstated_won", "fiscal_year"})

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(name="review", label=_l("Start the review"), target=State.IN_REVIEW),
        Verb(name="prepare", label=_l("Decide to apply"), target=State.APPLYING),
        Verb(
            name="apply",
            label=_l("Record the application"),
            target=State.APPLIED,
            asks=frozenset({"requested_won"}),
            needs=frozenset({"requested_won"}),
        ),
        Verb(
            name="select",
            label=_l("Record the selection"),
            target=State.SELECTED,
            asks=_AWARD | {"total_won"},
        ),
        Verb(
            name="reject",
            label=_l("Record that it was not selected"),
            target=State.NOT_SELECTED,
            asks=frozenset({"loss", "lesson"}),
            needs=frozenset({"loss", "reason"}),
            reason=_l("Reason given by the organiser"),
        ),
        Verb(
            name="agree",
            label=_l("Record the agreement"),
            target=State.AGREED,
            asks=frozenset({"settle_within", "settle_unit"}),
            needs=frozenset({"doc_no"}),
        ),
        Verb(name="start", label=_l("Start the execution"), target=State.IN_EXECUTION),
        Verb(name="complete", label=_l("Complete the project"), target=State.COMPLETED),
        Verb(
            name="settle",
            label=_l("Settle the money"),
            target=State.SETTLED,
            asks=frozenset({"returned_won", "interest_won"}),
            needs=frozenset({"returned_won", "interest_won"}),
        ),
        Verb(
            name="drop",
            label=_l("Drop it"),
            target=State.DROPPED,
            needs=frozenset({"reason"}),
            reason=_l("Reason for dropping it"),
        ),
        Verb(
            name="miss",
            label=_l("Record the missed deadline"),
            target=State.MISSED,
            needs=frozenset({"reason"}),
            reason=_l("Why the deadline was missed"),
        ),
        Verb(
            name="withdraw",
            label=_l("Withdraw the application"),
            target=State.WITHDRAWN,
            needs=frozenset({"reason"}),
            reason=_l("Reason for the withdrawal"),
        ),
        Verb(
            name="give_up",
            label=_l("Give the award up"),
            target=State.GIVEN_UP,
            needs=frozenset({"reason", "doc_no"}),
            reason=_l("Reason for giving it up"),
        ),
    )
}

TRANSITIONS: Mapping[State, tuple[str, ...]] = {
    State.DISCOVERED: ("review", "drop"),
    State.IN_REVIEW: ("prepare", "drop"),
    State.APPLYING: ("apply", "miss"),
    State.APPLIED: ("select", "reject", "withdraw"),
    State.SELECTED: ("agree", "give_up"),
    State.AGREED: ("start",),
    State.IN_EXECUTION: ("complete",),
    State.COMPLETED: ("settle",),
}
"""The steps that are open in a state, the usual one first. A state that is absent has ended."""

RESULTS = frozenset({"select", "reject"})
"""Steps that record the organiser's result: there is one, once."""


# Money --------------------------------------------------------------------------------------------------------------


def external(parts: Mapping[str, int | None]) -> int | None:
    """Won of outside money: every payer's part but the district's. None where any part is unknown. Rule R3.

    ``parts`` maps a payer (``national``, ``city``, ``private``, ``other``, ``district``) to won; an absent one gives
    nothing.
    """
    outside = [amount for payer, amount in parts.items() if payer != "district"]
    known = [amount for amount in outside if amount is not None]
    return sum(known) if len(known) == len(outside) else None


def external_share(outside: int | None, total: int | None) -> Decimal | None:
    """Outside money in percent of the total, one decimal; None without a total. Rule R3."""
    return percent(outside, total)


def split(total: int, shares: Mapping[str, Number]) -> dict[str, int]:
    """``total`` won by payer, from their percentages. Rule R3.

    Each part is cut down to the won and what remains goes to the district, so that the parts always add up. A district
    without a share pays the remainder all the same. Raises ValueError where the shares do not make 100, one is below
    zero or the total is.
    """
    if total < 0 or any(share < 0 for share in shares.values()):
        raise ValueError("neither a total nor a share is below zero")
    if sum(Fraction(share) for share in shares.values()) != 100:
        raise ValueError("the shares must make 100 percent")
    parts = {
        payer: int(Fraction(share) * total // 100) for payer, share in shares.items() if payer != "district" and share
    }
    rest = total - sum(parts.values())
    return {**parts, "district": rest} if rest else parts


def selection_rate(selected: int, out_of: int) -> Decimal | None:
    """Selected in percent of the applications, one decimal; None where there are none.

    The article's 95 of 139 counts every application; with open results the share of those decided says more.
    """
    return percent(selected, out_of)


def expected(amount: int, selected: int, decided: int) -> int | None:
    """Won that will be needed if open applications are selected as often as decided ones were, half up.

    None where nothing is decided yet: there is no rate to expect by.
    """
    rate = exact_percent(selected, decided)
    return None if rate is None else int(half_up(amount * rate / 100))


# Days ---------------------------------------------------------------------------------------------------------------


class SettleUnit(LabelledEnum):
    """In what an agreement counts the time for the settlement."""

    MONTHS = "months", _l("months")
    DAYS = "days", _l("days")


def settlement_due(completed_on: dt.date, within: int, unit: SettleUnit) -> dt.date:
    """The day by which an award is to be settled, as its agreement counts. Rule R15.

    A month that is too short ends on its last day: two months after 31 December is 28 February. Raises ValueError for a
    time below zero and OverflowError past the end of the calendar.
    """
    if within < 0:
        raise ValueError("the time for the settlement is not below zero")
    if unit is SettleUnit.DAYS:
        return completed_on + dt.timedelta(days=within)
    year, month = divmod(completed_on.year * 12 + completed_on.month - 1 + within, 12)
    if year > dt.MAXYEAR:
        raise OverflowError("past the end of the calendar")
    return dt.date(year, month + 1, min(completed_on.day, calendar.monthrange(year, month + 1)[1]))


def last_monday(day: dt.date) -> dt.date:
    """Monday of the week before ``day``: the executive meeting that the last weekly list was made for."""
    return day - dt.timedelta(days=day.weekday() + 7)


# Lessons ------------------------------------------------------------------------------------------------------------


def likeness(first: str, second: str) -> Fraction:
    """How alike two titles are, from 0 to 1: the share of neighbouring letters that both have.

    Letter case, blanks and digits do not count, so that the call of another year is the same one.
    """
    one, other = _pairs(first), _pairs(second)
    return Fraction(len(one & other), len(one | other)) if one and other else Fraction(0)


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(letter for letter in text.casefold() if letter.isalpha())
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))
