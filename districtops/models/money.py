"""Money on a program: who pays how much, and what was spent. Rows are only added; sums are the truth."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, WonInt, labelled
from districtops.kit.text import LabelledEnum, Words, _l
from districtops.models.people import User
from districtops.models.scoped import DistrictScoped, within_district

LARGEST_WON = 10**15
"""One quadrillion won: larger than any district's budget by far, and safely inside every database's integers."""


class Payer(LabelledEnum):
    """Whose money it is. ``OTHER`` is a public body's fund; ``UNSTATED`` keeps an amount whose payer no document names:
    unknown, not the district's."""

    NATIONAL = "national", _l("National funds")
    CITY = "city", _l("City funds")
    DISTRICT = "district", _l("District funds")
    PRIVATE = "private", _l("Private funds")
    OTHER = "other", _l("Other funds")
    UNSTATED = "unstated", _l("Payer not stated")


class FundingKind(LabelledEnum):
    """How money came into the current budget (rule R1)."""

    ORIGINAL = "original", _l("Original budget")
    SUPPLEMENTARY = "supplementary", _l("Supplementary budget")
    TRANSFER = "transfer", _l("Transfer between items")
    CARRIED_OVER = "carried_over", _l("Carry-over")
    RESERVE = "reserve", _l("Reserve fund")


class FundingLine(DistrictScoped, Base):
    """One decision about a program's money: payer, kind, a signed amount of won and, for a change, its reason.

    The current budget is the sum of the lines; no line at all means that the budget is not stated.
    """

    __tablename__ = "funding_line"
    __label__ = _l("Budget line")
    __append_only__ = True
    __constraints__ = (
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        CheckConstraint(f"amount_won BETWEEN -{LARGEST_WON} AND {LARGEST_WON}", name="amount_in_range"),
        CheckConstraint("kind = 'transfer' OR amount_won >= 0 OR reason IS NOT NULL", name="less_has_reason"),
        Index("ix_funding_line_program", "district_id", "program_id", "payer"),
    )

    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    fiscal_year: Mapped[int] = labelled(_l("Fiscal year"))
    payer: Mapped[Payer] = labelled(_l("Payer"))
    kind: Mapped[FundingKind] = labelled(_l("Kind of budget"))
    amount_won: Mapped[WonInt] = labelled(_l("Amount"))
    decided_on: Mapped[dt.date | None] = labelled(_l("Decided on"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    reason: Mapped[Words | None] = labelled(_l("Reason"))
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    by: Mapped[User | None] = relationship(primaryjoin="foreign(FundingLine.by_id) == User.id", viewonly=True)


class LedgerEntry(DistrictScoped, Base):
    """Money spent on a day. A mistake is reversed by an entry of the opposite amount, once."""

    __tablename__ = "ledger_entry"
    __label__ = _l("Spending")
    __append_only__ = True
    __constraints__ = (
        within_district("program_id", "program"),
        within_district("by_id", "user_account"),
        within_district("reverses_id", "ledger_entry"),
        UniqueConstraint("district_id", "reverses_id"),
        CheckConstraint(f"amount_won BETWEEN -{LARGEST_WON} AND {LARGEST_WON}", name="amount_in_range"),
        CheckConstraint("(reverses_id IS NULL) = (amount_won > 0)", name="only_reversals_below_zero"),
        Index("ix_ledger_entry_program", "district_id", "program_id", "on_date"),
    )

    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    on_date: Mapped[dt.date] = labelled(_l("Spent on"))
    amount_won: Mapped[WonInt] = labelled(_l("Amount"))
    note: Mapped[Words | None] = labelled(_l("For"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    reverses_id: Mapped[int | None] = labelled(_l("Reverses entry"), info={"silent": True})
    by_id: Mapped[int | None] = labelled(_l("Entered by"), info={"names": "user_account", "silent": True})
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)

    by: Mapped[User | None] = relationship(primaryjoin="foreign(LedgerEntry.by_id) == User.id", viewonly=True)
