"""Every act that a page offers, found by walking the pages: its form as somebody sends it who means it.

A test that walks acts holds for those that are added tomorrow. One whose form needs more than a required field of each
kind gets its words in ``WORDS``, by the field's name.
"""

import base64
import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from factories import PASSWORD, Maker, scoped_models
from flask import Flask
from flask.testing import FlaskClient
from pages import Page, PostedForm, Visitor, filled
from sample_files import png
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from test_access import OWN, address, methods, numbers_in, rules
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from districtops import clock
from districtops.contest_funds.models import Application, Award, Tie
from districtops.contest_funds.rules import State
from districtops.guard import chain, totp
from districtops.guard.access import PUBLIC, SIGNED_IN, mark_of
from districtops.guard.summaries import recompute
from districtops.kit.db import Base, db
from districtops.kit.text import Words
from districtops.models import AnnouncedFigure, Attachment, Department, FundingLine, Payer, Program, Role, User
from districtops.new_deal.contracts.models import Contract, Payment
from districtops.new_deal.models import Project
from districtops.new_deal.monthly.models import MonthlyReport, ReportDraft, ReportMonth
from districtops.new_deal.monthly.rules import State as ReportState
from districtops.new_deal.rules import ProjectType, Stage
from districtops.new_deal.year_end.models import YearEndDecision
from districtops.registry import MODULES

EVERYTHING = tuple(role for role in Role if role is not Role.CITY)

WORDS = {
    "kind": "supplementary",
    "reason": "The council decided so",
    "text_size": "125",
    "username": "newcomer.kim",
    "current": PASSWORD,
    "password": "another good secret",
    "again": "another good secret",
}
"""What is written into a field of this name, where the form has it and offers the value."""
WORDS_OF = {
    "contest_funds.create_rule": {"from_year": "2031"},
    "contest_funds.run_on_its_own": {"fiscal_year": "2031"},
    "contest_funds.select_by_shares": {"national_percent": "100", "district_percent": ""},
    "new_deal.add_contract": {"ends_on": "2022-12-31"},
    "new_deal.change_deadline": {"due_on": "2022-04-29"},
    "new_deal.create_programme": {"fiscal_year": "2031"},
    "new_deal.draft_year_end": {"carry_won": "0", "return_won": "0"},
}
"""The same for one act alone."""

PICTURE = ".png"
"""How what stands in a field for files ends; ``body`` puts a picture in its place, another one for each name."""

ENDS_THE_VISIT = frozenset({"accounts.sign_out", "accounts.login"})


@dataclass(frozen=True)
class Act:
    """A form of a page: where it stands, where it goes, and what is sent."""

    endpoint: str
    page: str
    action: str

    def __repr__(self) -> str:
        return self.endpoint

    def counts_once(self, app: Flask) -> bool:
        """Whether it is carried out once however often it arrives; what concerns the reader alone may be repeated."""
        return mark_of(app, self.endpoint) not in (PUBLIC, SIGNED_IN)

    def opened(self, visitor: Visitor) -> tuple[PostedForm, MultiDict[str, str]]:
        """The form as its page shows it now, and what is sent."""
        page = visitor.look(self.page)
        form = page.form(self.action)
        sent = filled(form)
        for control in form.element.iter():
            name = control.get("name")
            word = WORDS_OF.get(self.endpoint, {}).get(name, WORDS.get(name))
            if word is not None and (
                control.tag != "select" or word in {o.get("value") for o in control.iter("option")}
            ):
                sent[name] = word
            if control.get("type") == "file" and name:
                sent.add(name, f"{self.endpoint}{PICTURE}")
        secret = [e.text or "" for e in page.tree.iter("code") if e.get("class") == "secret"]
        if secret:
            sent["code"] = totp.code(base64.b32decode(secret[0].replace(" ", "")), totp.step_at(clock.now()))
        return form, sent


SPARE = {module.name: OWN + place for place, module in enumerate(MODULES, 1) if module.record is not None}
"""By module the number of a record on which nothing hangs, so that it may be deleted while the others go on."""


NUMBERS = {"contest_funds": OWN + 100}
"""The number of the rows of a module whose record is not ``OWN``: each record has a program of its own."""

APPLIED = OWN + 150
"""A contest application whose result is awaited."""

CLOSING, UNDECIDED = OWN + 51, OWN + 52
"""A project with a planned payment and a draft of its year's end, and one of which nothing is decided."""

REPORTED = OWN + 160
"""A monthly report that waits for its decision."""

ROWS = {
    "contest_funds.select_by_shares": APPLIED,
    "new_deal.change_deadline": REPORTED,
    "new_deal.draft_year_end": UNDECIDED,
    "new_deal.drop_payment": CLOSING,
    "new_deal.edit_year_end": CLOSING,
    "new_deal.decide_report": REPORTED,
    "new_deal.reopen_report": REPORTED,
}
"""Acts that are open on another row than the others of their module, and on which."""


