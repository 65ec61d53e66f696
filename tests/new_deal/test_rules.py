"""Which way a project goes: every step from every stage, for every type."""

import pytest

from districtops.new_deal.rules import ENDED, LADDER, SKIPPED, VERBS, ProjectType, Stage, next_stage, path, verbs_from

FULL = "discovered planned budget_secured ordered contracted in_execution inspected completed settled"
SHORT = "discovered planned budget_secured in_execution completed settled"


@pytest.mark.parametrize(
    ("kind", "stages"),
    [
        (ProjectType.CONSTRUCTION, FULL),
        (ProjectType.PURCHASE, FULL),
        (ProjectType.SERVICE, FULL),
        (ProjectType.OWN_OPERATION, SHORT),
        (ProjectType.GRANT, SHORT),
        (None, FULL),
    ],
)
def test_a_project_walks_the_stages_that_its_type_needs(kind, stages):
    assert [stage.value for stage in path(kind)] == stages.split()


@pytest.mark.parametrize("kind", [*ProjectType, None])
def test_walking_forward_from_the_idea_ends_in_settlement(kind):
    walked, stage = [Stage.DISCOVERED], Stage.DISCOVERED
    while (following := next_stage(stage, kind)) is not None:
        walked.append(following)
        stage = following
    assert tuple(walked) == path(kind)


ALLOWED = {
    "discovered": {"plan", "drop"},
    "planned": {"secure_budget", "hold", "cancel"},
    "budget_secured": {"order", "hold", "cancel"},
    "ordered": {"contract", "hold", "cancel"},
    "contracted": {"start", "hold", "cancel"},
    "in_execution": {"accept", "hold", "cancel"},
    "inspected": {"complete", "hold", "cancel"},
    "completed": {"settle"},
    "settled": set(),
    "on_hold": {"resume", "cancel"},
    "cancelled": {"reinstate"},
    "dropped": {"reinstate"},
}


@pytest.mark.parametrize("stage", Stage, ids=str)
def test_the_open_steps_of_a_construction_are_exactly_these(stage):
    assert set(verbs_from(stage, ProjectType.CONSTRUCTION)) == ALLOWED[stage.value]


@pytest.mark.parametrize("kind", sorted(SKIPPED))
def test_an_own_operation_and_a_grant_start_when_the_budget_is_secured(kind):
    assert verbs_from(Stage.BUDGET_SECURED, kind)[0] == "start"
    assert verbs_from(Stage.IN_EXECUTION, kind)[0] == "complete"


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_nothing_follows_an_end_but_what_was_stopped_can_be_taken_up_again(stage):
    assert verbs_from(stage, ProjectType.SERVICE) == (() if stage is Stage.SETTLED else ("reinstate",))


def test_each_stage_of_the_ladder_but_the_first_is_reached_by_one_step():
    targets = [verb.target for verb in VERBS.values() if verb.target in LADDER]
    assert sorted(targets) == sorted(LADDER[1:])


def test_what_stops_a_project_asks_why():
    assert all("reason" in VERBS[name].needs for name in ("hold", "cancel", "drop"))
    assert "doc_no" in VERBS["cancel"].needs
