"""What belongs to one district: the column, references that cannot leave it, and which of its rows are shown."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Text,
    UniqueConstraint,
    and_,
    column,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

PROGRAMS = table("program", column("id", Integer), column("district_id", Integer), column("deleted_at", Text))
"""The table alone: asked through the class, deleted programs would not be found."""


class DistrictScoped:
    """A row of one district. The guard filters every read by it, stamps new rows and refuses foreign ones."""

    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), sort_order=-90, info={"silent": True})

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        # What references point at, so that the database itself refuses a parent in another district.
        return (UniqueConstraint("district_id", "id"), *getattr(cls, "__constraints__", ()))

    @classmethod
    def shown(cls, districts: Any) -> ColumnElement[bool]:
        """The condition of the rows of these districts that are shown: of programs those that are not deleted, and of
        whatever carries a ``program_id`` what hangs on such a program. The guard adds it to every statement, so that no
        module has to remember deleted records. What is computed from rows (``__silent__``) follows them by itself.
        """
        within: ColumnElement[bool] = cls.district_id.in_(districts)
        deleted_at, program_id = getattr(cls, "deleted_at", None), getattr(cls, "program_id", None)
        if deleted_at is not None:
            return and_(within, deleted_at.is_(None))
        if program_id is None or hasattr(cls, "__silent__"):
            return within
        # Few are deleted at a time, and an index holds them alone: asked once a statement, not once a row.
        gone = select(PROGRAMS.c.id).where(PROGRAMS.c.district_id.in_(districts), PROGRAMS.c.deleted_at.is_not(None))
        hangs_on_it = program_id.not_in(gone)
        if program_id.expression.nullable:
            # What may also belong to no program is shown while it does.
            hangs_on_it = or_(program_id.is_(None), hangs_on_it)
        return and_(within, hangs_on_it)


def within_district(name: str, target: str) -> ForeignKeyConstraint:
    """A reference from the column ``name`` to a row of ``target`` in the same district: a composite foreign key."""
    return ForeignKeyConstraint(["district_id", name], [f"{target}.district_id", f"{target}.id"])
