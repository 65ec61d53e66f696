"""Readings of a project's indicator. What is measured, from where to where, stands on the project itself."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, labelled
from districtops.kit.text import Words, _l
from districtops.models import DistrictScoped, User, within_district


class Reading(DistrictScoped, Base):
    """What an indicator showed on a day. A wrong one is never changed: a correction takes its place, once."""

    __tablename__ = "new_deal_reading"
    __label__ = _l("Reading of the indicator")
    __append_only__ = True
    __constraints__ = (
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        within_district("replaces_id", "new_deal_reading"),
        within_district("by_id", "user_account"),
        UniqueConstraint("district_id", "replaces_id"),
        Index("ix_new_deal_reading_project", "district_id", "project_id", "on_date"),
        Index("ix_new_deal_reading_program", "district_id", "program_id", "on_date"),
    )

    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    on_date: Mapped[dt.date] = labelled(_l("Measured on"))
    value: Mapped[Decimal] = labelled(_l("Value"))
    note: Mapped[Words | None] = labelled(_l("Note"))
    replaces_id: Mapped[int | None] = labelled(_l("Replaces the reading"), info={"silent": True})
    at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    by: Mapped[User | None] = relationship(primaryjoin="foreign(Reading.by_id) == User.id", viewonly=True)
