"""Residents' opinions as a list."""

from flask import url_for
from flask_babel import lazy_pgettext

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.new_deal.columns import DEPARTMENT
from districtops.new_deal.opinions.forms import OpinionFilter
from districtops.new_deal.opinions.models import Opinion
from districtops.new_deal.opinions.queries import subject_column, with_places

opinions = Listing(
    name="opinions",
    title=_l("Resident opinions on the New Deal"),
    purpose=_l("What did residents say, and what became of it?"),
    create=(_l("New opinion"), "new_deal.add_opinion"),
    source=with_places,
    row_id=Opinion.id,
    form=OpinionFilter,
    link=lambda row: url_for("new_deal.show_opinion", opinion_id=row.id),
    default_sort="-received_on",
    empty_text=_l("No opinion is recorded yet. Enter the first one as it was received, without who gave it."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=Opinion.id, on_page=False),
        Column(
            key="received_on",
            label=_l("Received on"),
            kind=Kind.DATE,
            expression=Opinion.received_on,
            sort=Opinion.received_on,
            main=True,
        ),
        Column(key="title", label=lazy_pgettext("heading of names", "Project"), expression=subject_column),
        Column(key="channel", label=_l("Channel"), kind=Kind.ENUM, expression=Opinion.channel, on_page=False),
        Column(key="text", label=_l("Opinion"), expression=Opinion.text, primary=True, main=True),
        Column(key="state", label=_l("State"), kind=Kind.ENUM, expression=Opinion.state, sort=Opinion.state, main=True),
        Column(key="reason", label=_l("Reason"), expression=Opinion.reason, on_page=False),
        Column(
            key="done_on",
            label=_l("Carried out on"),
            kind=Kind.DATE,
            expression=Opinion.done_on,
            sort=Opinion.done_on,
            blank="–",
        ),
        Column(
            key="answered_on",
            label=_l("Answered on"),
            kind=Kind.DATE,
            expression=Opinion.answered_on,
            sort=Opinion.answered_on,
            blank="–",
        ),
        Column(
            key="days",
            label=_l("Days to the answer"),
            kind=Kind.NUMBER,
            expression=Opinion.days,
            sort=Opinion.days,
            blank="–",
        ),
        DEPARTMENT,
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=Opinion.sample, on_page=False),
    ),
)
