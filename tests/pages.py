"""A visitor who opens pages as a browser would, and a close look at every page on the way."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from factories import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\(\w+\)|\bUndefined\b|\bNone\b|\bNaN\b|object at 0x|LazyString")
HANDLERS = re.compile(r"^on[a-z]+$")
NOT_FILLED_IN = frozenset({"submit", "image", "button", "reset", "file"})


def parsed(html: str) -> Element:
    """The page as a tree. Fails where the page is not valid HTML."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


def text_of(element: Element | None) -> str:
    """The words of an element with single blanks."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


@dataclass
class PostedForm:
    """A form of a page with the values that a browser would send."""

    action: str
    method: str
    fields: MultiDict[str, str]
    element: Element


class Page:
    """An answer with HTML, looked at closely when it is made."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.status = response.status_code
        self.url = url
        self.html = response.get_data(as_text=True)
        self.tree = parsed(self.html)
        self._look_closely()

    @property
    def main(self) -> Element:
        """What the page is about, without menu and foot."""
        found = self.tree.find(".//main")
        assert found is not None, f"{self.url} has no <main>"
        return found

    @property
    def text(self) -> str:
        """The words of the page's main part."""
        return text_of(self.main)

    @property
    def title(self) -> str:
        """The page's title."""
        return text_of(self.tree.find(".//title"))

    @property
    def links(self) -> list[str]:
        """The addresses that the page links to, each once."""
        return list(dict.fromkeys(a.get("href", "") for a in self.tree.iter("a") if a.get("href")))

    @property
    def errors(self) -> list[str]:
        """What the page says is wrong, in order."""
        return [text_of(p) for p in self.tree.iter() if "error" in (p.get("class") or "").split() and p.tag == "p"]

    @property
    def summary(self) -> str:
        """What stands in the summary of errors."""
        return " ".join(text_of(e) for e in self.tree.iter() if "error-summary" in (e.get("class") or "").split())

    @property
    def flashed(self) -> str:
        """What the last act reported."""
        return " ".join(text_of(e) for e in self.tree.iter() if "flash" in (e.get("class") or "").split())

    def rows(self, caption: str | None = None) -> list[list[str]]:
        """The cells of the first table's body, or of the one with this caption."""
        for table in self.tree.iter("table"):
            if caption is None or text_of(table.find("caption")) == caption:
                body = table.find("tbody")
                return [[text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in body or ()]
        raise AssertionError(f"{self.url} has no table {caption or ''}")

    @property
    def forms(self) -> list[PostedForm]:
        """Every form of the page as a browser would send it."""
        return [self._form(element) for element in self.tree.iter("form")]

    def form(self, action: str | None = None) -> PostedForm:
        """The form that is sent to ``action``, or to the page itself."""
        wanted = urlsplit(action or self.url).path
        found = [form for form in self.forms if form.method == "post" and urlsplit(form.action).path == wanted]
        assert len(found) == 1, f"{self.url} has {len(found)} forms for {wanted}"
        return found[0]

    def _form(self, element: Element) -> PostedForm:
        fields: MultiDict[str, str] = MultiDict()
        for control in element.iter():
            name, kind = control.get("name"), control.get("type", "text")
            if not name or control.get("disabled") is not None:
                continue
            if control.tag == "input" and kind not in NOT_FILLED_IN:
                if kind not in ("checkbox", "radio") or control.get("checked") is not None:
                    fields.add(name, control.get("value", "y" if kind == "checkbox" else ""))
            elif control.tag == "textarea":
                fields.add(name, "".join(control.itertext()).removeprefix("\n"))
            elif control.tag == "select":
                options = list(control.iter("option"))
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                for option in chosen:
                    fields.add(name, option.get("value", text_of(option)))
        return PostedForm(element.get("action") or self.url, (element.get("method") or "get").lower(), fields, element)

    # The close look ----------------------------------------------------------------------------------------------

    def _look_closely(self) -> None:
        assert self.status < 500, f"{self.url} answered {self.status}"
        policy = self.response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, f"{self.url} has no content security policy"
        problems = [*self._structure(), *self._inline_code(), *self._controls(), *self._leftovers()]
        assert not problems, f"{self.url}: " + "; ".join(problems)

    def _structure(self) -> list[str]:
        problems = []
        headings = list(self.tree.iter("h1"))
        if len(headings) != 1 or not text_of(headings[0]):
            problems.append(f"{len(headings)} h1 instead of one with words")
        if not self.title or self.title.startswith("·"):
            problems.append(f"the title is {self.title!r}")
        html = self.tree if self.tree.tag == "html" else self.tree.find(".//html")
        if html is None or html.get("lang") not in ("en", "ko"):
            problems.append("the page does not say its language")
        ids = Counter(e.get("id") for e in self.tree.iter() if e.get("id") is not None)
        problems += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for element in self.tree.iter():
                for name in (element.get(attribute) or "").split():
                    if name not in ids:
                        problems.append(f"{attribute}={name!r} names nothing")
        return problems

    def _inline_code(self) -> list[str]:
        problems = []
        for element in self.tree.iter():
            if element.tag == "style" or (element.tag == "script" and not element.get("src")):
                problems.append(f"inline <{element.tag}>")
            for name, value in element.attrib.items():
                if name == "style" or HANDLERS.match(name):
                    problems.append(f"inline {name} on <{element.tag}>")
                if name in ("href", "src", "action") and value.strip().lower().startswith(("javascript:", "data:")):
                    problems.append(f"{name}={value!r}")
        return problems

    def _controls(self) -> list[str]:
        problems = []
        labelled = {label.get("for") for label in self.tree.iter("label") if label.get("for") and text_of(label)}
        hidden = {id(e) for part in self.tree.iter() if part.get("aria-hidden") == "true" for e in part.iter()}
        inside = {id(c) for label in self.tree.iter("label") if text_of(label) for c in label.iter()}
        for control in self.tree.iter():
            if control.tag in ("input", "select", "textarea") and control.get("type") not in ("hidden", "submit"):
                named = control.get("aria-label") or control.get("aria-labelledby")
                if not named and control.get("id") not in labelled and id(control) not in inside:
                    problems.append(f"<{control.tag} name={control.get('name')!r}> has no label")
            if id(control) not in hidden and (control.tag == "button" or (control.tag == "a" and control.get("href"))):
                pictures = any(e.get("aria-label") for e in control.iter())
                if not text_of(control) and not pictures:
                    problems.append(f"<{control.tag}> without words")
        for form in self.forms:
            tokens = form.fields.getlist("csrf_token")
            if form.method == "post" and (len(tokens) != 1 or not tokens[0]):
                problems.append(f"the form for {form.action} carries {len(tokens)} csrf tokens")
            if form.method == "post" and not form.action.endswith("/login") and len(form.fields.getlist("once")) != 1:
                problems.append(f"the form for {form.action} has no key that lets it be carried out once")
            if form.method == "get" and tokens:
                problems.append("a search form shows its csrf token in addresses")
        return problems

    def _leftovers(self) -> list[str]:
        problems = []
        for element in self.tree.iter():
            if element.tag == "code" or element.get("data-typed") is not None:
                continue
            shown = (element.text or "", element.tail or "", *map(str, element.attrib.values()))
            found = [(LEFTOVERS.search(words), words.strip()[:60]) for words in shown]
            problems += [f"{left[0]!r} is shown in {words!r}" for left, words in found if left is not None]
        return problems


class Visitor:
    """Somebody at a browser. Signs in over the page, addresses pages by endpoint, never sends what a page lacks."""

    def __init__(self, app: Flask, username: str | None = None, password: str = PASSWORD, language: str = "en") -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}
        if username is not None:
            answer = self.sign_in(username, password)
            assert answer.status_code == 303, f"{username} could not sign in"

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint."""
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **values)

    def sign_in(self, username: str, password: str = PASSWORD, **query: Any) -> TestResponse:
        """Fill in the sign-in page."""
        return self.submit("accounts.login", {"username": username, "password": password}, **query)

    def ask(self, url: str, method: str = "GET", **more: Any) -> TestResponse:
        """The bare answer of an address."""
        headers = {**self.headers, **more.pop("headers", {})}
        answer = self.client.open(url, method=method, headers=headers, buffered=True, **more)
        assert answer.status_code != 500, f"{method} {url} answered 500"
        return answer

    def look(self, url: str, status: int = 200) -> Page:
        """The page at an address, looked at closely."""
        answer = self.ask(url)
        assert answer.status_code == status, f"GET {url} answered {answer.status_code}, not {status}"
        return Page(answer, url)

    def open(self, endpoint: str, /, status: int = 200, **values: Any) -> Page:
        """The page of an endpoint, looked at closely."""
        return self.look(self.url(endpoint, **values), status)

    def submit(
        self, endpoint: str, fields: dict[str, Any] | None = None, /, *, to: str | None = None, **values: Any
    ) -> TestResponse:
        """Open the page of an endpoint, change some fields of its form and send it. ``to`` names the endpoint of
        another form on the same page. A field that the form does not have is a mistake of the test."""
        page = self.open(endpoint, **values)
        action = self.url(to, **values) if to else None
        return self.send(page, fields, action=action)

    def send(self, page: Page, fields: dict[str, Any] | None = None, action: str | None = None) -> TestResponse:
        """Send the form of a page that was opened before."""
        form = page.form(action)
        offered = {c.get("name") for c in form.element.iter() if c.get("name")}
        sent = MultiDict(form.fields)
        for name, value in (fields or {}).items():
            assert name in offered, f"the form at {page.url} has no field {name!r}, only {sorted(map(str, offered))}"
            sent.setlist(name, [] if value is None else list(value) if isinstance(value, list) else [str(value)])
        return self.ask(form.action, "POST", data=sent)

    def refused(self, endpoint: str, fields: dict[str, Any], /, status: int = 422, **values: Any) -> Page:
        """The page that comes back when a form is refused, looked at closely."""
        answer = self.submit(endpoint, fields, **values)
        assert answer.status_code == status, f"{endpoint} answered {answer.status_code}, not {status}"
        return Page(answer, self.url(endpoint, **values))

    def follow(self, answer: TestResponse) -> Page:
        """The page to which an accepted form leads."""
        assert answer.status_code == 303, f"not accepted: {answer.status_code} {answer.get_data(as_text=True)[:2000]}"
        return self.look(answer.headers["Location"])


def filled(form: PostedForm) -> MultiDict[str, str]:
    """What somebody sends who leaves nothing out that the form says is required."""
    sent = MultiDict(form.fields)
    for control in form.element.iter():
        name = control.get("name")
        if not name or control.get("required") is None or sent.get(name):
            continue
        if control.tag == "select":
            sent[name] = next(value for o in control.iter("option") if (value := o.get("value")))
        elif control.tag in ("input", "textarea"):
            sent[name] = {"date": "2022-03-01", "number": "2022"}.get(control.get("type", "text"), "1000")
    return sent
