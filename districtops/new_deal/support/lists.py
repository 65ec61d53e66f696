"""The measures beside the projects as a list."""

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.new_deal.models import Programme
from districtops.new_deal.support.forms import MeasureFilter
from districtops.new_deal.support.models import SupportMeasure
from districtops.new_deal.support.queries import with_year

measures = Listing(
    name="support",
    title=_l("Support measures of the New Deal"),
    purpose=_l("What does the programme do beside its projects, and what came of it?"),
    create=(_l("New measure"), "new_deal.add_measure"),
    source=with_year,
    row_id=SupportMeasure.id,
    form=MeasureFilter,
    link=lambda row: url_for("new_deal.show_measure", measure_id=row.id),
    default_sort="kind",
    empty_text=_l("No measure is recorded yet. Plan the first one: training, awards, ideas, contests or opinions."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=SupportMeasure.id, on_page=False),
        Column(key="name", label=_l("Support measure"), expression=SupportMeasure.name, primary=True, main=True),
        Column(key="fiscal_year", label=_l("Fiscal year"), kind=Kind.YEAR, expression=Programme.fiscal_year),
        Column(
            key="kind",
            label=_l("Kind of measure"),
            kind=Kind.ENUM,
            expression=SupportMeasure.kind,
            sort=SupportMeasure.kind,
        ),
        Column(
            key="planned_on",
            label=_l("Planned for"),
            kind=Kind.DATE,
            expression=SupportMeasure.planned_on,
            sort=SupportMeasure.planned_on,
        ),
        Column(
            key="held_on",
            label=_l("Held on"),
            kind=Kind.DATE,
            expression=SupportMeasure.held_on,
            sort=SupportMeasure.held_on,
            blank="–",
            main=True,
        ),
        Column(key="place", label=_l("Place"), expression=SupportMeasure.place, on_page=False),
        Column(key="target_group", label=_l("Target group"), expression=SupportMeasure.target_group),
        Column(
            key="participants",
            label=_l("Participants"),
            kind=Kind.NUMBER,
            expression=SupportMeasure.participants,
            sort=SupportMeasure.participants,
            blank="–",
        ),
        Column(key="result", label=_l("Result"), expression=SupportMeasure.result, blank="–"),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=SupportMeasure.sample, on_page=False),
    ),
)
