"""The fact sheets as values, in the language that is spoken while they are made. Nothing unknown is left out: it says
that it is not stated. Long texts and long lists are cut, so that each sheet fits one page."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext, ngettext

from districtops import clock
from districtops.guard.identity import visitor
from districtops.kit.locale import change, count, day, moment, percent, quantity, short_day, won_exact
from districtops.kit.sheet import Fact, Sheet, Table
from districtops.kit.text import language, shortened
from districtops.models.queries import district_names
from districtops.new_deal.fact_sheet import queries
from districtops.new_deal.models import Project
from districtops.new_deal.overview import Overview
from districtops.new_deal.record import Appointment, PayerPart, Record

TITLE, SUBTITLE, FACT, WIDE, CELL, DIVISION = 118, 100, 60, 340, 70, 28
"""How many Latin letters a text may take (a Korean syllable takes two)."""
MILESTONES, STEPS, NAMED, DUE = 7, 5, 5, 4
"""How many rows of a list a sheet shows; below them stands how many more there are."""


def _stated(value: Any, width: int = FACT) -> str:
    """A name or a text, or that it is not stated."""
    return shortened(str(value), width) if value else gettext("not stated")


def _more(number: int) -> str:
    return ngettext("and %(num)s more", "and %(num)s more", number) if number > 0 else ""


def _marked(text: str, *, sample: bool) -> str:
    """The text, and that it is made up where it is."""
    return f"{text} ({gettext('sample')})" if sample else text


def _head(district_id: int) -> str:
    return f"{district_names().get(district_id, '')} · {gettext('New Deal')}"


def _foot() -> str:
    person = visitor()
    name = shortened(person.display_name, FACT) if person else ""
    return gettext(
        "As of %(date)s · printed on %(moment)s by %(name)s",
        date=day(clock.today()),
        moment=moment(clock.now()),
        name=name,
    )


def _payers(parts: Sequence[PayerPart], total: int | None, shares: Sequence[int]) -> Table:
    return Table(
        title=gettext("Budget by payer"),
        head=(gettext("Payer"), gettext("Amount"), gettext("Share")),
        rows=[(part.label, won_exact(part.amount), percent(part.share)) for part in parts],
        foot=(gettext("Total"), won_exact(total), ""),
        shares=shares,
        numeric=True,
        note="" if parts else gettext("No amount is stated."),
    )


def project_sheet(project: Project, record: Record) -> Sheet:
    """The fact sheet of a project."""
    program = project.program
    return Sheet(
        language=language(),
        head=_head(project.district_id),
        title=shortened(program.title, TITLE),
        subtitle=_marked(
            shortened(
                gettext("%(code)s · %(programme)s", code=program.code, programme=project.programme.name), SUBTITLE
            ),
            sample=program.sample,
        ),
        facts=tuple(_project_facts(project)),
        bands=(
            (_payers(record.payers, record.budget, (38, 42, 20)), _execution(record)),
            (_milestones(record.schedule),),
            (_steps(record),),
        ),
        foot=_foot(),
    )


def _project_facts(project: Project) -> Iterable[Fact]:
    program = project.program
    period = gettext("%(first)s – %(last)s", first=short_day(program.starts_on), last=short_day(program.ends_on))
    yield Fact(gettext("Stage"), str(project.stage.label))
    yield Fact(gettext("Status"), str(project.status.label) if project.status else gettext("not reported"))
    yield Fact(gettext("Category"), str(project.category.label))
    yield Fact(gettext("Type"), str(project.type.label) if project.type else gettext("not stated"))
    yield Fact(gettext("Department"), _stated(program.department.name if program.department else None))
    yield Fact(gettext("Officer"), _stated(program.officer.name if program.officer else None))
    yield Fact(gettext("Period"), period if program.starts_on or program.ends_on else gettext("not stated"))
    yield Fact(gettext("Place"), _stated(project.location))
    yield Fact(
        gettext("Purpose"),
        shortened(str(project.purpose), WIDE) if project.purpose else gettext("not stated"),
        wide=True,
    )
    yield Fact(gettext("Indicator"), _indicator(project), wide=True)


def _indicator(project: Project) -> str:
    if not project.kpi_name:
        return gettext("not stated")
    unit = f" {shortened(str(project.kpi_unit), 16)}" if project.kpi_unit else ""
    values = f"{quantity(project.kpi_base)} → {quantity(project.kpi_target)}{unit}"
    actual = gettext("actual: %(value)s", value=quantity(project.kpi_actual))
    return f"{shortened(str(project.kpi_name), FACT)}: {values} ({actual})"


def _execution(record: Record) -> Table:
    original = record.original
    return Table(
        title=gettext("Execution"),
        head=(gettext("Figure"), gettext("Amount")),
        rows=(
            (gettext("Original budget"), won_exact(original)),
            (gettext("Current budget"), won_exact(record.budget)),
            (gettext("Spent"), won_exact(record.spent)),
            (gettext("Left of the budget"), won_exact(record.left)),
        ),
        foot=(gettext("Execution rate"), percent(record.rate)),
        shares=(52, 48),
        numeric=True,
    )


def _milestones(schedule: Sequence[Appointment]) -> Table:
    """What is open first, else the last of what is done: a schedule of years begins with what nobody asks about."""
    start = next((place for place, item in enumerate(schedule) if item.milestone.done_on is None), len(schedule))
    start = max(0, min(start, len(schedule) - MILESTONES))
    shown = schedule[start : start + MILESTONES]
    return Table(
        title=gettext("Milestones"),
        head=(gettext("Milestone"), gettext("Due"), gettext("Done on")),
        rows=[
            (
                shortened(item.label, CELL),
                short_day(item.due),
                short_day(item.milestone.done_on) if item.milestone.done_on else _not_done(item),
            )
            for item in shown
        ],
        shares=(60, 20, 20),
        note=_more(len(schedule) - len(shown)) if schedule else gettext("No milestone is recorded."),
    )


def _not_done(item: Appointment) -> str:
    if item.milestone.given_up_on is not None:
        return gettext("given up")
    if item.days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -item.days)
    return gettext("not done yet")


def _steps(record: Record) -> Table:
    shown = record.steps[:STEPS]
    return Table(
        title=gettext("Last steps"),
        head=(gettext("Day"), gettext("Step"), gettext("Particulars")),
        rows=[
            (
                short_day(step.on_date),
                f"{step.from_stage.label} → {step.to_stage.label}",
                shortened(" · ".join(str(words) for words in (step.detail, step.reason) if words), CELL),
            )
            for step in shown
        ],
        shares=(15, 35, 50),
        note=_more(len(record.steps) - len(shown)) if record.steps else gettext("No step is recorded yet."),
    )


def programme_sheet(overview: Overview) -> Sheet:
    """The fact sheet of a year's programme."""
    programme = overview.programme
    return Sheet(
        language=language(),
        head=_head(programme.district_id),
        title=shortened(programme.name, TITLE),
        subtitle=gettext("Fiscal year %(year)s", year=programme.fiscal_year),
        facts=tuple(_programme_facts(overview)),
        bands=(
            (_by_status(overview), _payers(overview.by_payer, overview.year.total.budget, (36, 44, 20))),
            (_by_category(overview),),
            (_named(overview),),
            (_due(overview),),
        ),
        foot=_foot(),
    )


