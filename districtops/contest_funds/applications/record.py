"""An application's page as values: the money with its check, the steps, what may be done now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from districtops import clock
from districtops.contest_funds import queries, rules
from districtops.contest_funds.figures import PAYERS
from districtops.contest_funds.models import Application, Award, Matching, MatchingSource, StateChange
from districtops.kit.deadline import DueState, days_left, due_state
from districtops.kit.ratio import percent
from districtops.models import Note
from districtops.models import queries as shared


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one payer gives: won, and its share of the total where that is known."""

    label: str
    amount: int
    share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A day by which something must be done."""

    day: dt.date
    state: DueState
    days: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """What belongs to an application. Money in won; None where nothing is stated."""

    application: Application
    awards: Sequence[Award]
    beside: Sequence[Matching]
    work: Sequence[Any]
    steps: Sequence[StateChange]
    notes: Sequence[Note]
    open_verbs: Sequence[rules.Verb]

    @property
    def external(self) -> int | None:
        """Outside money (rule R3)."""
        return sum(line.amount_won for line in self.awards) if self.awards else None

    def from_source(self, source: MatchingSource) -> int | None:
        """Money beside the award from one source, as far as lines say."""
        amounts = [line.amount_won for line in self.beside if line.source is source]
        return sum(amounts) if amounts else None

    @property
    def entered(self) -> int | None:
        """Award and matching together."""
        return None if self.external is None else self.external + sum(line.amount_won for line in self.beside)

    @property
    def total(self) -> int | None:
        """The total cost: as stated, else what the lines make."""
        stated = self.application.total_won
        return stated if stated is not None else (self.entered if self.beside else None)

    @property
    def unexplained(self) -> int | None:
        """What of the stated total no line explains; never called matching. None where there is nothing to compare."""
        if self.application.total_won is None or self.entered is None:
            return None
        return self.application.total_won - self.entered

    @property
    def external_share(self) -> Decimal | None:
        """Outside money in percent of the total (rule R3)."""
        return rules.external_share(self.external, self.total)

    @property
    def parts(self) -> list[Part]:
        """The outside money by payer."""
        sums = {payer: sum(line.amount_won for line in self.awards if line.payer is payer) for payer in PAYERS}
        return [
            Part(label=str(payer.label), amount=amount, share=percent(amount, self.external))
            for payer, amount in sums.items()
            if amount
        ]

    @property
    def left_to_use(self) -> int:
        """Won of the award that no program spends yet."""
        used = {row.award_id for row in self.work if row.award_id is not None}
        return sum(line.amount_won for line in self.awards if line.id not in used)

    @property
    def settlement(self) -> Deadline | None:
        """By when the award is to be settled (rule R15)."""
        day = self.application.settle_by
        if day is None:
            return None
        today, done = clock.today(), self.application.state is rules.State.SETTLED
        return Deadline(day=day, state=due_state(day, today, done=done), days=days_left(day, today))


def record_of(application: Application) -> Record:
    """What belongs to an application."""
    program = application.program
    return Record(
        application=application,
        awards=queries.awards_of(application),
        beside=queries.matching_of(application),
        work=queries.work_of(application),
        steps=queries.state_changes(application),
        notes=shared.notes(program),
        open_verbs=[rules.VERBS[name] for name in rules.TRANSITIONS.get(application.state, ())],
    )
