"""The notice of a month in one language, every word of it: it hangs at the gate in Korean and in English together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import force_locale, gettext

from districtops.kit.locale import WEEKDAYS
from districtops.kit.locale import day as in_words
from districtops.playgrounds.rules import DAY, Day, State
from districtops.playgrounds.schedule.answers import times, why
from districtops.playgrounds.schedule.calendar import Month


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A month's opening times as they are put up. ``lines`` are (days, times, reason) of the days that differ."""

    language: str
    title: str
    address: str
    summary: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[tuple[int, str, str] | None]]
    heading: str
    columns: Sequence[str]
    lines: Sequence[tuple[str, str, str]]
    rules_heading: str
    rules: str
    none: str


def _cell(day: Day | None) -> tuple[int, str, str] | None:
    if day is None:
        return None
    return day.date.day, day.state.value, times(day) if day.state is State.OPEN else str(day.state.label)


def _lines(days: Iterable[Day]) -> Iterator[tuple[str, str, str]]:
    """(days, opening times, reason): days in a row of which the same is told stand in one line."""
    run: list[Day] = []
    for day in days:
        if run and (day.date != run[-1].date + DAY or _told(day) != _told(run[-1])):
            yield _line(run)
            run = []
        run.append(day)
    if run:
        yield _line(run)


def _told(day: Day) -> tuple[str, str]:
    return times(day) or str(day.state.label), why(day)


def _line(run: Sequence[Day]) -> tuple[str, str, str]:
    first, last = in_words(run[0].date), in_words(run[-1].date)
    return (first if len(run) == 1 else f"{first} – {last}", *_told(run[0]))


def notice_of(month: Month, language: str) -> Notice:
    """The notice in ``en`` or ``ko``, whatever the reader's language."""
    place = month.playground
    with force_locale(language):
        return Notice(
            language=language,
            title=gettext("%(playground)s: opening times in %(month)s", playground=place.name, month=month.title),
            address=str(place.address),
            summary=gettext(
                "Open on %(count)s days of the month. Nobody is let in from the closing minute on.",
                count=month.open_days,
            ),
            weekdays=[str(name) for name in WEEKDAYS],
            weeks=[[_cell(day) for day in week] for week in month.weeks],
            heading=gettext("Days that differ from the ordinary week"),
            columns=[gettext("Day"), gettext("Opening times"), gettext("Reason")],
            lines=list(_lines(month.exceptions)),
            rules_heading=gettext("Rules for visitors"),
            rules=str(place.visitor_rules or ""),
            none=gettext("Every day of this month is as in an ordinary week."),
        )
