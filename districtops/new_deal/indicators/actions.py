"""What holds for readings of an indicator."""

import datetime as dt
from decimal import Decimal

from districtops import clock
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import Words, _l
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.indicators.queries import standing_readings
from districtops.new_deal.models import Project


def read(
    project: Project,
    on: dt.date,
    value: Decimal,
    note: Words | None = None,
    *,
    replaces: Reading | None = None,
    by_id: int | None,
) -> Reading:
    """Add a reading; the project's actual value is the latest one from now on.

    Raises RuleBroken without an indicator to read, for a day in the future or with a reading already, and for a
    correction of what was corrected before.
    """
    if not project.kpi_name:
        raise RuleBroken(_l("Name the indicator on the project first."))
    if on > clock.today():
        raise RuleBroken(_l("The day must not lie in the future."), "on_date")
    stands = standing_readings(project)
    if replaces is not None and all(reading.id != replaces.id for reading in stands):
        raise RuleBroken(_l("This reading was corrected already. Correct the one that took its place."))
    others = [reading for reading in stands if replaces is None or reading.id != replaces.id]
    if any(reading.on_date == on for reading in others):
        raise RuleBroken(_l("There is a reading of this day. Correct it instead."), "on_date")
    reading = Reading(
        project_id=project.id,
        program_id=project.program_id,
        on_date=on,
        value=value,
        note=note,
        replaces_id=replaces.id if replaces else None,
        at=clock.now(),
        by_id=by_id,
        sample=False,
    )
    db.session.add(reading)
    project.kpi_actual = max([*others, reading], key=lambda found: found.on_date).value
    db.session.flush()
    return reading


def read_result(project: Project, on: dt.date, value: Decimal, note: Words | None, by_id: int | None) -> None:
    """Add the result with which a project is completed, in place of a reading of the same day. Without a named
    indicator the value alone is kept."""
    if not project.kpi_name:
        project.kpi_actual = value
        return
    same = next((reading for reading in standing_readings(project) if reading.on_date == on), None)
    read(project, on, value, note, replaces=same, by_id=by_id)


def refuse_other_actual(project: Project, actual: Decimal | None) -> None:
    """Raises RuleBroken when the actual value of an indicator that has readings would be changed beside them."""
    if actual != project.kpi_actual and standing_readings(project):
        raise RuleBroken(_l("The actual value comes from the readings. Add a reading, or correct one."), "kpi_actual")


explains(
    "uq_new_deal_reading_district_id_replaces_id", _l("This reading was corrected already. Look at the page again.")
)
