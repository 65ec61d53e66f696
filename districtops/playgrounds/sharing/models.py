"""The secret addresses under which other programs may read a playground's opening times."""

import datetime as dt

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import Words, _l
from districtops.models import DistrictScoped, within_district


class CalendarAddress(DistrictScoped, Versioned, Base):
    """A secret address of a calendar. Only a keyed digest of its secret is kept: whoever lost the address makes a new
    one, and a database that is stolen opens none."""

    __tablename__ = "playgrounds_calendar_address"
    __label__ = _l("Calendar address")
    __constraints__ = (
        within_district("playground_id", "playgrounds_playground"),
        within_district("made_by_id", "user_account"),
        UniqueConstraint("digest"),
        Index("ix_playgrounds_calendar_address_playground", "district_id", "playground_id", "id"),
    )

    playground_id: Mapped[int] = labelled(_l("Playground"), info={"silent": True})
    label: Mapped[Words] = labelled(_l("Used by"))
    digest: Mapped[str] = labelled(_l("Secret"), String(64), info={"secret": True})
    made_at: Mapped[dt.datetime] = labelled(_l("Made at"))
    made_by_id: Mapped[int | None] = labelled(_l("Made by"), info={"names": "user_account"})
    revoked_at: Mapped[dt.datetime | None] = labelled(_l("Revoked at"))
