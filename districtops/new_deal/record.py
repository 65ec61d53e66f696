"""A project's page as values: its money by payer, its schedule, the steps that are open."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from districtops import clock
from districtops.kit.deadline import DueState, days_left, due_state
from districtops.kit.execution import execution_rate, over_budget
from districtops.kit.ratio import percent
from districtops.models import FundingLine, LedgerEntry, Milestone, Note, Payer
from districtops.models import queries as shared
from districtops.new_deal import queries, rules
from districtops.new_deal.milestones.rules import slip
from districtops.new_deal.models import ContestSelection, Project, StageChange
from districtops.new_deal.opinions.queries import Voices, voices


@dataclass(frozen=True, kw_only=True)
class PayerPart:
    """What one payer contributes, in won."""

    label: str
    amount: int
    share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A milestone with its state today (rule R11), and the days by which it slipped."""

    milestone: Milestone
    state: DueState
    days: int
    slip: int | None

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return str(self.milestone.title)

    @property
    def due(self) -> dt.date:
        """The day it is due."""
        return self.milestone.due_on


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything that a project's page shows beside the project's own row."""

    lines: Sequence[FundingLine]
    entries: Sequence[LedgerEntry]
    schedule: Sequence[Appointment]
    steps: Sequence[StageChange]
    contests: Sequence[ContestSelection]
    notes: Sequence[Note]
    voices: Voices
    open_verbs: Sequence[rules.Verb]
    path: Sequence[rules.Stage]

    @property
    def budget(self) -> int | None:
        """The current budget in won; None while none is stated."""
        return sum(line.amount_won for line in self.lines) if self.lines else None

    @property
    def original(self) -> int | None:
        """The original budget in won."""
        amounts = [line.amount_won for line in self.lines if line.kind == "original"]
        return sum(amounts) if amounts else None

    @property
    def spent(self) -> int:
        """The balance of the ledger in won."""
        return sum(entry.amount_won for entry in self.entries)

    @property
    def rate(self) -> Decimal | None:
        """The execution rate (rule R1)."""
        return execution_rate(self.spent, self.budget)

    @property
    def left(self) -> int | None:
        """Won of the budget that are not spent; below zero when too much was."""
        return None if self.budget is None else self.budget - self.spent

    @property
    def over(self) -> bool:
        """Whether more was spent than the budget holds."""
        return self.budget is not None and over_budget(self.spent, self.budget)

    @property
    def payers(self) -> list[PayerPart]:
        """The current budget by payer."""
        sums = {payer: [line.amount_won for line in self.lines if line.payer is payer] for payer in Payer}
        return [
            PayerPart(label=str(payer.label), amount=sum(amounts), share=percent(sum(amounts), self.budget))
            for payer, amounts in sums.items()
            if amounts
        ]

    @property
    def reversed_ids(self) -> set[int]:
        """Entries of the ledger that were taken back."""
        return {entry.reverses_id for entry in self.entries if entry.reverses_id is not None}


def record_of(project: Project) -> Record:
    """What belongs to a project."""
    today = clock.today()
    program = project.program
    return Record(
        lines=shared.funding_lines(program),
        entries=shared.ledger(program),
        schedule=[
            Appointment(
                milestone=m,
                state=due_state(m.due_on, today, done=m.done_on is not None),
                days=days_left(m.due_on, today),
                slip=slip(m.planned_on, m.due_on, m.done_on, m.given_up_on, today),
            )
            for m in shared.milestones(program)
        ],
        steps=queries.stage_changes(project),
        contests=queries.contests_of(project),
        notes=shared.notes(program),
        voices=voices(project),
        open_verbs=[rules.VERBS[name] for name in rules.verbs_from(project.stage, project.type)],
        path=rules.path(project.type),
    )
