"""Files that hang on a program: who added what and when, and who removed it and why."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.file_kinds import LONGEST_NAME, FileKind
from districtops.kit.text import Words, _l
from districtops.models.people import User
from districtops.models.programs import Program
from districtops.models.scoped import DistrictScoped, within_district


class Attachment(DistrictScoped, Versioned, Base):
    """A file that was added to a program. Removing it keeps this row with the reason; the file itself goes later."""

    __tablename__ = "attachment"
    __label__ = _l("Attachment")
    __constraints__ = (
        within_district("program_id", "program"),
        within_district("added_by_id", "user_account"),
        within_district("removed_by_id", "user_account"),
        UniqueConstraint("stored_name"),
        CheckConstraint("(removed_at IS NULL) = (removal_reason IS NULL)", name="removed_with_a_reason"),
        CheckConstraint("size_bytes > 0", name="size"),
        Index("ix_attachment_program", "district_id", "program_id", "id"),
    )

    program_id: Mapped[int] = labelled(_l("Programme"), info={"silent": True})
    name: Mapped[str] = labelled(_l("File name"), String(LONGEST_NAME))
    kind: Mapped[FileKind] = labelled(_l("Kind"))
    size_bytes: Mapped[int] = labelled(_l("Size"), info={"silent": True})
    sha256: Mapped[str] = labelled(_l("Checksum"), String(64), info={"silent": True})
    stored_name: Mapped[str] = labelled(_l("Name on the disk"), String(32), info={"silent": True})
    added_at: Mapped[dt.datetime] = labelled(_l("Added at"), info={"silent": True})
    added_by_id: Mapped[int | None] = labelled(_l("Added by"), info={"names": "user_account", "silent": True})
    removed_at: Mapped[dt.datetime | None] = labelled(_l("Removed at"), info={"silent": True})
    removed_by_id: Mapped[int | None] = labelled(_l("Removed by"), info={"names": "user_account", "silent": True})
    removal_reason: Mapped[Words | None] = labelled(_l("Reason for the removal"))

    program: Mapped[Program] = relationship(primaryjoin="foreign(Attachment.program_id) == Program.id", viewonly=True)
    added_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(Attachment.added_by_id) == User.id", viewonly=True
    )
    removed_by: Mapped[User | None] = relationship(
        primaryjoin="foreign(Attachment.removed_by_id) == User.id", viewonly=True
    )
