"""Indicators as a list: which project reaches its goal."""

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.columns import DEPARTMENT, ID, TITLE
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.indicators.forms import IndicatorFilter
from districtops.new_deal.models import Project

indicators = Listing(
    name="indicators",
    title=_l("Goals of New Deal projects"),
    purpose=_l("Does each project reach its goal? The way from the base to the target, by the latest reading."),
    source=queries.with_figures,
    row_id=ProjectFigures.id,
    own_table=True,
    form=IndicatorFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.id, _anchor="indicator"),
    default_sort="achievement",
    empty_text=_l("No project is recorded yet. File the first one with its indicator, and it appears here."),
    # Derived from the row: the database keeps them in thousandths.
    extra=(("kpi_base", Project.kpi_base), ("kpi_target", Project.kpi_target), ("kpi_actual", Project.kpi_actual)),
    columns=(
        ID,
        TITLE,
        DEPARTMENT,
        Column(key="indicator", label=_l("Performance indicator"), expression=Project.kpi_name),
        Column(key="unit", label=_l("Unit of the indicator"), expression=Project.kpi_unit, blank="–"),
        Column(key="base", label=_l("Base value"), kind=Kind.NUMBER, derive=lambda row: row.kpi_base),
        Column(key="target", label=_l("Target value"), kind=Kind.NUMBER, derive=lambda row: row.kpi_target),
        Column(key="actual", label=_l("Actual value"), kind=Kind.NUMBER, derive=lambda row: row.kpi_actual),
        Column(
            key="measured_on", label=_l("Measured on"), kind=Kind.DATE, expression=ProjectFigures.measured_on, blank="–"
        ),
        Column(
            key="achievement",
            label=_l("Part of the way"),
            kind=Kind.PERCENT,
            unit="%",
            expression=ProjectFigures.achievement,
            sort=ProjectFigures.achievement,
            main=True,
        ),
        Column(key="goal", label=_l("Goal"), kind=Kind.ENUM, expression=ProjectFigures.goal, main=True),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ProjectFigures.sample, on_page=False),
    ),
)