def spare_records(make: Maker) -> list[Base]:
    """A second record of every module that has records, with a program of its own; the rest of it is there already."""
    found = []
    with make.inside() as session:
        for module in MODULES:
            if module.record is not None:
                own = (Program, module.record.model)
                made = {
                    m: session.get(m, OWN) or session.get(m, NUMBERS.get(module.name, OWN))
                    for m in scoped_models()
                    if m not in own
                }
                parents = {m: row for m, row in made.items() if row is not None}
                found.append(make.build(session, module.record.model, make.home, {"id": SPARE[module.name]}, parents))
        session.commit()
    return found


def office(make: Maker) -> None:
    """A row of every class on which every act is open, and somebody who may do everything."""
    made: dict[type[Base], Base] = {}
    with make.inside() as session:
        for model in scoped_models():
            # The record of changes and the figures are written by what is made here, not made up.
            if model not in made and not hasattr(model, "__silent__") and model not in CONTEST:
                make.build(session, model, make.home, {"id": OWN}, made)
        session.flush()
        project = session.execute(select(Project).where(Project.id == OWN)).scalar_one()
        project.stage, project.type, project.kpi_name = Stage.IN_EXECUTION, ProjectType.PURCHASE, Words(en="Lamps")
        session.execute(select(Contract).where(Contract.id == OWN)).scalar_one().amount_won = 10_000_000
        _other_years_ends(make, session, made)
        # A figure that can be computed, or there is nothing to freeze.
        statement = session.execute(select(AnnouncedFigure).where(AnnouncedFigure.id == OWN)).scalar_one()
        statement.figure = "new_deal.projects"
        session.add(
            FundingLine(
                program_id=project.program_id,
                fiscal_year=2022,
                payer=Payer.DISTRICT,
                kind="original",
                amount_won=5_000_000,
                sample=False,
            )
        )
        _reports(make, session, made)
        person = session.execute(select(User).where(User.id == OWN)).scalar_one()
        person.second_factor_seed, person.second_factor_since, person.recovery_codes = "0" * 64, clock.now(), []
        _contests(make, session, made)
        session.commit()
    spare_records(make)
    make.user("everything", *EVERYTHING)


def _reports(make: Maker, session: Any, made: dict[type[Base], Base]) -> None:
    """One monthly report that may be submitted, another one of the same project that waits for its decision."""
    # A division that can be reminded of it.
    made[Program].department_id = OWN
    made[MonthlyReport].state = ReportState.DRAFT
    parents = {**made}
    for model in (ReportMonth, MonthlyReport, ReportDraft):
        del parents[model]
    make.build(session, ReportMonth, make.home, {"id": REPORTED, "month": "2021-11", "programme_id": OWN}, parents)
    given = {"id": REPORTED, "month": "2021-11", "project_id": OWN, "program_id": OWN, "state": "submitted"}
    make.build(session, MonthlyReport, make.home, given, parents)
    make.build(session, ReportDraft, make.home, {"id": REPORTED, "program_id": OWN, "report_id": REPORTED}, parents)
    for draft in (made[ReportDraft], parents[ReportDraft]):
        draft.progress, draft.spent_won = 50, 1_000_000


CONTEST = [m for m in scoped_models() if ".contest_funds." in m.__module__ and not hasattr(m, "__silent__")]


def _contests(make: Maker, session: Any, made: dict[type[Base], Base]) -> None:
    number = {"id": NUMBERS["contest_funds"]}
    theirs = {model: row for model, row in made.items() if model not in (Program, Attachment)}
    for model in (*CONTEST, Attachment):
        if model not in theirs:
            # An award at work is spent by a project.
            make.build(session, model, make.home, number | ({"target_id": OWN} if model is Tie else {}), theirs)
    application = session.execute(select(Application)).scalar_one()
    application.state, application.requested_won = State.SELECTED, 10_000_000
    application.program.module = "contest_funds"
    # A division that has not been asked anything.
    make.build(session, Department, make.home, {"id": OWN + 1}, dict(made))
    # Money of two years: one for a project that takes it over, one for a program of its own.
    for year in (2022, 2031):
        make.build(session, Award, make.home, {"fiscal_year": year}, dict(theirs))
    others = {model: row for model, row in theirs.items() if model not in (Application, Program)}
    awaited = make.build(session, Application, make.home, {"id": APPLIED}, others)
    awaited.state = State.APPLIED


def own_address(visitor: Visitor, rule: Rule) -> str:
    """The address with the number of a row on which the act is open."""
    name, _, act = rule.endpoint.partition(".")
    own = ROWS.get(rule.endpoint, NUMBERS.get(name, OWN))
    return address(visitor, rule, SPARE[name] if act == "deletion" else own)


def _other_years_ends(make: Maker, session: Any, made: dict[type[Base], Base]) -> None:
    """The rows CLOSING and UNDECIDED."""
    theirs = (Program, Project, FundingLine, Contract, Payment, YearEndDecision)
    for number, models in ((CLOSING, theirs), (UNDECIDED, theirs[:3])):
        parents = {model: row for model, row in made.items() if model not in theirs}
        for model in models:
            make.build(session, model, make.home, {"id": number}, parents)


