"""What was changed, seen and taken away: by whom, when and in which request. Rows are only added, and each is chained
to the one before it, so that a later change of any of them shows."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from districtops.kit.db import Base
from districtops.models.scoped import DistrictScoped

CHANGES = ("added", "changed", "removed")
"""The acts that change a row. Every other act is recorded because somebody saw something, or took it away."""


class ChangeRecord(DistrictScoped, Base):
    """One row that was added, changed or removed, or something that was seen or exported.

    ``changes`` maps a column to ``[old, new]``, ids and codes as they stand in the database; of personal columns only
    the name is kept (``null, null``). ``chain`` is the district's id, 0 for what belongs to none; in a chain ``seq``
    counts from 1, ``prev`` repeats the ``mac`` before, and ``mac`` is the keyed digest over all of it (guard.chain).
    """

    __tablename__ = "change_record"
    __silent__ = "the record of changes itself"
    __append_only__ = True
    __constraints__ = (
        UniqueConstraint("chain", "seq"),
        UniqueConstraint("chain", "prev"),
        Index("ix_change_record_program", "district_id", "program_id", "id"),
        Index("ix_change_record_row", "district_id", "table_name", "row_id", "id"),
        Index("ix_change_record_actor", "district_id", "actor_id", "id"),
        Index("ix_change_record_act", "district_id", "act", "id"),
        Index("ix_change_record_at", "district_id", "at", "id"),
        Index("ix_change_record_request", "district_id", "request_id", "id"),
    )

    district_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("district.id"), sort_order=-90
    )
    chain: Mapped[int]
    seq: Mapped[int]
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(16))
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int]
    program_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    key_id: Mapped[str] = mapped_column(String(16))
    prev: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class SentForm(Base):
    """A form that was sent and answered. Its key is random and made with the page, so that a second arrival of the same
    form is led to what the first one saved."""

    __tablename__ = "sent_form"
    __table_args__ = (Index("ix_sent_form_at", "at"),)
    __silent__ = "the key of a form, not a change of the office's data"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(2000))
    at: Mapped[dt.datetime]
