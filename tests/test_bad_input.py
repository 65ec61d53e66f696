"""Whatever is typed, sent or forged: no fault, nothing stored that was refused, no markup that comes alive."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
from acts import office, own_address
from factories import Maker
from flask import Flask
from pages import Page, Visitor, filled
from test_access import OWN, address, methods, rules
from test_transaction import everything
from werkzeug.test import TestResponse

from districtops.models import Role

MARKUP = "\"><img src=x9 onerror=alert(1)><script>alert(1)</script>'><b id=x9>"
NASTY = [
    "\x00",
    "a\x00b",
    "x" * 10_000,
    "\ud800",
    "🌧️👩‍👩‍👧‍👦",
    "-1",
    "-99999999999999999999",
    "9" * 400,
    "1e309",
    "NaN",
    "٣",
    "²",
    "2022-13-45",
    "0001-01-01",
    "9999-12-31",
    "' OR 1=1 --",
    "%s%n{0}%(x)s",
    "\u202eabc",
    "a\r\nSet-Cookie: x=1",
    "-9223372036854775809",
    "1,2,3.4.5",
    "억",
    "1조" * 50,
    MARKUP,
]
TOKENS = {"missing": None, "empty": "", "garbage": "abc", "forged": "IjEi.ZZZZZZ.abcdefghijklmnopqrstuvwxyz"}


def encoded(fields: dict[str, str]) -> bytes:
    """A form's body, lone surrogates included, which no honest browser sends."""
    return urlencode(fields, errors="surrogatepass").encode()


def sent(visitor: Visitor, url: str, fields: dict[str, str]) -> TestResponse:
    """Send a form whatever it holds."""
    return visitor.ask(url, "POST", data=encoded(fields), content_type="application/x-www-form-urlencoded")


@pytest.fixture(name="office")
def office_of_acts(make: Maker) -> Maker:
    """A row of every class, and somebody who may do everything."""
    office(make)
    return make


@dataclass(frozen=True)
class Sent:
    """A form as somebody sends it who leaves nothing out, but for the token."""

    action: str
    fields: dict[str, str]


_found: dict[str, Sent] = {}


def forms_of(visitor: Visitor) -> list[Sent]:
    """Every form that is sent anywhere, once for each address. The pages are the same in every test of this file, so
    they are walked once."""
    if not _found:
        for rule in rules(visitor.app):
            if "GET" in methods(rule):
                url = own_address(visitor, rule)
                answer = visitor.ask(url)
                if answer.mimetype == "text/html" and answer.status_code == 200:
                    for form in Page(answer, url).forms:
                        if form.method == "post":
                            fields = {n: v for n, v in filled(form).items() if n != "csrf_token"}
                            _found.setdefault(form.action, Sent(form.action, fields))
    return list(_found.values())


def token_of(visitor: Visitor) -> dict[str, str]:
    """The token that this visitor's forms carry."""
    return {"csrf_token": visitor.open("accounts.password").form("/account/password").fields["csrf_token"]}


def but_signing_out(visitor: Visitor) -> list[Sent]:
    """Every form but those that end the visit."""
    return [form for form in forms_of(visitor) if form.action not in ("/logout", "/login")]


def test_every_endpoint_that_takes_a_form_shows_it_somewhere(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "everything")
    shown = {form.action for form in forms_of(visitor)}
    taken = {own_address(visitor, rule) for rule in rules(lite_app) if "POST" in methods(rule)}
    assert shown == taken


@pytest.mark.parametrize("token", sorted(TOKENS))
def test_no_form_is_accepted_without_its_own_token(lite_app: Flask, office: Maker, token: str) -> None:
    visitor = Visitor(lite_app, "everything")
    forms = forms_of(visitor)
    before = everything(lite_app)
    for form in forms:
        value = TOKENS[token]
        answer = sent(visitor, form.action, {**form.fields, **({} if value is None else {"csrf_token": value})})
        assert answer.status_code == 400, form.action
        assert "This form is too old" in answer.get_data(as_text=True)
    assert everything(lite_app) == before


def test_the_token_of_somebody_else_is_worth_nothing(lite_app: Flask, office: Maker) -> None:
    office.user("other", Role.OFFICER)
    theirs = token_of(Visitor(lite_app, "other"))
    visitor = Visitor(lite_app, "everything")
    forms = forms_of(visitor)
    before = everything(lite_app)
    for form in forms:
        assert sent(visitor, form.action, {**form.fields, **theirs}).status_code == 400
    assert everything(lite_app) == before


def test_a_token_in_an_address_does_not_replace_the_forms(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "everything")
    token = token_of(visitor)["csrf_token"]
    assert visitor.ask(f"/account/unit?csrf_token={token}", "POST", data={"unit": "won"}).status_code == 400


