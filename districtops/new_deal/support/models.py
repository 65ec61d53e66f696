"""The measures by which the programme supports its projects, planned and held."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import DistrictScoped, within_district
from districtops.new_deal.models import Programme

TABLE = "new_deal_support_measure"
SORTS = ("kind", "planned_on", "held_on", "participants")


class MeasureKind(LabelledEnum):
    """What a measure is (fact ND-035 names five)."""

    TRAINING = "training", _l("Training of staff")
    AWARD = "award", _l("Awards for divisions")
    DISCOVERY = "discovery", _l("Discovery of ideas")
    CONTEST_SUPPORT = "contest_support", _l("Contest support")
    RESIDENT_OPINIONS = "resident_opinions", _l("Resident opinions")
    OTHER = "other", _l("Another measure")


class SupportMeasure(DistrictScoped, Versioned, Base):
    """Something that the programme does beside its projects (fact ND-035). It is held once its day and its result are
    known; until then it is planned, with a day or without one."""

    __tablename__ = TABLE
    __label__ = _l("Support measure")
    __constraints__ = (
        within_district("programme_id", "new_deal_programme"),
        CheckConstraint("(held_on IS NULL) = (result IS NULL)", name="held_with_result"),
        CheckConstraint("participants IS NULL OR participants >= 0", name="participants"),
        Index(f"ix_{TABLE}_programme", "district_id", "programme_id"),
        *(Index(f"ix_{TABLE}_{name}", "district_id", name, "id") for name in SORTS),
    )

    programme_id: Mapped[int] = labelled(_l("Annual programme"), info={"silent": True})
    kind: Mapped[MeasureKind] = labelled(_l("Kind of measure"))
    name: Mapped[Words] = labelled(_l("Support measure"))
    planned_on: Mapped[dt.date | None] = labelled(_l("Planned for"))
    held_on: Mapped[dt.date | None] = labelled(_l("Held on"))
    place: Mapped[Words | None] = labelled(_l("Place"))
    target_group: Mapped[Words | None] = labelled(_l("Target group"))
    participants: Mapped[int | None] = labelled(_l("Participants"))
    result: Mapped[Words | None] = labelled(_l("Result"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(16))

    programme: Mapped[Programme] = relationship(
        primaryjoin="foreign(SupportMeasure.programme_id) == Programme.id",
        lazy="joined",
        innerjoin=True,
        viewonly=True,
    )
