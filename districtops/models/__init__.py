"""The shared tables. They know no module; modules point to them."""

from districtops.models.announcements import AnnouncedFigure, FrozenFigure, FrozenRow
from districtops.models.events import CHANGES, ChangeRecord, SentForm
from districtops.models.files import Attachment
from districtops.models.money import LARGEST_WON, FundingKind, FundingLine, LedgerEntry, Payer
from districtops.models.offices import Department, DepartmentKind, District, Installation, OfficeHolder
from districtops.models.people import Density, FailedSignIn, Grant, Role, SignedInSession, User
from districtops.models.programs import Milestone, Note, Program
from districtops.models.saved_views import SavedView
from districtops.models.scoped import DistrictScoped, within_district
from districtops.models.upkeep import DrillOutcome, RestoreDrill

__all__ = [
    "CHANGES",
    "LARGEST_WON",
    "AnnouncedFigure",
    "Attachment",
    "ChangeRecord",
    "Density",
    "Department",
    "DepartmentKind",
    "District",
    "DistrictScoped",
    "DrillOutcome",
    "FailedSignIn",
    "FrozenFigure",
    "FrozenRow",
    "FundingKind",
    "FundingLine",
    "Grant",
    "Installation",
    "LedgerEntry",
    "Milestone",
    "Note",
    "OfficeHolder",
    "Payer",
    "Program",
    "RestoreDrill",
    "Role",
    "SavedView",
    "SentForm",
    "SignedInSession",
    "User",
    "within_district",
]
