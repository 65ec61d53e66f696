"""What was changed: old and new value, by whom, when and in which request. Rows are only added."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from districtops.kit.db import Base
from districtops.models.scoped import DistrictScoped


class ChangeRecord(DistrictScoped, Base):
    """One row that was added, changed or removed. ``changes`` maps a column to ``[old, new]``, ids and codes as they
    stand in the database; of personal columns only the name is kept (``null, null``)."""

    __tablename__ = "change_record"
    __silent__ = "the record of changes itself"
    __append_only__ = True
    __constraints__ = (
        Index("ix_change_record_program", "district_id", "program_id", "id"),
        Index("ix_change_record_row", "district_id", "table_name", "row_id"),
    )

    district_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("district.id"), sort_order=-90
    )
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None]
    request_id: Mapped[str | None] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(16))
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int]
    program_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
