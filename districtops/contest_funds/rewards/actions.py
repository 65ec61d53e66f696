"""Acts of rewards: setting a rule."""

from districtops.contest_funds.models import RewardRule
from districtops.guard.transaction import explains
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l


def keep(rule: RewardRule) -> None:
    """Record a rule. Raises RuleBroken for a step of no money."""
    if rule.step_won <= 0:
        raise RuleBroken(_l("Enter an amount above zero."), "step_won")
    db.session.add(rule)
    db.session.flush()


explains("uq_contest_reward_rule_district_id_from_year", _l("A rule begins in this year already."), "from_year")
