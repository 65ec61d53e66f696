"""What a module tells the rest of the product about itself. Whatever combines modules sees only this."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from districtops.attachments.views import FilePages, RecordPage
from districtops.guard.access import Action, may, requires
from districtops.guard.summaries import Summary, register
from districtops.guard.tenancy import enter, scope
from districtops.kit.listing import Listing
from districtops.kit.listing_export import csv_response, xlsx_response
from districtops.kit.listing_page import page_of


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


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module. Its blueprint's name is also its package, template folder and permission prefix.

    ``record`` says where its rows that stand for a Program are shown; files can then be attached to them.
    """

    label: str
    icon: str
    blueprint: Blueprint
    lists: tuple[Listing, ...] = ()
    cards: Callable[[], Iterable[Card]] = no_cards
    entries: Callable[[dt.date, dt.date], Iterable[Entry]] = no_entries
    summaries: tuple[Summary, ...] = ()
    record: RecordPage | None = None

    def __post_init__(self) -> None:
        # Here and not in create_app: a blueprint is closed after it was registered for the first time.
        for listing in self.lists:
            _attach(self.blueprint, listing)
        for summary in self.summaries:
            register(summary)
        if self.record is not None:
            FilePages(self.blueprint, self.label, self.record).attach()

    @property
    def name(self) -> str:
        """The name under which permissions, addresses and templates are found."""
        return self.blueprint.name


def _attach(blueprint: Blueprint, listing: Listing) -> None:
    endpoint = listing.name.replace("-", "_")

    @requires(Action.VIEW)
    def show() -> ResponseReturnValue:
        page = page_of(listing, url_for(f"{blueprint.name}.{endpoint}"))
        create = listing.create if listing.create and may(Action.EDIT, blueprint.name) else None
        create_link = (create[0], url_for(create[1])) if create else None
        return render_template(listing.template, page=page, create=create_link), page.status

    @requires(Action.VIEW)
    def csv() -> Response:
        return csv_response(listing, begin=partial(enter, scope()))

    @requires(Action.VIEW)
    def xlsx() -> Response:
        return xlsx_response(listing)

    blueprint.add_url_rule(f"/{listing.name}", endpoint, show)
    blueprint.add_url_rule(f"/{listing.name}.csv", f"{endpoint}_csv", csv)
    blueprint.add_url_rule(f"/{listing.name}.xlsx", f"{endpoint}_xlsx", xlsx)
