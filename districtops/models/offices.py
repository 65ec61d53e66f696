"""The districts and how each office is organised on a given day."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, _l, in_language
from districtops.models.scoped import DistrictScoped, within_district


class District(Base):
    """A district (gu). ``code`` is the five-digit administrative code, ``slug`` its short name in English."""

    __tablename__ = "district"
    __label__ = _l("District")

    code: Mapped[str] = mapped_column(String(5), unique=True)
    slug: Mapped[str] = mapped_column(String(32), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    name_ko: Mapped[str] = mapped_column(String(80))

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)


class Installation(Base):
    """One row: what this database is. A demonstration says so on every page and has an as-of date."""

    __tablename__ = "installation"
    __label__ = _l("Installation")
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    demonstration: Mapped[bool]
    as_of: Mapped[dt.date | None]
    made_at: Mapped[dt.datetime]


class DepartmentKind(LabelledEnum):
    """The levels of a district office."""

    BUREAU = "bureau", _l("Bureau")
    DIVISION = "division", _l("Division")
    OFFICE = "office", _l("Office")
    TEAM = "team", _l("Team")
    CENTRE = "centre", _l("Centre")


class Department(DistrictScoped, Versioned, Base):
    """A bureau, division or team, with the days on which it existed: offices are renamed every year or two."""

    __tablename__ = "department"
    __label__ = _l("Division or team")
    __constraints__ = (
        UniqueConstraint("district_id", "code"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="valid_in_order"),
        within_district("parent_id", "department"),
        within_district("successor_id", "department"),
        Index("ix_department_parent", "district_id", "parent_id"),
    )

    code: Mapped[str] = labelled(_l("Code"), String(32))
    kind: Mapped[DepartmentKind] = labelled(_l("Level"))
    name_en: Mapped[str] = labelled(_l("Name in English"), String(120))
    name_ko: Mapped[str] = labelled(_l("Name in Korean"), String(120))
    parent_id: Mapped[int | None] = labelled(_l("Part of"), info={"names": "department"})
    successor_id: Mapped[int | None] = labelled(_l("Continued as"), info={"names": "department"})
    valid_from: Mapped[dt.date | None] = labelled(_l("Exists from"))
    valid_to: Mapped[dt.date | None] = labelled(_l("Existed until"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    parent: Mapped["Department | None"] = relationship(
        primaryjoin="foreign(Department.parent_id) == remote(Department.id)", viewonly=True
    )
    successor: Mapped["Department | None"] = relationship(
        primaryjoin="foreign(Department.successor_id) == remote(Department.id)", viewonly=True
    )

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)

    def exists_on(self, day: dt.date) -> bool:
        """Whether the department existed on that day; an open end means that it did."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class OfficeHolder(DistrictScoped, Base):
    """Who held a public office, between which days; an unknown day stays empty."""

    __tablename__ = "office_holder"
    __label__ = _l("Office holder")
    __constraints__ = (Index("ix_office_holder_post", "district_id", "post"),)

    post: Mapped[str] = labelled(_l("Post"), String(32))
    name_en: Mapped[str] = labelled(_l("Name in English"), String(120))
    name_ko: Mapped[str] = labelled(_l("Name in Korean"), String(120))
    known_on: Mapped[dt.date] = labelled(_l("Known to hold it on"))
    valid_from: Mapped[dt.date | None] = labelled(_l("In office from"))
    valid_to: Mapped[dt.date | None] = labelled(_l("In office until"))
    fact: Mapped[str | None] = labelled(_l("Source"), String(16))

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)
