"""Who may open what: every endpoint, asked by everybody.

``access_table.txt`` is reviewed by eye and compared here; no test writes it. What is foreign to a district answers
exactly like what does not exist.
"""

import re
from pathlib import Path

import pytest
from factories import Maker
from flask import Blueprint, Flask
from pages import Visitor
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from districtops import create_app, factory
from districtops.guard import access
from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db
from districtops.models import District, Role, User
from districtops.module import Module
from districtops.registry import MODULES

OWN, FOREIGN, ABSENT = 500, 7000, 9000
TABLE = Path(__file__).parent / "access_table.txt"
PEOPLE = ("nobody", "viewer", "officer", "manager", "reviewer", "auditor", "administrator", "city")
SETTINGS = re.compile(r"/account/(unit|density|language)|/[a-z/-]+/columns|/logout")
"""How the product looks for oneself: everybody may choose, also those who change nothing of an office's."""
WORDS = {"verb": "plan", "step": "review", "filename": "logo.svg"}
"""A value for each part of an address that is not the number of a row."""


def rules(app: Flask) -> list[Rule]:
    """Every address that the application answers, in a fixed order."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def methods(rule: Rule) -> list[str]:
    """The methods that do something of their own."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def numbers_in(rule: Rule) -> list[str]:
    """The parts of an address that are numbers of rows."""
    return re.findall(r"<int:(\w+)>", rule.rule)


def address(visitor: Visitor, rule: Rule, row_id: int, **chosen: int) -> str:
    """The address with this number in every place that asks for one."""
    values = {name: WORDS[name] for name in rule.arguments if name in WORDS}
    return visitor.url(rule.endpoint, **values, **dict.fromkeys(numbers_in(rule), row_id), **chosen)


