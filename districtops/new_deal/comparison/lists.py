"""New, continued and ended projects as a list."""

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.new_deal.columns import DEPARTMENT, ID, TITLE
from districtops.new_deal.comparison.forms import LineageFilter
from districtops.new_deal.comparison.queries import after_program, before, with_lineage
from districtops.new_deal.figures import ProjectFigures

WON = _l("won")

changes = Listing(
    name="changes",
    title=_l("New, continued and ended projects"),
    purpose=_l("Which project continues which of the year before, and with how much money?"),
    source=with_lineage,
    row_id=ProjectFigures.id,
    form=LineageFilter,
    link=lambda row: url_for("new_deal.show", project_id=row.id),
    default_sort="code",
    empty_text=_l("No project is recorded yet. File the first one, and it appears here and on the dashboard."),
    columns=(
        ID,
        Column(key="code", label=_l("Code"), expression=ProjectFigures.code, sort=ProjectFigures.code),
        TITLE,
        Column(key="category", label=_l("Category"), kind=Kind.ENUM, expression=ProjectFigures.category),
        DEPARTMENT,
        Column(
            key="fiscal_year",
            label=_l("Fiscal year"),
            kind=Kind.YEAR,
            expression=ProjectFigures.fiscal_year,
            on_page=False,
        ),
        Column(
            key="budget_won",
            label=_l("Budget"),
            kind=Kind.WON,
            unit=WON,
            expression=ProjectFigures.budget_won,
            sort=ProjectFigures.budget_won,
            main=True,
        ),
        Column(key="continues", label=_l("Continues"), expression=lambda: before().code, blank="–"),
        Column(
            key="before_won",
            label=_l("Budget of the one before"),
            kind=Kind.WON,
            unit=WON,
            expression=lambda: before().budget_won,
            blank="–",
        ),
        Column(
            key="difference_won",
            label=_l("Difference"),
            kind=Kind.WON,
            unit=WON,
            expression=lambda: ProjectFigures.budget_won - before().budget_won,
            blank="–",
        ),
        Column(key="continued_by", label=_l("Continued by"), expression=lambda: after_program().code, blank="–"),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=ProjectFigures.sample, on_page=False),
    ),
)
