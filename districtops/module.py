"""What a module tells the rest of the product about itself. Whatever combines modules sees only this."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask import Blueprint

from districtops.attachments.views import FilePages, RecordPage
from districtops.deletion.pages import DeletionPages
from districtops.guard.access import Action, may
from districtops.guard.summaries import Summary, register
from districtops.kit.computed import ComputedListing
from districtops.kit.listing import Listing
from districtops.kit.measured import FigureUnit
from districtops.kit.ratio import exact_percent
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.lists.computed import ComputedPages
from districtops.lists.pages import ListPages
from districtops.models import FundingLine, Program


@dataclass(frozen=True, kw_only=True)
class Card:
    """A number for a dashboard, with the address of the rows that make it.

    ``kind`` is ``count``, ``won`` or ``percent``; ``value`` is None where it is unknown. ``district_id`` is that of the
    district of which it speaks; None where it adds up all that the reader sees.
    """

    label: str
    value: int | Decimal | None
    kind: str
    url: str
    unit: str = ""
    change: str | None = None
    hint: str | None = None
    as_of: dt.date | None = None
    tone: str | None = None
    district_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A dated thing of a district: a deadline, a meeting, an opening. ``done`` entries are never overdue (rule R11)."""

    day: dt.date
    district_id: int
    title: str
    url: str
    what: str
    who: str = ""
    done: bool = False
    sample: bool = False


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One of the rows that make a figure. ``key`` names it for good, such as a program's code.

    ``value`` is what it adds: won, or 1 for a thing that is counted; of a percentage 1 for a row of the part and 0 for
    one that belongs to the whole alone. None where it is not stated.
    """

    key: str
    label: Words
    value: int | None
    sample: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What the rows of a year say now, never rounded: a count, won or, exactly, a percentage. None where not stated.

    ``url`` opens the list of the rows that make it, ``rows`` gives them one by one: their values add up to ``value``,
    of a percentage to ``part``. ``part`` and ``whole`` are the two counts of a percentage, and of nothing else.
    """

    value: int | Fraction | None
    url: str
    rows: Callable[[], Iterable[FigureRow]]
    part: int | None = None
    whole: int | None = None

    @classmethod
    def rate(
        cls, part: int | None, whole: int | None, *, url: str, rows: Callable[[], Iterable[FigureRow]]
    ) -> "Figure":
        """``part`` in percent of ``whole``; not stated where either is unknown or the whole is 0."""
        return cls(value=exact_percent(part, whole), url=url, rows=rows, part=part, whole=whole)


@dataclass(frozen=True, kw_only=True)
class FigureSource:
    """A figure of a year that a public statement can claim to be. ``key`` is its name within the module.

    ``compute`` takes a year and answers for the districts of the session's scope, which whoever asks narrows to one;
    None where the module has recorded nothing of that year.
    """

    key: str
    label: str
    unit: FigureUnit
    compute: Callable[[int], Figure | None]


@dataclass(frozen=True, kw_only=True)
class Tie:
    """What another module knows of a program, as a line for its page. ``amount`` in won, None where not stated;
    ``note`` is what needs attention."""

    label: str
    what: str
    url: str
    amount: int | None
    note: str = ""
    sample: bool = False


def no_cards() -> Iterable[Card]:
    """For a module without numbers for the management page."""
    return ()


def no_entries(_first: dt.date, _last: dt.date) -> Iterable[Entry]:
    """For a module without dated things."""
    return ()


def nothing_waits(_action: Action) -> Iterable[Entry]:
    """For a module in which nobody waits for what another person enters or decides."""
    return ()


def no_ties(_program: Program) -> Iterable[Tie]:
    """For a module that knows of no other module's programs."""
    return ()


def no_address(_table: str, _row_id: int, _program_id: int | None) -> str | None:
    """For a module whose records have no page of their own."""
    return None


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module. Its blueprint's name is also its package, template folder and permission prefix.

    ``record`` says where its rows that stand for a Program are shown; files can then be attached to them, and
    they can be deleted and restored. ``waiting`` tells what waits for somebody who may do the action, however far its
    day; it is asked of the visitor's own actions alone.
    ``address`` gives the page of a record: of the row of a table, or of the program that it belongs to; None where the
    record is not this module's, or is no more. ``figures`` are those that public statements are checked against.
    ``ties`` tells what the module knows of a program, also of another module's; ``take_money`` adds a budget line to a
    program of the module by its own rules. ``settings`` are pages of administrators: a label and an endpoint each.
    """

    label: str
    icon: str
    blueprint: Blueprint
    lists: tuple[Listing, ...] = ()
    computed: tuple[ComputedListing, ...] = ()
    cards: Callable[[], Iterable[Card]] = no_cards
    entries: Callable[[dt.date, dt.date], Iterable[Entry]] = no_entries
    waiting: Callable[[Action], Iterable[Entry]] = nothing_waits
    summaries: tuple[Summary, ...] = ()
    record: RecordPage | None = None
    address: Callable[[str, int, int | None], str | None] = no_address
    figures: tuple[FigureSource, ...] = ()
    ties: Callable[[Program], Iterable[Tie]] = no_ties
    take_money: Callable[[Program, FundingLine], None] | None = None
    settings: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        # Here and not in create_app: a blueprint is closed after it was registered for the first time.
        for listing in self.lists:
            endpoint = listing.name.replace("-", "_")
            ListPages(
                blueprint=self.blueprint,
                listing=listing,
                endpoint=endpoint,
                path=f"/{listing.name}",
                deleted=f"{self.name}.deleted_records" if self.record else None,
            ).attach()
        for computed in self.computed:
            ComputedPages(self.blueprint, computed).attach()
        for summary in self.summaries:
            register(summary)
        if self.record is not None:
            FilePages(self.blueprint, self.label, self.record).attach()
            DeletionPages(self.blueprint, self.label, self.record).attach()
        _made[self.name] = self

    @property
    def name(self) -> str:
        """The name under which permissions, addresses and templates are found."""
        return self.blueprint.name


_made: dict[str, Module] = {}
"""Every module by its name, for what one of them asks of the others. None of them imports another."""


def ties_of(program: Program) -> list[Tie]:
    """What all modules that the reader may see know of a program."""
    seen = [module for module in _made.values() if may(Action.VIEW, module.name)]
    return [tie for module in seen for tie in module.ties(program)]


def refuse_tied(program: Program) -> None:
    """Raises RuleBroken for a program of which another module tells: it cannot go without a trace there."""
    if any(True for module in _made.values() for _tie in module.ties(program)):
        raise RuleBroken(_l("Another record is linked with this one. See the links on its page."))


def page_of_program(module: str, program_id: int) -> str | None:
    """The address of a program's page in the module whose it is; None for a reader who may not open it."""
    if module not in _made or not may(Action.VIEW, module):
        return None
    return _made[module].address("program", program_id, program_id)


def taking_money() -> list[str]:
    """The names of the modules to whose programs the visitor may give money."""
    return [name for name, module in _made.items() if module.take_money is not None and may(Action.EDIT, name)]


def give_money(program: Program, line: FundingLine) -> None:
    """Add a budget line to a program, by the rules of the module whose it is. Raises RuleBroken where they refuse.

    Whoever calls asks first whether the visitor may (``taking_money``).
    """
    take = _made[program.module].take_money
    assert take is not None, f"{program.module} takes no money"
    take(program, line)
