"""Which program somebody means who writes its code or its name."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import Program, search

MANY = 5


def program_meant(words: str, modules: Sequence[str], *, besides: int) -> Program:
    """The one program of these modules with this code, or else with this in its name.

    Raises RuleBroken, naming a few, where several are meant, and where none is.
    """
    among = select(Program).where(Program.module.in_(modules), Program.id != besides).order_by(Program.code).limit(MANY)
    exact = db.session.execute(among.where(Program.code == words)).scalars().all()
    named = (Program.title_en, Program.title_ko)
    found = exact or db.session.execute(among.where(or_(search.contains(words, *named)))).scalars().all()
    if not found:
        raise RuleBroken(_l("No project has this code or name."), "program")
    if len(found) > 1:
        several = ", ".join(f"{program.code} {program.title}" for program in found)
        raise RuleBroken(
            _l("Several projects have this in their name: %(several)s. Write the code.", several=several), "program"
        )
    return found[0]
