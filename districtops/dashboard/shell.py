"""What every page has around it: menu, language, unit, office and day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, request, url_for
from flask_babel import gettext

from districtops import clock
from districtops.guard.access import Action, may
from districtops.guard.identity import visitor
from districtops.guard.installation import is_demonstration
from districtops.kit.locale import FILTERS, reader_unit
from districtops.kit.text import language
from districtops.kit.won import Unit
from districtops.models import Density
from districtops.registry import MODULES


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the menu."""

    label: str
    url: str
    icon: str
    current: bool
    group: str = ""


class Shell:
    """Read by the base templates; nothing here is asked before it is shown."""

    @property
    def language(self) -> str:
        """``en`` or ``ko``."""
        return language()

    @property
    def text_size(self) -> int:
        """100, 125 or 150 percent."""
        person = visitor()
        return person.user.text_size if person else 100

    @property
    def unit(self) -> Unit:
        """The unit in which this reader sees money."""
        return reader_unit()

    @property
    def density(self) -> Density:
        """How much room this reader gives the rows of tables."""
        person = visitor()
        return (person.user.density if person else None) or Density.COMFORTABLE

    @property
    def office(self) -> str:
        """The name of the reader's district, empty for nobody and for the city."""
        person = visitor()
        if person is None:
            return ""
        return person.user.district.name if person.user.district else gettext("Seoul Metropolitan Government")

    @property
    def today(self) -> dt.date:
        """The as-of date of the page."""
        return clock.today()

    @property
    def demonstration(self) -> bool:
        """Whether the page says that it shows a demonstration."""
        return is_demonstration()

    @property
    def path(self) -> str:
        """The address of this page, for acts that come back to it."""
        return request.full_path.rstrip("?") if request.method == "GET" else request.path

    @cached_property
    def menu(self) -> list[MenuItem]:
        """Only what the reader may open."""
        if visitor() is None:
            return []
        found = [_item(gettext("Today"), "dashboard.index", "home", {"dashboard"})]
        found.extend(
            _item(str(module.label), f"{module.name}.index", module.icon, {module.name})
            for module in MODULES
            if may(Action.VIEW, module.name)
        )
        if may(Action.VIEW, "announced_figures"):
            found.append(
                _item(gettext("Announced figures"), "announced_figures.index", "megaphone", {"announced_figures"})
            )
        if may(Action.AUDIT, "trail"):
            found.append(
                _item(gettext("Record of changes"), "trail.index", "shield-check", {"trail"}, gettext("Audit"))
            )
        if may(Action.ADMINISTER, "people"):
            group = gettext("Administration")
            at_departments = "department" in (request.endpoint or "")
            people, divisions = gettext("People"), gettext("Divisions and teams")
            found.append(_item(people, "people.index", "users", set() if at_departments else {"people"}, group))
            found.append(
                _item(
                    divisions,
                    "people.department_list",
                    "building-office-2",
                    {"people"} if at_departments else set(),
                    group,
                )
            )
        found.extend(self._settings())
        return found

    def _settings(self) -> Iterator[MenuItem]:
        """What administrators set about each module. They see no figures, so these pages stand in a group of their
        own."""
        for module in MODULES:
            if may(Action.ADMINISTER, module.name):
                for label, endpoint in module.settings:
                    yield MenuItem(
                        label=f"{module.label}: {label}",
                        url=url_for(endpoint),
                        icon="cog-6-tooth",
                        current=request.path.startswith(url_for(endpoint)),
                        group=gettext("Administration"),
                    )


def _item(label: str, endpoint: str, icon: str, blueprints: set[str], group: str = "") -> MenuItem:
    return MenuItem(label=label, url=url_for(endpoint), icon=icon, current=request.blueprint in blueprints, group=group)


def init_app(app: Flask) -> None:
    """Give every template the shell, the filters and the question ``may``."""
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(lambda: {"shell": Shell(), "may": may, "Action": Action})
