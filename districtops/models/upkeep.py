"""Whether backups can be restored: each try and what came of it."""

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from districtops.kit.db import Base
from districtops.kit.text import LabelledEnum, _l


class DrillOutcome(LabelledEnum):
    """What came of a drill."""

    OK = "ok", _l("ok")
    FAILED = "failed", _l("failed")


class RestoreDrill(Base):
    """A try to restore a backup. ``words`` are the command's own, in English; ``backup`` is empty where none was
    found. It tells of the installation, so it belongs to no district."""

    __tablename__ = "restore_drill"
    __table_args__ = (Index("ix_restore_drill_at", "at"),)
    __silent__ = "it tells of the installation, not of the office's data"

    at: Mapped[dt.datetime]
    backup: Mapped[str] = mapped_column(String(120))
    outcome: Mapped[DrillOutcome]
    words: Mapped[str] = mapped_column(String(500))
