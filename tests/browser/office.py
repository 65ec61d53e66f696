"""A served office, and people who sit at a browser in it."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.support import Translations
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request
from waitress import wasyncore
from waitress.server import create_server

import districtops
from districtops.guard.passwords import DEMONSTRATION

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOCALES = {"en": "en-US", "ko": "ko-KR"}
HANGUL = re.compile(r"[가-힣]")
# Chromium reports these answers in the console; here they are what the page is meant to answer.
MEANT = re.compile(r"Failed to load resource: .* (409|422) ")
TELL_POLICY = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind waitress, as ``flask serve`` runs it, on a free port. Gives its address."""
    # Hundreds of pages are opened here, each with some fifteen files that the browser would ask about every time.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, threads=8, map=sockets)
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=1, map=sockets, count=1)

    thread = threading.Thread(target=run, name="waitress")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@cache
def _catalogue(language: str) -> Translations:
    return Translations.load(Path(districtops.__file__).parent / "translations", [language])


class Desk:
    """Somebody at a browser: one window, one language. Whatever the page complains about is kept in ``faults``."""

    def __init__(self, browser: Browser, url: str, language: str = "en", **options: Any) -> None:
        self.url, self.language = url, language
        options.setdefault("viewport", WIDE)
        self.context = browser.new_context(base_url=url, locale=LOCALES[language], **options)
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(TELL_POLICY)
        self.faults: list[str] = []
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        self.context.on("request", self._request)
        self.page: Page = self.context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not MEANT.search(message.text + " "):
            self.faults.append(f"{urlsplit(self.page.url).path}: {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.faults.append(f"{urlsplit(self.page.url).path}: asks {request.url}")

    def words(self, english: str, **values: Any) -> str:
        """A text of the product in this desk's language."""
        found = english if self.language == "en" else _catalogue(self.language).ugettext(english)
        return found % values if values else found

    def go(self, path: str) -> Page:
        """Open a page of the office. It must answer, in this desk's language."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        self.assert_own_language()
        return self.page

    def assert_own_language(self) -> None:
        """The page says its language; a Korean page has a Korean title, and an English one none of ours in Korean."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert bool(HANGUL.search(self.title)) is (self.language == "ko"), f"heading: {self.title!r}"

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def path(self) -> str:
        """The address of the page, without the server's."""
        return self.page.url.removeprefix(self.url)

    def sign_in(self, username: str) -> "Desk":
        """Sign in with the password of the demonstration."""
        self.go("/login")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(DEMONSTRATION)
        self.page.get_by_role("button", name=self.words("Sign in"), exact=True).click()
        self.page.wait_for_url(f"{self.url}/")
        return self

    def fill(self, **values: str) -> None:
        """Fill in fields of the form, by their ids; a choice is named by its value."""
        for name, value in values.items():
            field = self.page.locator(f"main [id='{name}']")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self, label: str) -> None:
        """Press the button with this label."""
        self.page.locator("main").get_by_role("button", name=self.words(label), exact=True).click()

    def link(self, label: str, **values: Any) -> Locator:
        """The link of the page's main part with this label."""
        return self.page.locator("main").get_by_role("link", name=self.words(label, **values), exact=True)

    def close(self) -> None:
        """Leave. A page that complained in the meantime fails the test."""
        self.context.close()
        assert not self.faults, "\n".join(self.faults)


OpenDesk = Callable[..., Desk]
"""``(username, language, **options of the browser)``: what the fixtures ``desk`` and ``reading_desk`` give."""


def number(text: str) -> int:
    """The whole number that a page shows."""
    return int(re.sub(r"[^\d]", "", text))
