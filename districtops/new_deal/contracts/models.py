"""A project's contracts with their planned payments."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped

from districtops.kit.db import Base, Versioned, WonInt, labelled
from districtops.kit.text import LabelledEnum, _l
from districtops.models import DistrictScoped, within_district


class Method(LabelledEnum):
    """How the other side was chosen (Act on Contracts to Which a Local Government Is a Party, article 9)."""

    OPEN = "open_tender", _l("Open tender")
    RESTRICTED = "restricted_tender", _l("Restricted tender")
    NOMINATED = "nominated_tender", _l("Tender among named bidders")
    PRIVATE = "private_contract", _l("Private contract")


class PaymentKind(LabelledEnum):
    """What a payment is for."""

    ADVANCE = "advance", _l("Advance payment")
    PROGRESS = "progress", _l("Progress payment")
    FINAL = "final", _l("Final payment")


class Contract(DistrictScoped, Versioned, Base):
    """A contract of a project: with whom, for how much, from when to when."""

    __tablename__ = "new_deal_contract"
    __label__ = _l("Contract")
    __constraints__ = (
        within_district("project_id", "new_deal_project"),
        within_district("program_id", "program"),
        CheckConstraint("amount_won >= 0", name="amount_not_below_zero"),
        CheckConstraint("ends_on >= starts_on", name="period_in_order"),
        Index("ix_new_deal_contract_project", "district_id", "project_id", "id"),
    )

    project_id: Mapped[int] = labelled(_l("Project"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    method: Mapped[Method] = labelled(_l("Way of contracting"))
    counterparty: Mapped[str] = labelled(_l("Counterparty"), String(200))
    amount_won: Mapped[WonInt] = labelled(_l("Contract amount"))
    starts_on: Mapped[dt.date] = labelled(_l("Contract begins on"))
    ends_on: Mapped[dt.date] = labelled(_l("Contract ends on"))
    doc_no: Mapped[str | None] = labelled(_l("Document number"), String(80))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)


class Payment(DistrictScoped, Versioned, Base):
    """A payment of a contract: when it falls due, and when it was paid. The ledger keeps the spending itself."""

    __tablename__ = "new_deal_payment"
    __label__ = _l("Planned payment")
    __constraints__ = (
        within_district("contract_id", "new_deal_contract"),
        within_district("program_id", "program"),
        CheckConstraint("amount_won > 0", name="amount_above_zero"),
        Index("ix_new_deal_payment_contract", "district_id", "contract_id", "due_on"),
        Index("ix_new_deal_payment_program", "district_id", "program_id", "due_on"),
    )

    contract_id: Mapped[int] = labelled(_l("Contract"), info={"silent": True})
    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    kind: Mapped[PaymentKind] = labelled(_l("Kind of payment"))
    due_on: Mapped[dt.date] = labelled(_l("Due"))
    amount_won: Mapped[WonInt] = labelled(_l("Amount"))
    paid_on: Mapped[dt.date | None] = labelled(_l("Paid on"))
    sample: Mapped[bool] = labelled(_l("Sample"), default=False)
