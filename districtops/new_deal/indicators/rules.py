"""How far an indicator has come from its base to its target, as pure functions."""

from decimal import Decimal

from districtops.kit.ratio import percent
from districtops.kit.text import LabelledEnum, _l


class Goal(LabelledEnum):
    """Whether a project reaches what it set out for."""

    REACHED = "reached", _l("Reached")
    ON_THE_WAY = "on_the_way", _l("On the way")
    NOT_MEASURED = "not_measured", _l("Not measured yet")


def achievement(base: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Percent of the way from base to target, one decimal, half up; also where the target lies below the base.

    Below 0 the indicator went the wrong way, above 100 beyond the target. None where a value is missing, and where base
    and target are equal: there is no way then.
    """
    if base is None or target is None or actual is None:
        return None
    return percent(actual - base, target - base)


def goal(base: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Goal | None:
    """Whether the target is reached, seen from the base; None without a target or a base to see it from."""
    if base is None or target is None:
        return None
    if actual is None:
        return Goal.NOT_MEASURED
    if target == base:
        return None
    return Goal.REACHED if (actual - target) * (target - base) >= 0 else Goal.ON_THE_WAY
