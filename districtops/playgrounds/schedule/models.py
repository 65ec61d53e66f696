"""The rows of a schedule. A published row is never edited: another one replaces it, so that what was known stays so."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, kept_as, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models import DistrictScoped, User, within_district
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Cause, Kind, MonthDay, Period


class Standing(LabelledEnum):
    """How far an entry has come. Only what is published counts for an answer."""

    DRAFT = "draft", _l("Draft")
    APPROVED = "approved", _l("Approved")
    PUBLISHED = "published", _l("Published")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class Weekday(LabelledEnum):
    """A day of the week, Monday first."""

    MON = "mon", _l("Monday")
    TUE = "tue", _l("Tuesday")
    WED = "wed", _l("Wednesday")
    THU = "thu", _l("Thursday")
    FRI = "fri", _l("Friday")
    SAT = "sat", _l("Saturday")
    SUN = "sun", _l("Sunday")

    @property
    def number(self) -> int:
        """0 for Monday, as dates count."""
        return list(Weekday).index(self)


class Entry(DistrictScoped, Versioned, Base):
    """One entry of a playground's schedule: hours, a season, a closure or an opening, with its reason and approval.

    It speaks from ``first_on`` to ``last_on`` (None: until further notice), within these between ``yearly_from`` and
    ``yearly_to`` of each year (``MM-DD``), on ``weekday`` alone where one is named. ``published_at`` and
    ``withdrawn_at`` say when it was known, so that the answer of any moment can be given again.
    """

    __tablename__ = "playgrounds_entry"
    __label__ = _l("Schedule entry")
    __constraints__ = (
        within_district("playground_id", "playgrounds_playground"),
        within_district("drafted_by_id", "user_account"),
        within_district("approved_by_id", "user_account"),
        within_district("replaces_id", "playgrounds_entry"),
        CheckConstraint("last_on IS NULL OR last_on >= first_on", name="days_in_order"),
        CheckConstraint("opens IS NULL OR closes IS NULL OR opens < closes", name="opens_before_it_closes"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_times"),
        CheckConstraint("(yearly_from IS NULL) = (yearly_to IS NULL)", name="both_ends_of_a_year"),
        CheckConstraint(
            "withdrawn_at IS NULL OR published_at IS NULL OR withdrawn_at >= published_at", name="known_in_order"
        ),
        Index("ix_playgrounds_entry_playground", "district_id", "playground_id", "id"),
        Index("ix_playgrounds_entry_published", "district_id", "published_at", "id"),
        Index("ix_playgrounds_entry_standing", "district_id", "standing", "id"),
    )

    playground_id: Mapped[int] = labelled(_l("Playground"), info={"silent": True})
    kind: Mapped[Kind] = labelled(_l("Kind"))
    cause: Mapped[Cause | None] = labelled(_l("Cause"))
    first_on: Mapped[dt.date] = labelled(_l("From day"))
    last_on: Mapped[dt.date | None] = labelled(_l("To day"))
    yearly_from: Mapped[str | None] = labelled(_l("Each year from"), String(5))
    yearly_to: Mapped[str | None] = labelled(_l("Each year to"), String(5))
    weekday: Mapped[Weekday | None] = labelled(_l("Day of the week"))
    opens: Mapped[dt.time | None] = labelled(_l("From time"))
    closes: Mapped[dt.time | None] = labelled(_l("Until time"))
    reason: Mapped[Words] = labelled(_l("Reason"))
    notice_url: Mapped[str | None] = labelled(_l("Address of the notice"), String(300))
    standing: Mapped[Standing] = labelled(_l("State"), kept_as(Standing, "standing"))
    drafted_by_id: Mapped[int | None] = labelled(_l("Drafted by"), info={"names": "user_account"})
    drafted_at: Mapped[dt.datetime] = labelled(_l("Drafted at"), info={"silent": True})
    approved_by_id: Mapped[int | None] = labelled(_l("Approved by"), info={"names": "user_account"})
    approved_at: Mapped[dt.datetime | None] = labelled(_l("Approved at"), info={"silent": True})
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    published_at: Mapped[dt.datetime | None] = labelled(_l("Published at"))
    withdrawn_at: Mapped[dt.datetime | None] = labelled(_l("Withdrawn at"))
    withdrawal_reason: Mapped[Words | None] = labelled(_l("Reason for the withdrawal"))
    replaces_id: Mapped[int | None] = labelled(_l("Replaces the entry"), info={"silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
    fact: Mapped[str | None] = labelled(_l("Source"), String(80))

    playground: Mapped[Playground] = relationship(
        primaryjoin="foreign(Entry.playground_id) == Playground.id", lazy="joined", innerjoin=True, viewonly=True
    )
    drafted_by: Mapped[User | None] = relationship(primaryjoin="foreign(Entry.drafted_by_id) == User.id", viewonly=True)
    approved_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(Entry.approved_by_id) == User.id", viewonly=True
    )

    @property
    def period(self) -> Period:
        """The entry as the rules read it."""
        return Period(
            id=self.id or 0,
            kind=self.kind,
            first=self.first_on,
            last=self.last_on,
            yearly=(month_day(self.yearly_from), month_day(self.yearly_to))
            if self.yearly_from and self.yearly_to
            else None,
            weekday=self.weekday.number if self.weekday else None,
            hours=(self.opens, self.closes) if self.opens is not None and self.closes is not None else None,
            cause=self.cause,
            reason=self.reason,
        )


def month_day(text: str) -> MonthDay:
    """``04-01`` as (4, 1)."""
    month, _, day = text.partition("-")
    return int(month), int(day)
