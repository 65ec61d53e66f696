"""Saying which project of the year before one continues."""

from districtops.guard import audit
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.new_deal import queries
from districtops.new_deal.actions import refuse_ended
from districtops.new_deal.comparison.queries import successor
from districtops.new_deal.models import Project

CONTINUED_ALREADY = _l("Another project continues that one already.")


def continue_from(project: Project, code: str | None) -> None:
    """Let a project continue the one of the year before that has this code, or none.

    Raises RuleBroken for a code of no project, a project of another year than the one before, and one that another
    project continues already.
    """
    refuse_ended(project)
    before = project.continues
    found = queries.project_coded(code) if code else None
    if code and found is None:
        raise RuleBroken(_l("There is no project with this code."), "code")
    if found is not None:
        if found.programme.fiscal_year != project.programme.fiscal_year - 1:
            raise RuleBroken(_l("Only a project of the year before can be continued."), "code")
        if successor(found) not in (None, project):
            raise RuleBroken(CONTINUED_ALREADY, "code")
    if found is before:
        return
    project.continues_id = found.id if found else None
    db.session.flush()
    # The bare number of a row would tell nobody anything.
    codes = [other.program.code if other else None for other in (before, found)]
    audit.note("changed", Project.__tablename__, project.id, {"continues_id": codes}, program_id=project.program_id)


explains("ix_new_deal_project_continues", CONTINUED_ALREADY, "code")
