"""The columns by which every list of projects says which project a row is."""

from flask_babel import lazy_pgettext

from districtops.kit.columns import Column, Kind
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.figures import ProjectFigures

ID = Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=ProjectFigures.id, on_page=False)

TITLE = Column(
    key="title",
    label=lazy_pgettext("heading of names", "Project"),
    expression=queries.figures_title_column,
    sort=queries.figures_title_column,
    primary=True,
    main=True,
)

DEPARTMENT = Column(key="department", label=_l("Department"), expression=queries.department_column)
