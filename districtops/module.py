"""What a module tells the rest of the product about itself. Whatever combines modules sees only this."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint

from districtops.attachments.views import FilePages, RecordPage
from districtops.deletion.pages import DeletionPages
from districtops.guard.summaries import Summary, register
from districtops.kit.listing import Listing
from districtops.lists.pages import ListPages


@dataclass(frozen=True, kw_only=True)
class Card:
    """A number for a dashboard, with the address of the rows that make it.

    ``kind`` is ``count``, ``won`` or ``percent``; ``value`` is None where it is unknown.
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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A dated thing: a deadline, a meeting, an opening. ``done`` entries are never overdue (rule R11)."""

    day: dt.date
    title: str
    url: str
    what: str
    who: str = ""
    done: bool = False
    sample: bool = False


def no_cards() -> Iterable[Card]:
    """For a module without numbers for the management page."""
    return ()


def no_entries(_first: dt.date, _last: dt.date) -> Iterable[Entry]:
    """For a module without dated things."""
    return ()


def no_address(_table: str, _row_id: int, _program_id: int | None) -> str | None:
    """For a module whose records have no page of their own."""
    return None


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module. Its blueprint's name is also its package, template folder and permission prefix.

    ``record`` says where its rows that stand for a Program are shown; files can then be attached to them, and
    they can be deleted and restored.
    ``address`` gives the page of a record: of the row of a table, or of the program that it belongs to; None where the
    record is not this module's, or is no more.
    """

    label: str
    icon: str
    blueprint: Blueprint
    lists: tuple[Listing, ...] = ()
    cards: Callable[[], Iterable[Card]] = no_cards
    entries: Callable[[dt.date, dt.date], Iterable[Entry]] = no_entries
    summaries: tuple[Summary, ...] = ()
    record: RecordPage | None = None
    address: Callable[[str, int, int | None], str | None] = no_address

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
        for summary in self.summaries:
            register(summary)
        if self.record is not None:
            FilePages(self.blueprint, self.label, self.record).attach()
            DeletionPages(self.blueprint, self.label, self.record).attach()

    @property
    def name(self) -> str:
        """The name under which permissions, addresses and templates are found."""
        return self.blueprint.name
