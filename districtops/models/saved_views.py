"""Ways of looking at a list that people keep: its filters, its order and its columns under a name."""

from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import _l
from districtops.models.offices import Department
from districtops.models.people import User
from districtops.models.scoped import DistrictScoped, within_district


class SavedView(DistrictScoped, Versioned, Base):
    """A view of one list, of its owner alone or shared with a division.

    ``list_name`` is a blueprint's name, a dot and the list's endpoint; ``query`` what ``lists.queries`` writes. What
    was looked for may name people, so the record of changes keeps that it changed and not what it says.
    """

    __tablename__ = "saved_view"
    __label__ = _l("Saved view")
    __constraints__ = (
        UniqueConstraint("district_id", "list_name", "owner_id", "name"),
        within_district("owner_id", "user_account"),
        within_district("department_id", "department"),
        Index("ix_saved_view_department", "district_id", "list_name", "department_id"),
    )

    list_name: Mapped[str] = labelled(_l("List"), String(80))
    name: Mapped[str] = labelled(_l("Name of the view"), String(80))
    query: Mapped[dict[str, Any]] = labelled(_l("Filters, order and columns"), JSON, info={"personal": True})
    owner_id: Mapped[int] = labelled(_l("Owner"), info={"names": "user_account"})
    department_id: Mapped[int | None] = labelled(_l("Shared with"), info={"names": "department"})

    owner: Mapped[User] = relationship(
        primaryjoin="foreign(SavedView.owner_id) == User.id", lazy="joined", viewonly=True
    )
    department: Mapped[Department | None] = relationship(
        primaryjoin="foreign(SavedView.department_id) == Department.id", lazy="joined", viewonly=True
    )

    @property
    def token(self) -> str:
        """The view as a form names it: with its version, so that nobody changes or removes another one than seen."""
        return f"{self.id}-{self.version}"
