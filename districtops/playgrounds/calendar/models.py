"""The table of public holidays, which an office fills from a library and then keeps itself."""

import datetime as dt

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import DistrictScoped, within_district


class HolidayKind(LabelledEnum):
    """What makes a day a public holiday."""

    PUBLIC = "public", _l("Public holiday")
    SUBSTITUTE = "substitute", _l("Substitute holiday")
    TEMPORARY = "temporary", _l("Temporary holiday")
    ELECTION = "election", _l("Election day")


class Occasion(LabelledEnum):
    """The two holidays whose periods close a playground, and all others, which do not."""

    OTHER = "other", _l("Another holiday: open")
    SEOLLAL = "seollal", _l("Lunar New Year period")
    CHUSEOK = "chuseok", _l("Chuseok period")


class Holiday(DistrictScoped, Versioned, Base):
    """A public holiday and where it was taken from; ``imported_at`` is None for one that an officer entered."""

    __tablename__ = "playgrounds_holiday"
    __label__ = _l("Public holiday")
    __constraints__ = (
        UniqueConstraint("district_id", "on_date", "name"),
        Index("ix_playgrounds_holiday_day", "district_id", "on_date", "id"),
    )

    on_date: Mapped[dt.date] = labelled(_l("Day"))
    name: Mapped[Words] = labelled(_l("Holiday"))
    kind: Mapped[HolidayKind] = labelled(_l("Kind"))
    occasion: Mapped[Occasion] = labelled(_l("Belongs to"))
    source: Mapped[str] = labelled(_l("Source"), String(120))
    imported_at: Mapped[dt.datetime | None] = labelled(_l("Imported at"))


class HolidayYear(DistrictScoped, Base):
    """Somebody compared the holidays of a year with the official announcement. Only added to."""

    __tablename__ = "playgrounds_holiday_year"
    __label__ = _l("Confirmed holidays of a year")
    __append_only__ = True
    __constraints__ = (
        within_district("by_id", "user_account"),
        Index("ix_playgrounds_holiday_year_year", "district_id", "year", "id"),
    )

    year: Mapped[int] = labelled(_l("Year"))
    source: Mapped[str] = labelled(_l("Compared with"), String(120))
    confirmed_on: Mapped[dt.date] = labelled(_l("Confirmed on"))
    by_id: Mapped[int | None] = labelled(_l("Confirmed by"), info={"names": "user_account"})
