"""The pages that every list gets: itself, its files, the choice of its columns, the views that people keep of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from districtops.guard.access import Action, may, requires
from districtops.guard.identity import SignedIn, visitor
from districtops.guard.tenancy import enter, scope
from districtops.guard.transaction import explains, save
from districtops.kit.db import db
from districtops.kit.listing import FilterForm, Listing
from districtops.kit.listing_export import csv_response, xlsx_response
from districtops.kit.listing_page import ListingPage, page_of
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.lists import bulk, queries
from districtops.lists.forms import ColumnsForm, RemoveViewForm, ViewForm
from districtops.lists.record import note_export, record_as_list
from districtops.models import SavedView, User

explains("uq_saved_view_district_id_list_name_owner_id_name", _l("You keep a view of this name already."), "name")


@dataclass(frozen=True, kw_only=True)
class ShownView:
    """A saved view as a page offers it; ``shared_by`` names whose it is, where it is not the reader's own."""

    view: SavedView
    url: str
    current: bool
    shared_by: str | None


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What a reader may do with a list beside reading it. ``views_url`` is None for whoever keeps none,
    ``bulk_url`` where many rows cannot be changed at once, or not by this reader."""

    columns_url: str
    views_url: str | None
    views: Sequence[ShownView]
    bulk_url: str | None
    deleted_url: str | None


@dataclass(frozen=True, kw_only=True)
class ListPages:
    """The pages of one list. ``action`` is what a reader of it must be allowed to do, ``deleted`` the endpoint of the
    page of deleted records, where the module has one."""

    blueprint: Blueprint
    listing: Listing
    endpoint: str
    path: str
    action: Action = Action.VIEW
    deleted: str | None = None

    @property
    def name(self) -> str:
        """The name under which the record of changes and saved views know the list."""
        return f"{self.blueprint.name}.{self.endpoint}"

    @property
    def url(self) -> str:
        """The list's address."""
        return url_for(self.name)

    def _views_url(self, given: dict[str, str]) -> str:
        return queries.address(url_for(f"{self.name}_views"), given)

    def attach(self) -> None:
        """Give every page to the blueprint."""
        self._attach("", "", self._show)
        self._attach(".csv", "_csv", self._csv)
        self._attach(".xlsx", "_xlsx", self._xlsx)
        self.attach_choices()
        if self.listing.bulk:
            self._attach("/bulk", "_bulk", lambda: bulk.page(self.listing, self.url), "GET", "POST", action=Action.EDIT)

    def attach_choices(self) -> None:
        """Give the blueprint the pages by which people choose, for a list that has a page and files of its own."""
        record_as_list(self.name, self.listing.title, self.listing.form)
        self._attach("/columns", "_columns", self._choose_columns, "POST")
        self._attach("/views", "_views", self._views, "GET", "POST")

    def _attach(
        self,
        path: str,
        endpoint: str,
        view: Callable[[], ResponseReturnValue],
        *methods: str,
        action: Action | None = None,
    ) -> None:
        # A method of an instance carries no mark of its own; what wraps it does.
        @requires(action or self.action)
        @wraps(view)
        def marked() -> ResponseReturnValue:
            return view()

        self.blueprint.add_url_rule(self.path + path, self.endpoint + endpoint, marked, methods=methods or ("GET",))

    def page(self) -> ListingPage:
        """The page of the list that the request asks for, as this reader keeps it."""
        person = _person()
        page = page_of(self.listing, self.url, (person.user.list_columns or {}).get(self.name))
        page.tools = self._tools(page, person)
        return page

    def _tools(self, page: ListingPage, person: SignedIn) -> Tools:
        keeps = scope().home is not None
        now = queries.query_of(self.listing, page.form, page.columns) if page.status == 200 else None
        return Tools(
            columns_url=url_for(f"{self.name}_columns"),
            deleted_url=url_for(self.deleted) if self.deleted and may(Action.EDIT, self.blueprint.name) else None,
            bulk_url=url_for(f"{self.name}_bulk") if self._changes_many() else None,
            views_url=self._views_url(queries.known_arguments(self.listing, request.args)) if keeps else None,
            views=[
                ShownView(
                    view=view,
                    url=queries.address(self.url, queries.arguments(view.query)),
                    current=view.query == now,
                    shared_by=None if view.owner_id == person.user.id else view.owner.name,
                )
                for view in (queries.views_of(self.name, person.user) if keeps else ())
            ],
        )

    def _changes_many(self) -> bool:
        return bool(self.listing.bulk) and may(Action.EDIT, self.blueprint.name)

    # The list and its files ------------------------------------------------------------------------------------------

    def _show(self) -> ResponseReturnValue:
        page = self.page()
        create = self.listing.create if self.listing.create and may(Action.EDIT, self.blueprint.name) else None
        create_link = (create[0], url_for(create[1])) if create else None
        return render_template(self.listing.template, page=page, create=create_link), page.status

    def _csv(self) -> Response:
        return note_export(self.name, csv_response(self.listing, begin=partial(enter, scope())), "csv")

    def _xlsx(self) -> Response:
        return note_export(self.name, xlsx_response(self.listing), "xlsx")

    # Columns ---------------------------------------------------------------------------------------------------------

    def _choose_columns(self) -> ResponseReturnValue:
        form = ColumnsForm(self.listing)
        user = _person().user
        act = form.act.data
        given = {**queries.known_arguments(self.listing, MultiDict(parse_qsl(form.query.data or ""))), "columns": ""}

        def keep() -> None:
            others = {name: keys for name, keys in (user.list_columns or {}).items() if name != self.name}
            own = {self.name: [column.key for column in self._ticked(form)]} if act == "keep" else {}
            user.list_columns = {**others, **own} or None

        if not save(form, keep if act != "show" else lambda: None):
            flash(gettext("Your choice of columns was not kept. Choose them again."), "error")
        elif act == "show":
            given["columns"] = ",".join(column.key for column in self._ticked(form))
        return redirect(queries.address(self.url, {name: value for name, value in given.items() if value}), 303)

    def _ticked(self, form: ColumnsForm) -> Sequence[Any]:
        # No box ticked leaves the column that names the rows; the list's own choice has a button of its own.
        return self.listing.chosen(form.columns.data or [self.listing.primary().key])

    # Views -----------------------------------------------------------------------------------------------------------

    def _views(self) -> ResponseReturnValue:
        user = _person().user
        offered = queries.views_of(self.name, user) if scope().home is not None else ()
        changeable = [view for view in offered if queries.may_change(view, user)]
        start = request.args if request.method == "GET" else MultiDict(parse_qsl(request.form.get("query", "")))
        given = queries.known_arguments(self.listing, start)
        form = ViewForm(changeable, data={"query": urlencode(given, safe=",")})
        if user.department is None:
            del form.shared
        filters = self.listing.form(MultiDict(given))
        readable = self._readable(filters)
        if request.form.get("remove") is not None:
            removal = RemoveViewForm(changeable)
            if save(removal, lambda: db.session.delete(_named(changeable, removal.remove.data))):
                flash(gettext("The view is removed."), "success")
                return redirect(self._views_url(given), 303)
            form.form_errors.extend([*removal.form_errors, *removal.remove.errors])
        elif save(form, lambda: self._keep(form, changeable, user, filters, readable)):
            flash(gettext("The view is saved."), "success")
            return redirect(queries.address(self.url, given), 303)
        page = render_template(
            "lists/views.html",
            listing=self.listing,
            list_url=self.url,
            form=form,
            now=queries.in_words(self.listing, filters, MultiDict(given)) if readable else None,
            views=self._told(offered, user, filters),
            division=user.department,
            keeps=scope().home is not None,
        )
        return page, form.http_status

    def _readable(self, filters: FilterForm) -> bool:
        """Whether the list offers everything that these filters, this order and these columns ask for."""
        valid = filters.validate() and not self.listing.refuse_unknown_columns(filters)
        return self.listing.order(filters) is not None and valid

    def _keep(
        self, form: ViewForm, changeable: Sequence[SavedView], user: User, filters: FilterForm, readable: bool
    ) -> None:
        if scope().home is None:
            raise RuleBroken(_l("Whoever reads several districts keeps a view as a bookmark of the browser."))
        if not readable:
            raise RuleBroken(_l("The list does not offer what this view asks for. Set its filters again."))
        if form.instead.data:
            view = _named(changeable, form.instead.data)
        else:
            if queries.number_of_own(self.name, user) >= queries.MOST_OF_ONE:
                raise RuleBroken(
                    _l("You keep %(most)s views of this list. Remove one first.", most=queries.MOST_OF_ONE)
                )
            view = SavedView(list_name=self.name, owner_id=user.id)
            db.session.add(view)
        kept = (user.list_columns or {}).get(self.name)
        view.name = form.name.data or ""
        view.query = queries.query_of(self.listing, filters, self.listing.chosen(filters.columns.data or kept))
        view.department_id = user.department_id if "shared" in form and form.shared.data else None

    def _told(
        self, offered: Sequence[SavedView], user: User, filters: FilterForm
    ) -> list[tuple[SavedView, str, str, bool]]:
        """(view, its address, what it holds in words, whether the reader may change it) of each view."""
        return [
            (
                view,
                queries.address(self.url, given),
                queries.in_words(self.listing, filters, given),
                queries.may_change(view, user),
            )
            for view in offered
            for given in [queries.arguments(view.query)]
        ]


def _person() -> SignedIn:
    person = visitor()
    assert person is not None, "the guard lets only signed-in people in"
    return person


def _named(views: Sequence[SavedView], token: str) -> SavedView:
    return next(view for view in views if view.token == token)
