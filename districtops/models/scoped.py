"""What belongs to one district: the column, and references that cannot leave it."""

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class DistrictScoped:
    """A row of one district. The guard filters every read by it, stamps new rows and refuses foreign ones."""

    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), sort_order=-90, info={"silent": True})

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        # What references point at, so that the database itself refuses a parent in another district.
        return (UniqueConstraint("district_id", "id"), *getattr(cls, "__constraints__", ()))


def within_district(column: str, table: str) -> ForeignKeyConstraint:
    """A reference from ``column`` to a row of ``table`` in the same district: a composite foreign key."""
    return ForeignKeyConstraint(["district_id", column], [f"{table}.district_id", f"{table}.id"])
