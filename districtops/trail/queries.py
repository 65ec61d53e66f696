"""What the pages of the trail ask."""

from collections.abc import Sequence

from sqlalchemy import select

from districtops.kit.db import db
from districtops.models import ChangeRecord
from districtops.models.queries import rows_of

NEIGHBOURS = 50
"""How many other entries of the same request a page shows."""


def neighbours(record: ChangeRecord) -> Sequence[ChangeRecord]:
    """The other entries of the request that an entry was made in, in their order."""
    if record.request_id is None:
        return ()
    return rows_of(
        select(ChangeRecord)
        .where(ChangeRecord.request_id == record.request_id, ChangeRecord.id != record.id)
        .order_by(ChangeRecord.id)
        .limit(NEIGHBOURS)
    )


def beside(record: ChangeRecord) -> tuple[int | None, int | None]:
    """The ids of the entries before and after an entry in its chain."""
    found = {
        row.seq: row.id
        for row in db.session.execute(
            select(ChangeRecord.seq, ChangeRecord.id).where(
                ChangeRecord.chain == record.chain, ChangeRecord.seq.in_((record.seq - 1, record.seq + 1))
            )
        )
    }
    return found.get(record.seq - 1), found.get(record.seq + 1)
