"""What administrators do to accounts: invite, reset, grant, end."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from districtops import clock
from districtops.guard.identity import close_sessions_of
from districtops.guard.passwords import hashed, normal_name, one_time
from districtops.guard.tenancy import across_districts
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l
from districtops.models import Department, Grant, Role, User

ONE_TIME_LASTS = dt.timedelta(hours=72)


def find(username: str) -> User | None:
    """The person with this user name in any district: sign-in knows no district yet."""
    return db.session.execute(
        select(User).where(User.username == normal_name(username)),
        execution_options=across_districts("sign-in: the scope is not known yet"),
    ).scalar_one_or_none()


def invite(user: User, role: Role, module: str | None) -> str:
    """Add a person with one grant. Returns the one-time password, which is shown once and never again."""
    password = give_one_time_password(user)
    user.active, user.text_size = True, 100
    db.session.add(user)
    db.session.flush()
    grant(user, role, module)
    return password


def give_one_time_password(user: User) -> str:
    """A random password, good for 72 hours and for one sign-in; every open sign-in of the person ends."""
    password = one_time()
    user.password_hash = hashed(password)
    user.one_time_until = clock.now() + ONE_TIME_LASTS
    if user.id is not None:
        close_sessions_of(user)
    return password


def grants_of(user: User) -> Sequence[Grant]:
    """What a person may do, past grants too, the latest first."""
    return db.session.execute(select(Grant).where(Grant.user_id == user.id).order_by(Grant.id.desc())).scalars().all()


def grant(user: User, role: Role, module: str | None) -> None:
    """Give a role. Raises RuleBroken for one that the person holds already, for the city's, and for an auditor of
    one module or who would be an administrator too."""
    if role is Role.CITY:
        raise RuleBroken(_l("City readers are set up on the server, not by one district."), "role")
    if role is Role.AUDITOR and module is not None:
        raise RuleBroken(_l("An auditor reads what everybody did: give this role for all modules."), "module")
    held = [g for g in grants_of(user) if g.ended_at is None]
    if {role, *(g.role for g in held)} >= {Role.ADMINISTRATOR, Role.AUDITOR}:
        raise RuleBroken(_l("Nobody audits what they administer. Give one of the two roles to somebody else."), "role")
    if any(g.role is role and g.module == module for g in held):
        raise RuleBroken(_l("The person holds this role already."), "role")
    db.session.add(Grant(user_id=user.id, role=role, module=module, given_at=clock.now()))
    db.session.flush()


def end_grant(granted: Grant) -> None:
    """Take a role back. Raises RuleBroken for the last administrator's."""
    if granted.ended_at is not None:
        raise RuleBroken(_l("This role has ended already."))
    if granted.role is Role.ADMINISTRATOR:
        _refuse_last_administrator(granted.user_id)
    granted.ended_at = clock.now()
    db.session.flush()


def set_active(user: User, *, active: bool) -> None:
    """Let a person sign in, or not; their open sign-ins end at once."""
    if not active:
        _refuse_last_administrator(user.id)
        close_sessions_of(user)
    user.active = active
    db.session.flush()


def _refuse_last_administrator(user_id: int) -> None:
    administrators = set(
        db.session.execute(
            select(Grant.user_id)
            .join(User, User.id == Grant.user_id)
            .where(Grant.role == Role.ADMINISTRATOR, Grant.ended_at.is_(None), User.active.is_(True))
        ).scalars()
    )
    if administrators == {user_id}:
        raise RuleBroken(_l("The district would be left without an administrator."))


def check_department(department: Department) -> None:
    """Raises RuleBroken for a department that ends before it begins, or lies within itself."""
    if department.valid_from and department.valid_to and department.valid_to < department.valid_from:
        raise RuleBroken(_l("The last day must not lie before the first."), "valid_to")
    above = {row.id: row.parent_id for row in db.session.execute(select(Department)).scalars()}
    seen, parent = {department.id}, department.parent_id
    while parent is not None:
        if parent in seen:
            raise RuleBroken(_l("A division cannot be part of itself."), "parent")
        seen.add(parent)
        parent = above.get(parent)


explains("uq_user_account_username", _l("This user name is taken. Choose another one."), "username")
explains("uq_department_district_id_code", _l("Another division has this code."), "code")
