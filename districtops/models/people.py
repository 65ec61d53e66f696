"""Who works with the product, and what each of them was granted."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from districtops.kit.db import Base, Versioned, labelled
from districtops.kit.text import LabelledEnum, _l, in_language
from districtops.kit.won import Unit
from districtops.models.offices import Department, District
from districtops.models.scoped import DistrictScoped, within_district


class Role(LabelledEnum):
    """What a person may be in a module. What each role may do stands in ``guard.access``."""

    VIEWER = "viewer", _l("Viewer")
    OFFICER = "officer", _l("Officer")
    MANAGER = "manager", _l("Manager")
    REVIEWER = "reviewer", _l("Reviewer")
    AUDITOR = "auditor", _l("Auditor")
    ADMINISTRATOR = "administrator", _l("Administrator")
    CITY = "city", _l("City reader")


class Density(LabelledEnum):
    """How much room the rows of a table take."""

    COMFORTABLE = "comfortable", _l("Comfortable")
    COMPACT = "compact", _l("Compact")


class User(DistrictScoped, Versioned, Base):
    """A person of one district's office. A city reader belongs to none and reads those of their grants."""

    __tablename__ = "user_account"
    __label__ = _l("Person")
    __constraints__ = (
        within_district("department_id", "department"),
        CheckConstraint("text_size IN (100, 125, 150)", name="text_size"),
        CheckConstraint("language IS NULL OR language IN ('en', 'ko')", name="language"),
        Index("ix_user_account_name", "district_id", "name_ko", "id"),
    )

    district_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("district.id"), sort_order=-90, info={"silent": True}
    )
    username: Mapped[str] = labelled(_l("User name"), String(64), unique=True)
    name_en: Mapped[str] = labelled(_l("Name in English"), String(80), info={"personal": True})
    name_ko: Mapped[str] = labelled(_l("Name in Korean"), String(80), info={"personal": True})
    department_id: Mapped[int | None] = labelled(_l("Division or team"), info={"names": "department"})
    password_hash: Mapped[str] = labelled(_l("Password"), String(200), info={"secret": True})
    one_time_until: Mapped[dt.datetime | None] = labelled(_l("One-time password valid until"))
    active: Mapped[bool] = labelled(_l("May sign in"), default=True)
    language: Mapped[str | None] = labelled(_l("Language"), String(2))
    text_size: Mapped[int] = labelled(_l("Text size"), default=100)
    unit: Mapped[Unit | None] = labelled(_l("Unit of money"))
    density: Mapped[Density | None] = labelled(_l("Rows of tables"))
    list_columns: Mapped[dict[str, list[str]] | None] = labelled(
        _l("Columns of lists"), JSON(none_as_null=True), info={"personal": True}
    )
    second_factor_since: Mapped[dt.datetime | None] = labelled(_l("Second factor since"))
    second_factor_seed: Mapped[str | None] = labelled(_l("Second factor"), String(64), info={"secret": True})
    recovery_codes: Mapped[list[str] | None] = labelled(
        _l("Recovery codes"), JSON(none_as_null=True), info={"secret": True}
    )
    # Written at every sign-in, past the version: signing in must not make anybody's open form stale.
    second_factor_step: Mapped[int | None] = labelled(_l("Last code used"), info={"silent": True})
    last_signed_in_at: Mapped[dt.datetime | None] = labelled(_l("Last sign-in"), info={"silent": True})

    district: Mapped[District | None] = relationship(lazy="joined", viewonly=True)
    department: Mapped[Department | None] = relationship(
        primaryjoin="foreign(User.department_id) == Department.id", lazy="joined", viewonly=True
    )

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_en, self.name_ko)


class Grant(DistrictScoped, Base):
    """A role given to a person in one module, or in all of them (``module`` empty), until it is ended."""

    __tablename__ = "role_grant"
    __label__ = _l("Granted role")
    __constraints__ = (Index("ix_role_grant_user", "user_id"),)

    # Not a reference within the district: a city reader of no district holds grants in several.
    user_id: Mapped[int] = labelled(
        _l("Person"),
        ForeignKey("user_account.id", info={"across_districts": "a city reader holds grants in several districts"}),
        info={"names": "user_account"},
    )
    role: Mapped[Role] = labelled(_l("Role"))
    module: Mapped[str | None] = labelled(_l("Module"), String(40))
    given_at: Mapped[dt.datetime] = labelled(_l("Given at"))
    ended_at: Mapped[dt.datetime | None] = labelled(_l("Ended at"))


class SignedInSession(Base):
    """A sign-in that is still open. The browser holds a random key; only its digest is kept here.

    ``previous_at`` and ``failures_before`` say what happened before it: the last sign-in, and how often the name was
    tried in vain since. Address and browser are for the person and their administrator alone.
    """

    __tablename__ = "signed_in_session"
    __table_args__ = (Index("ix_signed_in_session_user", "user_id"),)
    __silent__ = "an open sign-in is not a change of the office's data"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    address: Mapped[str | None] = mapped_column(String(45), info={"personal": True})
    browser: Mapped[str | None] = mapped_column(String(20), info={"personal": True})
    system: Mapped[str | None] = mapped_column(String(20), info={"personal": True})
    passed_second_factor: Mapped[bool] = mapped_column(default=False)
    previous_at: Mapped[dt.datetime | None]
    failures_before: Mapped[int] = mapped_column(default=0)


class FailedSignIn(Base):
    """How often a name, known or not, was tried in vain. The name itself is not kept, only its keyed digest.

    ``failures`` decides about the lock and is forgotten after a day; ``since_success`` is what the person is told.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (UniqueConstraint("digest"),)
    __silent__ = "a counter, not a change of the office's data"

    digest: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int]
    since_success: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]
    last_at: Mapped[dt.datetime]
