"""The shared tables. They know no module; modules point to them."""

from districtops.models.events import CHANGES, ChangeRecord, SentForm
from districtops.models.money import LARGEST_WON, FundingKind, FundingLine, LedgerEntry, Payer
from districtops.models.offices import Department, DepartmentKind, District, Installation, OfficeHolder
from districtops.models.people import FailedSignIn, Grant, Role, SignedInSession, User
from districtops.models.programs import Milestone, Note, Program
from districtops.models.scoped import DistrictScoped, within_district

__all__ = [
    "CHANGES",
    "LARGEST_WON",
    "ChangeRecord",
    "Department",
    "DepartmentKind",
    "District",
    "DistrictScoped",
    "FailedSignIn",
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
    "Role",
    "SentForm",
    "SignedInSession",
    "User",
    "within_district",
]
