"""What the pages about people ask."""

from sqlalchemy import select

from districtops.guard.tenancy import across_districts
from districtops.kit.db import db
from districtops.models import District, Grant, User
from districtops.models.queries import people


def demonstration_accounts() -> list[tuple[str, str, str]]:
    """(user name, role, district) of every account, for the sign-in page of a demonstration."""
    rows = db.session.execute(
        select(User.username, Grant.role, District)
        .join(Grant, Grant.user_id == User.id)
        .outerjoin(District, District.id == User.district_id)
        .order_by(User.id),
        execution_options=across_districts("sign-in page of a demonstration"),
    ).all()
    found: dict[str, tuple[str, str, str]] = {}
    for username, role, district in rows:
        found.setdefault(username, (username, str(role.label), "" if district is None else district.name))
    return list(found.values())


def people_with_roles() -> list[tuple[User, list[Grant]]]:
    """Everybody of the district with the roles that they hold now."""
    held: dict[int, list[Grant]] = {}
    for grant in db.session.execute(select(Grant).where(Grant.ended_at.is_(None)).order_by(Grant.id)).scalars():
        held.setdefault(grant.user_id, []).append(grant)
    return [(user, held.get(user.id, [])) for user in people()]