def _programme_facts(overview: Overview) -> Iterable[Fact]:
    programme, total, last = overview.programme, overview.year.total, overview.last
    planned = programme.planned_count
    yield Fact(gettext("Projects"), count(total.projects))
    yield Fact(gettext("Planned projects"), count(planned))
    yield Fact(gettext("Budget"), won_exact(total.budget))
    yield Fact(gettext("Announced money"), won_exact(programme.planned_won))
    yield Fact(gettext("Average per project"), won_exact(total.average))
    yield Fact(gettext("Execution rate"), percent(total.rate))
    yield Fact(
        gettext("Projects against %(year)s", year=last.fiscal_year),
        _against(change(overview.count_change.difference), change(overview.count_change.percent(), "%"))
        if last.rows
        else gettext("no data"),
    )
    yield Fact(
        gettext("Budget against %(year)s", year=last.fiscal_year),
        _budget_change(overview) if last.rows else gettext("no data"),
    )
    yield Fact(gettext("Parent policy"), _stated(programme.parent_policy))
    yield Fact(gettext("Announced on"), day(programme.announced_on))
    measures = " · ".join(str(measure.name) for measure in overview.measures)
    yield Fact(
        gettext("Support measures"),
        f"{count(len(overview.measures))}: {shortened(measures, 170)}" if measures else gettext("none"),
        wide=True,
    )


def _against(difference: str, share: str) -> str:
    return f"{difference} ({share})"


def _budget_change(overview: Overview) -> str:
    words = change(overview.budget_change.percent(), "%")
    if overview.budget_band is None:
        return words
    low, high = (change(end, "%") for end in overview.budget_band)
    return gettext("%(change)s (rounded: %(low)s to %(high)s)", change=words, low=low, high=high)


def _by_status(overview: Overview) -> Table:
    lines = overview.by_status
    return Table(
        title=gettext("Projects by status"),
        head=(gettext("Status"), gettext("Projects"), gettext("Share")),
        rows=[(line.label or gettext("not reported"), count(line.count), percent(line.share)) for line in lines],
        foot=(gettext("Total"), count(sum(line.count for line in lines)), ""),
        shares=(50, 28, 22),
        numeric=True,
    )


def _by_category(overview: Overview) -> Table:
    total = overview.year.total
    return Table(
        title=gettext("Where is the money?"),
        head=(
            gettext("Category"),
            gettext("Projects"),
            gettext("With an amount"),
            gettext("Budget"),
            gettext("Average per project"),
            gettext("Execution rate"),
        ),
        rows=[
            (
                line.label,
                count(line.count),
                count(line.total.with_amount),
                won_exact(line.total.budget),
                won_exact(line.total.average),
                percent(line.rate),
            )
            for line in overview.by_category
        ],
        foot=(
            gettext("Total"),
            count(total.projects),
            count(total.with_amount),
            won_exact(total.budget),
            won_exact(total.average),
            percent(total.rate),
        ),
        shares=(18, 11, 14, 22, 21, 14),
        numeric=True,
    )


def _named(overview: Overview) -> Table:
    rows = queries.named(overview.programme, NAMED)
    return Table(
        title=gettext("Named in the announcement"),
        head=(gettext("Project"), gettext("Department"), gettext("Budget")),
        rows=[
            (shortened(row.title, CELL), _stated(row.department, DIVISION), won_exact(row.budget_won)) for row in rows
        ],
        shares=(52, 26, 22),
        note=_more(overview.year.named.projects - len(rows)) if rows else gettext("none"),
    )


def _due(overview: Overview) -> Table:
    shown = overview.due[:DUE]
    return Table(
        title=gettext("Late, and due within 14 days"),
        head=(gettext("Milestone"), gettext("Department"), gettext("Due")),
        rows=[
            (_marked(shortened(item.text, CELL), sample=item.sample), _stated(item.who, DIVISION), short_day(item.day))
            for item in shown
        ],
        shares=(62, 22, 16),
        note=_more(len(overview.due) - len(shown)) if shown else gettext("No milestone is late or due within 14 days."),
    )
