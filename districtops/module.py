"""What a module tells the rest of the product about itself. Whatever combines modules sees only this."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.core import UnboundField

from districtops.attachments.views import FilePages, RecordPage
from districtops.guard import audit
from districtops.guard.access import Action, may, requires
from districtops.guard.history import LISTS
from districtops.guard.summaries import Summary, register
from districtops.guard.tenancy import enter, scope
from districtops.kit.listing import FilterForm, Listing
from districtops.kit.listing_export import csv_response, xlsx_response
from districtops.kit.listing_page import page_of
from districtops.kit.measured import FigureUnit
from districtops.kit.ratio import exact_percent
from districtops.kit.text import Words, _l


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

    ``record`` says where its rows that stand for a Program are shown; files can then be attached to them.
    ``address`` gives the page of a record: of the row of a table, or of the program that it belongs to; None where the
    record is not this module's, or is no more. ``figures`` are those that public statements are checked against.
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
    figures: tuple[FigureSource, ...] = ()

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


def record_as_list(name: str, listing: Listing) -> None:
    """Let the record of changes call a list by its title, and its filters by their labels."""
    fields = ((key, getattr(listing.form, key)) for key in dir(listing.form))
    labels = {key: field.args[0] for key, field in fields if isinstance(field, UnboundField) and field.args}
    LISTS[name] = (listing.title, {**labels, "file": _l("File")})


def filters_set(name: str) -> dict[str, list[None]]:
    """The names of a list's filters that the address sets, as the record of changes keeps them: never what was looked
    for."""
    given = {key for key, value in request.args.items() if value} & LISTS[name][1].keys()
    return {key: [None, None] for key in sorted(given - FilterForm.NOT_FILTERS)}


def note_export(name: str, answer: Response, kind: str) -> Response:
    """Record that rows of a list were taken away as a file, before it is handed out."""
    if answer.status_code < 400:
        audit.note("exported", name, what={**filters_set(name), "file": [None, kind]})
    return answer


def _attach(blueprint: Blueprint, listing: Listing) -> None:
    endpoint = listing.name.replace("-", "_")
    name = f"{blueprint.name}.{endpoint}"
    record_as_list(name, listing)

    @requires(Action.VIEW)
    def show() -> ResponseReturnValue:
        page = page_of(listing, url_for(f"{blueprint.name}.{endpoint}"))
        create = listing.create if listing.create and may(Action.EDIT, blueprint.name) else None
        create_link = (create[0], url_for(create[1])) if create else None
        return render_template(listing.template, page=page, create=create_link), page.status

    @requires(Action.VIEW)
    def csv() -> Response:
        return note_export(name, csv_response(listing, begin=partial(enter, scope())), "csv")

    @requires(Action.VIEW)
    def xlsx() -> Response:
        return note_export(name, xlsx_response(listing), "xlsx")

    blueprint.add_url_rule(f"/{listing.name}", endpoint, show)
    blueprint.add_url_rule(f"/{listing.name}.csv", f"{endpoint}_csv", csv)
    blueprint.add_url_rule(f"/{listing.name}.xlsx", f"{endpoint}_xlsx", xlsx)
