"""Changes of many projects at once: another officer in charge, another status word."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from districtops.kit.bulk import BulkChange, BulkForm, Candidate
from districtops.kit.db import db, writing
from districtops.kit.forms import EnumField, IdField
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import Program
from districtops.models.queries import officers
from districtops.new_deal import actions
from districtops.new_deal.models import Project, Status


class OfficerForm(BulkForm):
    """Who takes the projects over."""

    value = IdField(_l("Officer in charge"), blank=_l("Choose a person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.value.offer(officers())


class StatusForm(BulkForm):
    """By which word the projects are reported from now on."""

    value = EnumField(_l("Status"), Status, blank=_l("Choose a status"))


def _projects(ids: Sequence[int]) -> Sequence[Project]:
    statement = (
        select(Project)
        .join(Project.program)
        .options(contains_eager(Project.program).joinedload(Program.officer))
        .where(Project.id.in_(ids))
        .order_by(Project.id)
    )
    if writing.get():
        statement = statement.with_for_update(of=[Project, Program])
    return db.session.execute(statement).scalars().all()


def _candidate(
    project: Project, before: str, is_so: bool, check: Callable[[], None], change: Callable[[], None]
) -> Candidate:
    refusal = None
    try:
        actions.refuse_ended(project)
        check()
    except RuleBroken as broken:
        refusal = str(broken.message)
    if refusal is None and is_so:
        refusal = gettext("It is so already.")
    return Candidate(
        row_id=project.id,
        version=project.version_token,
        name=project.program.title,
        before=before,
        refusal=refusal,
        change=change,
    )


def _look_at_officers(ids: Sequence[int], officer_id: int | None) -> list[Candidate]:
    def candidate(project: Project) -> Candidate:
        program = project.program
        before = program.officer.name if program.officer else gettext("not stated")
        is_so = officer_id is not None and program.officer_id == officer_id
        return _candidate(project, before, is_so, lambda: None, lambda: setattr(program, "officer_id", officer_id))

    return [candidate(project) for project in _projects(ids)]


def _look_at_status(ids: Sequence[int], status: Status | None) -> list[Candidate]:
    def candidate(project: Project) -> Candidate:
        before = str(project.status.label) if project.status else gettext("Not reported")
        is_so = status is not None and project.status is status

        def check() -> None:
            if status is not None:
                actions.check_status(project.stage, status)

        return _candidate(project, before, is_so, check, lambda: setattr(project, "status", status))

    return [candidate(project) for project in _projects(ids)]


of_projects = (
    BulkChange(key="officer", label=_l("Officer in charge"), form=OfficerForm, look=_look_at_officers),
    BulkChange(key="status", label=_l("Status"), form=StatusForm, look=_look_at_status),
)
