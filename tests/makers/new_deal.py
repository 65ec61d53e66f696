"""Makes what stands beside projects: opinions and support measures. Functions that take the Maker."""

import datetime as dt
from typing import Any

from factories import Maker

from districtops.kit.text import Words
from districtops.models import District
from districtops.new_deal.models import Project
from districtops.new_deal.opinions.models import Channel, Opinion
from districtops.new_deal.opinions.rules import OpinionState
from districtops.new_deal.support.models import MeasureKind, SupportMeasure


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
