"""What people ask about the measures beside the projects."""

from collections.abc import Sequence

from sqlalchemy import select

from districtops.kit.db import AnySelect, db
from districtops.new_deal.models import Programme
from districtops.new_deal.support.models import SupportMeasure


def support_measures(programme: Programme) -> Sequence[SupportMeasure]:
    """What the programme does beside its projects."""
    return (
        db.session.execute(
            select(SupportMeasure).where(SupportMeasure.programme_id == programme.id).order_by(SupportMeasure.id)
        )
        .scalars()
        .all()
    )


def with_year(statement: AnySelect) -> AnySelect:
    """Measures joined with their year's programme."""
    return statement.select_from(SupportMeasure).join(Programme, Programme.id == SupportMeasure.programme_id)
