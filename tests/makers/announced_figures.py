"""Makes announced figures for tests."""

from decimal import Decimal
from typing import Any

from factories import Maker

from districtops.kit.measured import FigureUnit, Measure
from districtops.kit.text import Words
from districtops.models import AnnouncedFigure, District


def announced(make: Maker, value: int | str, district: District | None = None, **columns: Any) -> AnnouncedFigure:
    """A statement that so many New Deal projects run in 2022, unless ``columns`` say something else."""
    values: dict[str, Any] = {
        "statement": Words(en=f"{value} projects in 2022"),
        "year": 2022,
        "measure": Measure.AMOUNT,
        "unit": FigureUnit.COUNT,
        "step": Decimal(1),
        "figure": "new_deal.projects",
        **columns,
    }
    return make.keep(AnnouncedFigure(value=Decimal(value), **values), district)
