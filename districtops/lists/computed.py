"""The pages of a list whose rows are computed: itself and its files."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from districtops.guard.access import Action, requires
from districtops.kit.computed import ComputedListing, ComputedPage, computed_csv, computed_xlsx
from districtops.lists.record import note_export, record_as_list


@dataclass(frozen=True)
class ComputedPages:
    """The pages of one computed list."""

    blueprint: Blueprint
    listing: ComputedListing

    def attach(self) -> None:
        """Give them to the blueprint."""
        blueprint, listing = self.blueprint, self.listing
        endpoint = listing.name.replace("-", "_")
        name = f"{blueprint.name}.{endpoint}"
        record_as_list(name, listing.title, listing.form)

        @requires(Action.VIEW)
        def show() -> ResponseReturnValue:
            page = ComputedPage(listing, listing.form(request.args), url_for(name))
            return render_template(listing.template, page=page, create=None), page.status

        @requires(Action.VIEW)
        def csv() -> Response:
            return note_export(name, computed_csv(listing), "csv")

        @requires(Action.VIEW)
        def xlsx() -> Response:
            return note_export(name, computed_xlsx(listing), "xlsx")

        blueprint.add_url_rule(f"/{listing.name}", endpoint, show)
        blueprint.add_url_rule(f"/{listing.name}.csv", f"{endpoint}_csv", csv)
        blueprint.add_url_rule(f"/{listing.name}.xlsx", f"{endpoint}_xlsx", xlsx)
