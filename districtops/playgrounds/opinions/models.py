"""What residents said, without their names, and the way of each opinion to its answer."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import DistrictScoped, within_district
from districtops.playgrounds.places.models import Playground


class Topic(LabelledEnum):
    """What an opinion is about."""

    SAFETY = "safety", _l("Safety facilities")
    CONVENIENCE = "convenience", _l("Convenience facilities")
    HOURS = "hours", _l("Opening hours")
    CLEANLINESS = "cleanliness", _l("Cleanliness")
    OTHER = "other_topic", _l("Another topic")


class Step(LabelledEnum):
    """How far an opinion has come."""

    RECEIVED = "received", _l("Received")
    REVIEWED = "reviewed", _l("Reviewed")
    ACCEPTED = "accepted", _l("Accepted")
    NOT_ACCEPTED = "not_accepted", _l("Not accepted")
    DONE = "carried_out", _l("Carried out")
    ANSWERED = "answered", _l("Answered")


NEXT: dict[Step, tuple[Step, ...]] = {
    Step.RECEIVED: (Step.REVIEWED,),
    Step.REVIEWED: (Step.ACCEPTED, Step.NOT_ACCEPTED),
    Step.ACCEPTED: (Step.DONE,),
    Step.NOT_ACCEPTED: (Step.ANSWERED,),
    Step.DONE: (Step.ANSWERED,),
    Step.ANSWERED: (),
}
"""Which steps may follow; one that is not accepted is answered too, with its reason."""


class Feedback(DistrictScoped, Versioned, Base):
    """An opinion of a resident. The day of each step is kept, and the reason where it is not accepted."""

    __tablename__ = "playgrounds_feedback"
    __label__ = _l("Resident feedback")
    __constraints__ = (
        within_district("playground_id", "playgrounds_playground"),
        CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name="answered_after_it_came"),
        Index("ix_playgrounds_feedback_playground", "district_id", "playground_id", "received_on"),
        Index("ix_playgrounds_feedback_received", "district_id", "received_on", "id"),
        Index("ix_playgrounds_feedback_step", "district_id", "step", "id"),
        Index("ix_playgrounds_feedback_topic", "district_id", "topic", "id"),
    )

    playground_id: Mapped[int] = labelled(_l("Playground"), info={"silent": True})
    received_on: Mapped[dt.date] = labelled(_l("Received on"))
    topic: Mapped[Topic] = labelled(_l("Topic"))
    text: Mapped[Words] = labelled(_l("Opinion"))
    step: Mapped[Step] = labelled(_l("State"))
    reviewed_on: Mapped[dt.date | None] = labelled(_l("Reviewed on"))
    decided_on: Mapped[dt.date | None] = labelled(_l("Decided on"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    done_on: Mapped[dt.date | None] = labelled(_l("Carried out on"))
    improvement: Mapped[Words | None] = labelled(_l("Facility improvement"))
    answered_on: Mapped[dt.date | None] = labelled(_l("Answered on"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(80))

    playground: Mapped[Playground] = relationship(
        primaryjoin="foreign(Feedback.playground_id) == Playground.id", lazy="joined", innerjoin=True, viewonly=True
    )
