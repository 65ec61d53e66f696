"""Decisions about what is left of a project's money at the end of a fiscal year."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, WonInt, labelled, only_where
from districtops.kit.text import Words, _l
from districtops.models import DistrictScoped, User, within_district
from districtops.new_deal.year_end.rules import CarryKind, DecisionState, Reason


class YearEndDecision(DistrictScoped, Versioned, Base):
    """What is carried to the next year, and what is returned to whoever granted it; the rest is unused (rule R1).

    Drafted by one person, confirmed by another; once confirmed it is withdrawn with a reason, never edited.
    """

    __tablename__ = "new_deal_year_end"
    __label__ = _l("Year-end decision")
    __constraints__ = (
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        within_district("entered_by_id", "user_account"),
        within_district("changed_by_id", "user_account"),
        within_district("confirmed_by_id", "user_account"),
        within_district("withdrawn_by_id", "user_account"),
        CheckConstraint("carry_won >= 0", name="carry_not_below_zero"),
        CheckConstraint("return_won >= 0", name="return_not_below_zero"),
        CheckConstraint("(carry_won = 0) = (carry_kind IS NULL)", name="carry_has_its_kind"),
        CheckConstraint("(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name="withdrawn_with_a_reason"),
        Index(
            "uq_new_deal_year_end_standing",
            *("district_id", "project_id", "fiscal_year"),
            unique=True,
            **only_where("state <> 'withdrawn'"),
        ),
        Index("ix_new_deal_year_end_drafts", "district_id", "fiscal_year", "id", **only_where("state = 'draft'")),
        Index("ix_new_deal_year_end_program", "district_id", "program_id", "state"),
    )

    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    fiscal_year: Mapped[int] = labelled(_l("Fiscal year"))
    state: Mapped[DecisionState] = labelled(_l("State"), default=DecisionState.DRAFT)
    carry_won: Mapped[WonInt] = labelled(_l("Carried to next year"), default=0)
    carry_kind: Mapped[CarryKind | None] = labelled(_l("Kind of carry-over"))
    return_won: Mapped[WonInt] = labelled(_l("To be returned"), default=0)
    reason_code: Mapped[Reason] = labelled(_l("Why money is left"))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    decided_on: Mapped[dt.date] = labelled(_l("Decided on"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    entered_at: Mapped[dt.datetime] = labelled(_l("Entered at"), info={"silent": True})
    entered_by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account"})
    changed_by_id: Mapped[int | None] = labelled(_l("Last changed by"), info={"names": "user_account"})
    confirmed_at: Mapped[dt.datetime | None] = labelled(_l("Confirmed at"))
    confirmed_by_id: Mapped[int | None] = labelled(_l("Confirmed by"), info={"names": "user_account"})
    withdrawn_at: Mapped[dt.datetime | None] = labelled(_l("Withdrawn at"))
    withdrawn_by_id: Mapped[int | None] = labelled(_l("Withdrawn by"), info={"names": "user_account"})
    withdrawal_reason: Mapped[Words | None] = labelled(_l("Reason for the withdrawal"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    entered_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(YearEndDecision.entered_by_id) == User.id", viewonly=True
    )
    confirmed_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(YearEndDecision.confirmed_by_id) == User.id", viewonly=True
    )
    withdrawn_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(YearEndDecision.withdrawn_by_id) == User.id", viewonly=True
    )

    @property
    def why(self) -> str:
        """The reason in words, with the kind of carry-over before it."""
        return why(self.carry_kind, self.reason_code, self.reason)


def why(kind: CarryKind | None, code: Reason, text: Words | None) -> str:
    """The reason of a decision in words: the kind of carry-over, the reason's name, what was written."""
    words = f"{code.label}: {text}" if text else str(code.label)
    return f"{kind.label} · {words}" if kind else words
