"""The comparison of two years as values: everything comes from grouped sums, and a few rows of each list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from districtops.kit.change import Change, compare
from districtops.kit.db import AnyRow
from districtops.new_deal.comparison import queries
from districtops.new_deal.comparison.rules import Lineage, rest
from districtops.new_deal.models import Category, Programme
from districtops.new_deal.overview import Overview, Total, Year

SHOWN = 8
"""How many projects of each kind the page shows; the list has all of them."""


def _without(whole: Total, part: Total) -> Total:
    """The sum of the projects that are not in the part."""
    stated = whole.with_amount - part.with_amount
    return Total(
        projects=whole.projects - part.projects,
        with_amount=stated,
        budget=rest(whole.budget, part.budget, stated),
    )


@dataclass(frozen=True, kw_only=True)
class Group:
    """The projects that are new, go on or ended: this year's sum, last year's, and the first of them.

    ``now`` is None for those that ended, ``before`` for those that are new.
    """

    lineage: Lineage
    now: Total | None
    before: Total | None
    url: str
    rows: Sequence[AnyRow]

    @property
    def count(self) -> int:
        """How many projects."""
        return (self.now or self.before or Total()).projects

    @property
    def more(self) -> int:
        """How many of them are not shown here."""
        return self.count - len(self.rows)

    @property
    def budget_change(self) -> Change | None:
        """How the money of those that go on changed."""
        return compare(self.now.budget, self.before.budget) if self.now and self.before else None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of two years: a category, or all projects; each total opens its list."""

    label: str
    now: Total
    before: Total
    now_url: str
    before_url: str
    known: bool
    """Whether the year before has a programme at all."""

    @property
    def now_won(self) -> int | None:
        """This year's money: nothing where there is no project, None where none of them has an amount."""
        return self.now.budget if self.now.projects else 0

    @property
    def before_won(self) -> int | None:
        """Last year's money, in the same way; None as well where nothing is known of that year."""
        return self.before.budget if self.before.projects or not self.known else 0

    @property
    def count_change(self) -> Change:
        """How the number of projects changed."""
        return compare(self.now.projects, self.before.projects if self.known else None)

    @property
    def budget_change(self) -> Change:
        """How the money changed."""
        return compare(self.now_won, self.before_won)

    @property
    def average_change(self) -> Change:
        """How the money per project changed, of averages that are rounded to the won."""
        return compare(self.now.average, self.before.average)


class Comparison:
    """A year's programme beside the one before."""

    def __init__(self, overview: Overview) -> None:
        self.overview = overview
        self.programme = overview.programme
        self.before = overview.before

    @cached_property
    def _continued(self) -> AnyRow:
        return queries.continued(self.programme, self.before)

    @cached_property
    def groups(self) -> list[Group]:
        """New, continued and ended projects."""
        found = self._continued
        goes_on = Total(projects=found.projects, with_amount=found.with_amount, budget=found.budget)
        went_on = Total(
            projects=found.before_projects, with_amount=found.before_with_amount, budget=found.before_budget
        )
        year, last = self.overview.year.total, self.overview.last.total
        groups = [
            self._group(Lineage.NEW, self.programme, now=_without(year, goes_on)),
            self._group(Lineage.CONTINUED, self.programme, now=goes_on, before=went_on),
        ]
        if self.before is not None:
            groups.append(self._group(Lineage.ENDED, self.before, before=_without(last, went_on)))
        return groups

    def _group(
        self, lineage: Lineage, programme: Programme, *, now: Total | None = None, before: Total | None = None
    ) -> Group:
        return Group(
            lineage=lineage,
            now=now,
            before=before,
            url=url_for("new_deal.changes", programme=programme.id, change=lineage.value),
            rows=queries.first_of(programme, lineage, SHOWN),
        )

    @cached_property
    def categories(self) -> list[Row]:
        """Number, money and money per project by category, of both years."""
        now = self.overview.year.by("category")
        before = Year(self.before, self.programme.fiscal_year - 1, ("category",)).by("category")
        return [
            self._row(str(c.label), now.get(c, Total()), before.get(c, Total()), category=c.value) for c in Category
        ]

    @cached_property
    def total(self) -> Row:
        """All projects of both years."""
        return self._row("", self.overview.year.total, self.overview.last.total)

    def _row(self, label: str, now: Total, before: Total, **filters: str) -> Row:
        year, last = self.overview.year, self.overview.last
        return Row(
            label=label,
            now=now,
            before=before,
            now_url=year.url(**filters),
            before_url=last.url(**filters),
            known=bool(last.rows),
        )
