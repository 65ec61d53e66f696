"""The answers of the rules in words: what is said on the phone, on the page and in the calendar."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext

from districtops.kit.locale import day as in_words
from districtops.playgrounds import rules
from districtops.playgrounds.places.models import Playground
from districtops.playgrounds.rules import Day, Hours, Period, Schedule, State


def hours_text(hours: Hours) -> str:
    """``10:00–17:00``."""
    return f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


def times(day: Day) -> str:
    """All opening times of a day: ``10:00–12:00, 13:00–17:00``."""
    return ", ".join(hours_text(hours) for hours in day.hours)


def why(day: Day) -> str:
    """The layer that decided and the reason that was published: ``dated closure: Lunar New Year’s Day``."""
    words = [_with(str(day.because.label), day.period)]
    for cut in day.cuts:
        if cut.hours:
            closed = gettext("closed %(hours)s", hours=hours_text(cut.hours))
            words.append(_with(closed, cut))
    return "; ".join(words)


def _with(label: str, period: Period | None) -> str:
    words = str(period.reason or "") if period is not None else ""
    return f"{label}: {words}" if words and words.casefold() != label.casefold() else label


@dataclass(frozen=True)
class Answer:
    """Whether a playground is open on a day, or at a time of it, and why."""

    playground: Playground
    schedule: Schedule
    date: dt.date
    time: dt.time | None = None

    @cached_property
    def day(self) -> Day:
        """The answer for the whole day."""
        return rules.answer(self.schedule, self.date)

    @property
    def state(self) -> State:
        """Open or closed at the time, where one is asked for; else what the day is."""
        if self.time is None or self.day.state is not State.OPEN:
            return self.day.state
        return State.OPEN if self.day.open_at(self.time) else State.CLOSED

    @cached_property
    def next(self) -> tuple[dt.date, dt.time] | None:
        """When it opens next."""
        return rules.next_opening(self.schedule, self.date, self.time)

    @property
    def headline(self) -> str:
        """One line: open until when, or closed."""
        if self.state is State.NOT_PREPARED:
            return gettext("Not prepared: do not tell anybody that it is open")
        if self.state is State.CLOSED:
            return gettext("Closed")
        if self.time is not None:
            until = next(closes for opens, closes in self.day.hours if opens <= self.time < closes)
            return gettext("Open until %(time)s", time=f"{until:%H:%M}")
        return gettext("Open %(hours)s", hours=times(self.day))

    @property
    def reason(self) -> str:
        """The winning rule and its reason; at a time, why that time is closed on an open day."""
        if self.time is None or self.day.state is not State.OPEN or self.day.open_at(self.time):
            return why(self.day)
        if cut := self.day.cut_at(self.time):
            return _with(str(gettext("closed %(hours)s", hours=hours_text(cut.hours or (self.time, self.time)))), cut)
        return gettext("outside the opening times of the day, %(hours)s", hours=times(self.day))

    @property
    def next_text(self) -> str:
        """``next open Wed 2 Feb 2022 10:00``."""
        if self.next is None:
            return gettext("no opening is published yet")
        return gettext("next open %(day)s %(time)s", day=in_words(self.next[0]), time=f"{self.next[1]:%H:%M}")

    @property
    def sentence(self) -> str:
        """All of it in one line, to be read out on the phone."""
        parts = [f"{self.headline}: {self.reason}"]
        return "; ".join([*parts, self.next_text] if self.state is not State.OPEN else parts)