def table() -> dict[tuple[str, str], dict[str, str]]:
    """(endpoint, method) -> person -> what they get, as reviewed."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0] == ["endpoint", "method", *PEOPLE]
    found = {(endpoint, method): dict(zip(PEOPLE, rest, strict=True)) for endpoint, method, *rest in lines[1:]}
    assert len(found) == len(lines) - 1, "a line stands twice"
    return found


def outcome(answer: TestResponse) -> str:
    """What a visitor meets: the door open, the sign-in page, or a refusal."""
    if answer.status_code == 303 and answer.headers["Location"].startswith("/login"):
        return "sign-in"
    return "403" if answer.status_code == 403 else "open"


@pytest.fixture
def everybody(make: Maker) -> Maker:
    """One person of each role, named after it, in one district."""
    for role in Role:
        if role is not Role.CITY:
            make.user(role.value, role)
    make.city_reader("city", make.home)
    return make


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_meets_what_the_reviewed_table_says(lite_app: Flask, everybody: Maker, person: str) -> None:
    expected = {place: line[person] for place, line in table().items()}
    visitor = Visitor(lite_app, None if person == "nobody" else person)
    found = {
        (rule.endpoint, method): outcome(visitor.ask(address(visitor, rule, ABSENT), method))
        for rule in rules(lite_app)
        for method in methods(rule)
    }
    assert found == expected


def test_the_table_names_every_endpoint_once_and_no_other(lite_app: Flask) -> None:
    assert sorted(table()) == sorted((rule.endpoint, m) for rule in rules(lite_app) for m in methods(rule))


def test_a_role_in_one_module_opens_that_module_only(lite_app: Flask, make: Maker) -> None:
    modules = [module.name for module in MODULES]
    for name in modules:
        make.user(f"viewer.{name.replace('_', '-')}", Role.VIEWER, module=name)
    make.user("elsewhere", Role.VIEWER, module="no_such_module")
    stranger = Visitor(lite_app, "elsewhere")
    for name in modules:
        visitor = Visitor(lite_app, f"viewer.{name.replace('_', '-')}")
        for other in modules:
            answer = visitor.ask(visitor.url(f"{other}.index"))
            assert outcome(answer) == ("open" if other == name else "403")
        assert outcome(stranger.ask(stranger.url(f"{name}.index"))) == "403"


def test_a_role_that_has_ended_opens_nothing_from_the_next_click_on(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("worker", Role.OFFICER)
    boss, worker = Visitor(lite_app, "boss"), Visitor(lite_app, "worker")
    assert worker.ask("/new-deal/projects").status_code == 200
    page = boss.open("people.show", user_id=user.id)
    ending = next(link for link in page.links if link.endswith("/end"))
    assert boss.send(boss.look(ending)).status_code == 303
    assert worker.ask("/new-deal/projects").status_code == 403


def test_an_account_that_is_closed_is_signed_out_at_the_next_click(lite_app: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("worker", Role.OFFICER)
    boss, worker = Visitor(lite_app, "boss"), Visitor(lite_app, "worker")
    assert boss.submit("people.active", user_id=user.id).status_code == 303
    assert outcome(worker.ask("/new-deal/projects")) == "sign-in"


def test_an_account_that_is_closed_past_the_pages_opens_nothing_either(lite_app: Flask, make: Maker) -> None:
    user = make.user("worker", Role.OFFICER)
    worker = Visitor(lite_app, "worker")
    with make.inside() as session:
        session.execute(select(User).where(User.id == user.id)).scalar_one().active = False
        session.commit()
    assert outcome(worker.ask("/new-deal/projects")) == "sign-in"


def test_a_view_that_does_not_say_who_may_open_it_stops_the_start(lite_app: Flask) -> None:
    fresh = Flask("fresh")
    fresh.add_url_rule("/open", "open", access.public(lambda: "open"))
    fresh.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")
    access.public(fresh.view_functions["static"])
    with pytest.raises(RuntimeError, match="forgotten"):
        access.refuse_unmarked_views(fresh)


def test_the_start_asks_whether_every_view_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = Blueprint("forgetful", __name__)
    forgetful.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")
    monkeypatch.setattr(factory, "MODULES", (Module(label="Forgetful", icon="home", blueprint=forgetful),))
    with pytest.raises(RuntimeError, match=r"forgetful\.forgotten"):
        create_app(SQLALCHEMY_DATABASE_URI="sqlite://")


def test_every_number_in_an_address_is_bounded(lite_app: Flask) -> None:
    for rule in rules(lite_app):
        for name in rule.arguments:
            converter = rule._converters[name]
            if name not in WORDS:
                assert getattr(converter, "max", None) == 2**31 - 1, f"{rule.rule} takes <{name}>"


# Another district's rows -----------------------------------------------------------------------------------------


@pytest.fixture
def two_districts(make: Maker) -> Maker:
    """A row of every class in two districts, and a person who may do everything in the first."""
    make.one_of_each(make.home, OWN)
    make.one_of_each(make.district("songpa"), FOREIGN)
    make.user("insider", Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
    return make


def blurred(answer: TestResponse) -> str:
    """A page without what differs between any two answers: tokens and numbers."""
    html = answer.get_data(as_text=True)
    return re.sub(r"\d+", "0", re.sub(r'name="(csrf_token|once)"[^>]*>', "", html))


def with_numbers(app: Flask) -> list[Rule]:
    """Addresses that name a row."""
    return [rule for rule in rules(app) if numbers_in(rule)]


def test_rows_of_another_district_answer_exactly_like_rows_that_do_not_exist(app: Flask, two_districts: Maker) -> None:
    insider = Visitor(app, "insider")
    token = insider.open("accounts.account").form().fields["csrf_token"]
    asked = 0
    for rule in with_numbers(app):
        for method in methods(rule):
            sent = {"data": {"csrf_token": token}} if method == "POST" else {}
            foreign = insider.ask(address(insider, rule, FOREIGN), method, **sent)
            absent = insider.ask(address(insider, rule, ABSENT), method, **sent)
            assert (foreign.status_code, absent.status_code) == (404, 404), f"{method} {rule.rule}"
            assert blurred(foreign) == blurred(absent), f"{method} {rule.rule} tells what exists elsewhere"
            assert list(foreign.headers.keys()) == list(absent.headers.keys())
            asked += 1
    assert asked > 0


def test_the_same_addresses_open_for_rows_of_ones_own_district(app: Flask, two_districts: Maker) -> None:
    insider = Visitor(app, "insider")
    for rule in with_numbers(app):
        if "GET" in methods(rule):
            answer = insider.ask(address(insider, rule, OWN))
            assert answer.status_code == 200, f"GET {rule.rule} answered {answer.status_code}"


def test_a_foreign_row_under_a_row_of_ones_own_is_not_found(app: Flask, two_districts: Maker) -> None:
    insider = Visitor(app, "insider")
    for rule in with_numbers(app):
        names = numbers_in(rule)
        for strange in names[1:]:
            chosen = {name: FOREIGN if name == strange else OWN for name in names}
            values = {name: WORDS[name] for name in rule.arguments if name in WORDS}
            for method in methods(rule):
                answer = insider.ask(insider.url(rule.endpoint, **values, **chosen), method)
                assert answer.status_code in (400, 404), f"{method} {rule.rule} with a foreign {strange}"


def test_no_page_shows_a_word_of_another_district(app: Flask, make: Maker) -> None:
    make.project("An ordinary project", money=5_000_000)
    elsewhere = make.district("songpa")
    officer = make.user("stranger", district=elsewhere, name_en="SECRETNAME", name_ko="SECRETNAME")
    division = make.department("SECRETDIVISION", district=elsewhere)
    program = {"department_id": division.id, "officer_id": officer.id}
    make.project("SECRETPROJECT", money=7_777_777_777, district=elsewhere, program=program)
    make.user("insider", Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
    insider = Visitor(app, "insider")
    for rule in rules(app):
        if "GET" in methods(rule) and not rule.arguments:
            body = insider.ask(address(insider, rule, ABSENT)).get_data()
            assert b"SECRET" not in body, f"{rule.rule} shows another district's rows"
            assert b"7,777" not in body, f"{rule.rule} adds up another district's money"


def test_a_reader_of_the_city_sees_the_districts_of_their_grants_and_no_other(lite_app: Flask, make: Maker) -> None:
    first, second, third = make.home, make.district("songpa"), make.district("jung")
    for district, title in ((first, "FIRST"), (second, "SECOND"), (third, "THIRD")):
        make.project(title, district=district)
    make.city_reader("city", first, second)
    text = Visitor(lite_app, "city").open("new_deal.projects").text
    assert "FIRST" in text
    assert "SECOND" in text
    assert "THIRD" not in text


def test_the_first_page_names_the_district_to_a_reader_of_several(demo_app: Flask) -> None:
    page = Visitor(demo_app, "city.seoul", "districtops-demo").open("dashboard.index")
    with demo_app.app_context():
        enter(NOBODY)
        names = [district.name_en for district in db.session.execute(select(District)).scalars()]
    told = [" ".join(item.itertext()) for item in page.main.iter("li")]
    assert len(told) > 10
    assert [item for item in told if not any(name in item for name in (*names, "All districts together"))] == []


def test_a_reader_of_the_city_is_offered_no_act_that_changes_something(demo_app: Flask, make: Maker) -> None:
    city = Visitor(demo_app, "city.seoul", "districtops-demo")
    seen = ["/", "/new-deal/", "/new-deal/projects"]
    seen.append(
        next(link for link in city.look("/new-deal/projects").links if re.fullmatch(r"/new-deal/projects/\d+", link))
    )
    for url in seen:
        acts = {form.action for form in city.look(url).forms if form.method == "post"}
        assert [act for act in acts if not SETTINGS.fullmatch(act)] == [], url