@pytest.mark.parametrize("value", NASTY, ids=[repr(value)[:24] for value in NASTY])
def test_whatever_is_typed_into_every_field_at_once_is_answered_politely(
    lite_app: Flask, office: Maker, value: str
) -> None:
    visitor = Visitor(lite_app, "everything")
    token = token_of(visitor)
    for form in but_signing_out(visitor):
        fields = {name: kept if name == "version" else value for name, kept in form.fields.items()}
        answer = sent(visitor, form.action, {**fields, **token})
        assert answer.status_code in (200, 303, 409, 422), f"{form.action} answered {answer.status_code}"
        _harmless(answer, form.action)


def _harmless(answer: TestResponse, url: str) -> None:
    text = answer.get_data().decode(errors="replace")
    assert "<img src=x9" not in text, url
    assert "<b id=x9" not in text, url
    assert "<script>alert" not in text, url
    assert "Set-Cookie: x=1" not in str(answer.headers), url


@pytest.mark.parametrize("turn", range(4))
def test_each_field_alone_is_answered_politely(app: Flask, office: Maker, turn: int) -> None:
    visitor = Visitor(app, "everything")
    token = token_of(visitor)
    position = turn
    for form in but_signing_out(visitor):
        for name in form.fields:
            position += 5
            value = NASTY[position % len(NASTY)]
            answer = sent(visitor, form.action, {**form.fields, **token, name: value})
            assert answer.status_code in (200, 303, 404, 409, 422), f"{form.action} {name}={value!r}"
            _harmless(answer, form.action)


def test_what_is_typed_comes_back_as_text_after_a_refusal(lite_app: Flask, make: Maker) -> None:
    make.programme()
    make.user("officer")
    officer = Visitor(lite_app, "officer")
    page = officer.refused("new_deal.create", {"title": MARKUP, "purpose": "</textarea>" + MARKUP})
    assert page.form().fields["title"] == MARKUP
    assert page.form().fields["purpose"] == "</textarea>" + MARKUP


def test_markup_that_is_stored_is_shown_as_text_everywhere(lite_app: Flask, make: Maker) -> None:
    make.user("everything", Role.OFFICER, Role.ADMINISTRATOR, name_en=MARKUP[:80], name_ko=MARKUP[:80])
    division = make.department(MARKUP)
    project = make.project(MARKUP, money=1000, program={"department_id": division.id})
    make.milestone(project, MARKUP)
    visitor = Visitor(lite_app, "everything")
    assert (
        visitor.submit("new_deal.show", {"text": MARKUP}, to="new_deal.add_note", project_id=project.id).status_code
        == 303
    )
    for url in ("/", "/new-deal/", "/new-deal/projects", f"/new-deal/projects/{project.id}", "/people", "/departments"):
        _harmless(visitor.look(url).response, url)


@pytest.mark.parametrize("value", [*NASTY, "1/0", "../../etc/passwd", "a" * 3000], ids=lambda v: repr(v)[:24])
def test_whatever_stands_in_an_address_is_answered_politely(lite_app: Flask, office: Maker, value: str) -> None:
    visitor = Visitor(lite_app, "everything")
    part = quote(value, safe="", errors="surrogatepass")[:6000]
    for rule in rules(lite_app):
        if "GET" not in methods(rule):
            continue
        names = ("year", "text", "next", "return", "username", "lang")
        url = address(visitor, rule, OWN) + "?" + "&".join(f"{name}={part}" for name in names)
        answer = visitor.ask(url)
        assert answer.status_code in (200, 404, 422), f"{rule.rule} answered {answer.status_code}"
        _harmless(answer, url)
        for name in rule.arguments:
            text = rule.rule.replace(f"<int:{name}>", part).replace(f"<{name}>", part).replace(f"<path:{name}>", part)
            if "<" not in text:
                assert visitor.ask(text).status_code in (303, 308, 400, 404, 405)


def test_a_body_in_another_form_than_a_forms_is_refused(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "everything")
    token = token_of(visitor)
    for form in forms_of(visitor):
        for body in ({"json": token}, {"data": b"\xff\xfe\x00", "content_type": "text/plain"}):
            assert visitor.ask(form.action, "POST", **body).status_code == 400


def test_a_form_with_a_field_twice_or_a_thousand_fields_does_no_harm(lite_app: Flask, office: Maker) -> None:
    visitor = Visitor(lite_app, "everything")
    token = token_of(visitor)
    for form in but_signing_out(visitor):
        fields = list({**form.fields, **token}.items())
        for body in ([*fields, *fields], [*fields, *((f"field{n}", "x") for n in range(1000))]):
            answer = visitor.ask(
                form.action, "POST", data=urlencode(body), content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code in (200, 303, 404, 409, 422)