def pages_of(visitor: Visitor) -> Iterator[Page]:
    """Every page of every row ``OWN``; where an address holds a word, those to which the other pages lead."""
    app, words = visitor.app, []
    found: dict[str, Page] = {}
    for rule in rules(app):
        if "GET" in methods(rule) and rule.endpoint != "static":
            if set(rule.arguments) - set(numbers_in(rule)):
                words.append(rule.endpoint)
                continue
            url = own_address(visitor, rule)
            answer = visitor.ask(url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                found[url] = Page(answer, url)
    for url in [url for url in found if endpoint_of(app, url).endswith("_bulk")]:
        found[url] = _preview_of(visitor, url)
    links = dict.fromkeys(urlsplit(link).path for page in found.values() for link in page.links if link[:1] == "/")
    for link in links:
        if app.url_map.bind("localhost").test(link) and endpoint_of(app, link) in words and link not in found:
            found[link] = visitor.look(link)
    yield from found.values()


def _preview_of(visitor: Visitor, url: str) -> Page:
    """The page that changes many rows, with all rows of the list chosen and the first value that it offers."""
    value = visitor.look(f"{url}?rows=all").tree.find(".//select[@name='value']")
    assert value is not None
    chosen = next(v for option in value.iter("option") if (v := option.get("value")))
    return visitor.look(f"{url}?rows=all&value={chosen}")


def endpoint_of(app: Flask, url: str, method: str = "GET") -> str:
    """The endpoint behind an address."""
    endpoint, _ = app.url_map.bind("localhost").match(urlsplit(url).path, method=method)
    return str(endpoint)


def acts_of(visitor: Visitor) -> list[Act]:
    """Every act once, by its endpoint's name, a new password last; those that end the visit are left out."""
    found: dict[str, Act] = {}
    for page in pages_of(visitor):
        for form in page.forms:
            if form.method == "post":
                endpoint = endpoint_of(visitor.app, form.action, "POST")
                if endpoint not in ENDS_THE_VISIT:
                    found.setdefault(endpoint, Act(endpoint, page.url, form.action))
    return [found[endpoint] for endpoint in sorted(found, key=lambda name: (name == "accounts.password", name))]


def takes_forms(app: Flask) -> list[Rule]:
    """Every address to which a form is sent."""
    return [rule for rule in rules(app) if "POST" in methods(rule) and rule.endpoint not in ENDS_THE_VISIT]


def body(sent: MultiDict[str, str]) -> MultiDict[str, Any]:
    """What is sent, with a picture where one is to be attached: a file is read once, so each send gets its own."""
    return MultiDict(
        (name, _file(value) if value.endswith(PICTURE) else value) for name, value in sent.items(multi=True)
    )


def _file(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(png(colour=hashlib.sha256(name.encode()).digest()[:3])), name


def twin(visitor: Visitor) -> FlaskClient:
    """Another client with the visitor's cookie, for a thread of its own."""
    client = visitor.app.test_client()
    cookie = visitor.client.get_cookie("districtops")
    assert cookie is not None
    client.set_cookie("districtops", cookie.value)
    return client


def at_once(visitor: Visitor, url: str, bodies: list[MultiDict[str, str]]) -> list[TestResponse]:
    """Send forms at the same moment, each from a thread of its own."""
    clients = [twin(visitor) for _ in bodies]
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda client, sent: client.post(url, data=body(sent), buffered=True), clients, bodies))


def stored(app: Flask, *left_out: str) -> dict[str, list[tuple[object, ...]]]:
    """Every value of every table, except when an open sign-in was last seen; without the tables ``left_out``."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(select(func.set_config("districtops.districts", "every", True)))
        return {
            table.name: [
                tuple(value for name, value in row._mapping.items() if name != "seen_at")
                for row in connection.execute(select(table).order_by(table.c.id))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in left_out
        }


def problems_of(make: Maker, district: str = "mapo") -> list[str]:
    """What is wrong with the record's chains and with a district's kept figures; nothing, when all is well."""
    with make.inside(make.district(district)) as session:
        _, broken = chain.verify()
        found = [f"{problem.chain}/{problem.seq} {problem.words}" for problem in broken]
        session.rollback()
        figures = recompute()
        session.rollback()
    return found if figures.right else [*found, str(figures)]


class Fault(Exception):
    """What a disk that is full, or a connection that is cut, does to a statement."""


@contextmanager
def failing(name: str, at: int = 1) -> Iterator[list[str]]:
    """Let the ``at``-th event of this kind fail, once. Yields the statement that failed, when one did."""
    count, failed = 0, []

    def burst(*arguments: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            failed.append(str(arguments[2]) if len(arguments) > 2 else name)
            raise Fault(name)

    event.listen(Engine, name, burst)
    try:
        yield failed
    finally:
        event.remove(Engine, name, burst)
