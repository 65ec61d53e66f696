"""What stands beside a New Deal project, for tests: contracts, payments, readings of its indicator, year-end decisions,
opinions, support measures."""

import datetime as dt
from decimal import Decimal
from typing import Any

from factories import Maker

from districtops import clock
from districtops.kit.text import Words
from districtops.models import District
from districtops.new_deal.contracts.models import Contract, Method, Payment, PaymentKind
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Project
from districtops.new_deal.opinions.models import Channel, Opinion
from districtops.new_deal.opinions.rules import OpinionState
from districtops.new_deal.support.models import MeasureKind, SupportMeasure
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.new_deal.year_end.rules import CarryKind, DecisionState, Reason


def contract(make: Maker, project: Project, amount: int = 200, **columns: Any) -> Contract:
    """A contract that runs from February to November 2022."""
    values = {
        "project_id": project.id,
        "program_id": project.program_id,
        "method": Method.OPEN,
        "counterparty": "Sample Lamps",
        "amount_won": amount,
        "starts_on": dt.date(2022, 2, 1),
        "ends_on": dt.date(2022, 11, 30),
        "sample": False,
        **columns,
    }
    return make.keep(Contract(**values), _home(make, project))


def payment(
    make: Maker, of: Contract, amount: int = 100, due: dt.date = dt.date(2022, 6, 30), paid: dt.date | None = None
) -> Payment:
    """A payment of a contract."""
    row = Payment(
        contract_id=of.id,
        program_id=of.program_id,
        kind=PaymentKind.PROGRESS,
        due_on=due,
        amount_won=amount,
        paid_on=paid,
        sample=False,
    )
    return make.keep(row, _home(make, of))


def reading(
    make: Maker, project: Project, value: int = 5, on: dt.date = dt.date(2022, 3, 1), **columns: Any
) -> Reading:
    """What an indicator showed on a day."""
    row = Reading(
        project_id=project.id,
        program_id=project.program_id,
        on_date=on,
        value=Decimal(value),
        at=clock.now(),
        sample=False,
        **columns,
    )
    return make.keep(row, _home(make, project))


def decision(
    make: Maker,
    project: Project,
    carry: int = 0,
    returned: int = 0,
    state: DecisionState = DecisionState.CONFIRMED,
    **columns: Any,
) -> YearEndDecision:
    """A year-end decision of 2022, confirmed unless another state is asked for."""
    values = {
        "project_id": project.id,
        "program_id": project.program_id,
        "fiscal_year": 2022,
        "state": state,
        "carry_won": carry,
        "carry_kind": CarryKind.ACCIDENTAL if carry else None,
        "return_won": returned,
        "reason_code": Reason.DELAY,
        "decided_on": dt.date(2022, 3, 10),
        "entered_at": clock.now(),
        "sample": False,
        **columns,
    }
    return make.keep(YearEndDecision(**values), _home(make, project))


def _home(make: Maker, row: Any) -> District:
    return make._of(row)


def opinion(
    make: Maker,
    text: str = "More lamps, please",
    *,
    about: Project | None = None,
    district: District | None = None,
    **columns: Any,
) -> Opinion:
    """An opinion that was received on 1 March 2022; on the programme of 2022 where no project is named."""
    programme_id = about.programme_id if about else make.programme(2022, district).id
    values = {
        "received_on": dt.date(2022, 3, 1),
        "channel": Channel.ONLINE,
        "state": OpinionState.RECEIVED,
        "sample": False,
        "project_id": about.id if about else None,
        "program_id": about.program_id if about else None,
        **columns,
    }
    return make.keep(Opinion(programme_id=programme_id, text=Words(en=text), **values), district)


def measure(
    make: Maker,
    name: str = "Course on contracts",
    *,
    year: int = 2022,
    district: District | None = None,
    **columns: Any,
) -> SupportMeasure:
    """A measure of the year's programme that is planned without a day."""
    values = {"kind": MeasureKind.TRAINING, "sample": False, **columns}
    programme = make.programme(year, district)
    return make.keep(SupportMeasure(programme_id=programme.id, name=Words(en=name), **values), district)
