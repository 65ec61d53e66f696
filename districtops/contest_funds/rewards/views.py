"""The pages of rewards: points by division and officer, and the administrator's rules."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from districtops import clock
from districtops.contest_funds import queries
from districtops.contest_funds.models import RewardRule
from districtops.contest_funds.rewards import actions
from districtops.contest_funds.rewards.forms import RuleForm
from districtops.contest_funds.rewards.queries import points_by_department, points_by_officer
from districtops.contest_funds.views import blueprint, year_asked
from districtops.guard.access import Action, requires
from districtops.guard.transaction import save
from districtops.kit.db import fetch_or_404

PLAIN = ("from_year", "base", "points", "step_won", "most")


@blueprint.get("/reward-points")
@requires(Action.VIEW)
def reward_points() -> ResponseReturnValue:
    """Who earned how many points in a year."""
    years = queries.years()
    year = year_asked(years) or next((y for y in years if y < clock.today().year), clock.today().year)
    rules = queries.reward_rules()
    return render_template(
        "contest_funds/reward_points.html",
        year=year,
        years=years,
        rule=next((rule for rule in rules if rule.from_year <= year), None),
        divisions=points_by_department(year),
        officers=points_by_officer(year),
    )


@blueprint.get("/reward-rules")
@requires(Action.ADMINISTER)
def reward_rules() -> ResponseReturnValue:
    """The rules for rewards, the latest first."""
    return render_template("contest_funds/reward_rules.html", rules=queries.reward_rules())


@blueprint.route("/reward-rules/new", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def create_rule() -> ResponseReturnValue:
    """Set a rule from a year on."""
    return _keep(RewardRule(), RuleForm(data={"from_year": clock.today().year}))


@blueprint.route("/reward-rules/<int:rule_id>", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def edit_rule(rule_id: int) -> ResponseReturnValue:
    """Change a rule."""
    rule = fetch_or_404(RewardRule, rule_id)
    values: dict[str, Any] = {name: getattr(rule, name) for name in PLAIN}
    return _keep(rule, RuleForm(data={**values, "version": str(rule.version)}))


def _keep(rule: RewardRule, form: RuleForm) -> ResponseReturnValue:
    def keep() -> None:
        for name in PLAIN:
            setattr(rule, name, form[name].data)
        actions.keep(rule)

    if save(form, keep, version=str(rule.version or "")):
        flash(gettext("The rule is saved."), "success")
        return redirect(url_for(".reward_rules"), 303)
    return render_template(
        "contest_funds/reward_rule.html", form=form, rule=rule if rule.id else None
    ), form.http_status
