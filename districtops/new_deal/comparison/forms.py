"""Which project another continues, and how the list of new, continued and ended ones is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement

from districtops.kit.filters import ANY
from districtops.kit.forms import EnumField, IdField, VersionedForm, text_field
from districtops.kit.listing import FilterForm
from districtops.kit.text import _l
from districtops.models import search
from districtops.new_deal import queries
from districtops.new_deal.comparison.queries import is_of
from districtops.new_deal.comparison.rules import Lineage
from districtops.new_deal.figures import ProjectFigures
from districtops.new_deal.models import Category


class ContinuesForm(VersionedForm):
    """The project of the year before that one continues."""

    code = text_field(
        _l("Code of the project before"),
        32,
        required=False,
        description=_l("Such as ND-2021-05. Empty where the project is new."),
    )


class LineageFilter(FilterForm):
    """How the list of new, continued and ended projects is narrowed."""

    programme = IdField(_l("Annual programme"), required=False, blank=ANY)
    change = EnumField(_l("Against the other year"), Lineage, blank=ANY)
    category = EnumField(_l("Category"), Category, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme.offer((p.id, f"{p.fiscal_year} · {p.name}") for p in queries.programmes())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        found: list[ColumnElement[bool]] = []
        if self.programme.data is not None:
            found.append(ProjectFigures.programme_id == self.programme.data)
        if self.change.data is not None:
            found.append(is_of(self.change.data))
        if self.category.data is not None:
            found.append(ProjectFigures.category == self.category.data)
        if self.q.data:
            texts = (ProjectFigures.title_en, ProjectFigures.title_ko, ProjectFigures.code)
            found.append(search.named(self.q.data, ProjectFigures.program_id, *texts))
        return found
