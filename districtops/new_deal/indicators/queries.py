"""What people ask about a project's indicator."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from districtops.kit.db import db
from districtops.new_deal.indicators import rules
from districtops.new_deal.indicators.models import Reading
from districtops.new_deal.models import Project


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A project's indicator: its readings that stand, the corrected ones, and how far it has come."""

    project: Project
    readings: Sequence[Reading]
    corrected: Sequence[Reading]

    @property
    def achievement(self) -> Decimal | None:
        """Percent of the way from base to target."""
        return rules.achievement(self.project.kpi_base, self.project.kpi_target, self.project.kpi_actual)

    @property
    def goal(self) -> rules.Goal | None:
        """Whether the target is reached."""
        return rules.goal(self.project.kpi_base, self.project.kpi_target, self.project.kpi_actual)

    @property
    def chart(self) -> rules.Chart | None:
        """The readings as a line; None with fewer than two."""
        points = [(reading.on_date, reading.value) for reading in self.readings]
        return rules.chart_of(points, base=self.project.kpi_base, target=self.project.kpi_target)

    def way(self, reading: Reading) -> Decimal | None:
        """Percent of the way that a reading shows."""
        return rules.achievement(self.project.kpi_base, self.project.kpi_target, reading.value)


def indicator_of(project: Project) -> Indicator:
    """The indicator of a project with its readings in the order of their days."""
    statement = select(Reading).where(Reading.project_id == project.id).order_by(Reading.on_date, Reading.id)
    found = db.session.execute(statement).scalars().all()
    gone = {reading.replaces_id for reading in found}
    return Indicator(
        project=project,
        readings=[reading for reading in found if reading.id not in gone],
        corrected=[reading for reading in found if reading.id in gone],
    )


def standing_readings(project: Project) -> Sequence[Reading]:
    """The readings of a project that no correction replaced, in the order of their days."""
    return indicator_of(project).readings
