"""What the pages of announced figures ask."""

from collections.abc import Sequence

from sqlalchemy import select

from districtops.announced_figures.rules import Line
from districtops.kit.db import AnyRow, db
from districtops.models import AnnouncedFigure, FrozenFigure, FrozenRow
from districtops.models.queries import rows_of

CHECKED = (
    AnnouncedFigure.id,
    AnnouncedFigure.district_id,
    AnnouncedFigure.figure,
    AnnouncedFigure.year,
    AnnouncedFigure.measure,
    AnnouncedFigure.announced_on,
    AnnouncedFigure.unit,
    AnnouncedFigure.value,
    AnnouncedFigure.step,
    AnnouncedFigure.compared,
    AnnouncedFigure.base,
    AnnouncedFigure.base_step,
)
"""What a Check reads of a statement."""


def statements() -> Sequence[AnyRow]:
    """Every statement, with what a Check reads of it."""
    return db.session.execute(select(*CHECKED).order_by(AnnouncedFigure.id)).all()


def figures_claimed() -> list[str]:
    """The figures that statements name, each once."""
    found = select(AnnouncedFigure.figure).group_by(AnnouncedFigure.figure).order_by(AnnouncedFigure.figure)
    return [figure for figure in db.session.execute(found).scalars() if figure]


def years() -> list[int]:
    """The years that statements speak of, the latest first."""
    found = select(AnnouncedFigure.year).group_by(AnnouncedFigure.year).order_by(AnnouncedFigure.year.desc())
    return list(db.session.execute(found).scalars())


def frozen_of(statement: AnnouncedFigure) -> Sequence[FrozenFigure]:
    """What was frozen for a statement, the latest first."""
    return rows_of(
        select(FrozenFigure).where(FrozenFigure.announced_id == statement.id).order_by(FrozenFigure.id.desc())
    )


def frozen_lines(frozen: FrozenFigure) -> list[Line]:
    """The rows of a frozen figure, in their order."""
    rows = db.session.execute(
        select(FrozenRow.key, FrozenRow.label, FrozenRow.value, FrozenRow.sample)
        .where(FrozenRow.frozen_id == frozen.id)
        .order_by(FrozenRow.id)
    )
    return [Line(row.key, row.label, row.value, row.sample) for row in rows]
