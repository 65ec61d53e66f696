"""Every answer tells the browser what it may load, keep and reveal: pages, files, refusals and faults."""

import pytest
from factories import Maker
from flask import Flask
from pages import Visitor
from test_access import ABSENT, address, methods, rules
from werkzeug.test import TestResponse

from districtops.guard.headers import CONTENT_SECURITY_POLICY
from districtops.kit.db import db
from districtops.models import Role


def look(answer: TestResponse) -> None:
    """Every header that every answer carries."""
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    parts = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["frame-ancestors"] == "'none'"
    assert parts["base-uri"] == "'none'"
    assert set(parts.values()) == {"'none'", "'self'"}


def test_every_endpoint_answers_with_every_header(lite_app: Flask, make: Maker) -> None:
    make.user("everything", Role.OFFICER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)
    for visitor in (Visitor(lite_app), Visitor(lite_app, "everything")):
        for rule in rules(lite_app):
            for method in methods(rule):
                answer = visitor.ask(address(visitor, rule, ABSENT), method)
                look(answer)
                if rule.endpoint != "static":
                    assert answer.headers["Cache-Control"] == "no-store", rule.rule


@pytest.mark.parametrize(
    ("url", "method", "status"),
    [("/nowhere", "GET", 404), ("/login", "DELETE", 405), ("/people/99999999999", "GET", 404)],
)
def test_refusals_carry_the_headers_too(lite_app: Flask, url: str, method: str, status: int) -> None:
    answer = Visitor(lite_app).ask(url, method)
    assert answer.status_code == status
    look(answer)


def test_too_much_is_refused_with_the_headers(lite_app: Flask) -> None:
    visitor = Visitor(lite_app)
    answer = visitor.ask("/login", "POST", data={"username": "x" * 2_000_000})
    assert answer.status_code == 413
    look(answer)


def test_a_fault_is_told_without_its_inside(lite_app: Flask, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst() -> str:
        raise ZeroDivisionError("the secret inside of a fault")

    monkeypatch.setitem(lite_app.view_functions, "dashboard.healthz", _marked(burst))
    answer = lite_app.test_client().get("/healthz")
    assert answer.status_code == 500
    look(answer)
    text = answer.get_data(as_text=True)
    assert "secret inside" not in text
    assert "ZeroDivisionError" not in text
    assert "Traceback" not in text
    assert "Quote this number" in text


def _marked(view: object) -> object:
    view.access = "public"  # type: ignore[attr-defined]
    return view


def test_a_fault_that_the_error_page_shares_is_told_in_plain_words(
    lite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Everything that a page needs of the database fails, the page of the fault included.
    def gone(*_args: object, **_more: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(db.session, "execute", gone)
    answer = lite_app.test_client().get("/login")
    assert answer.status_code == 500
    look(answer)
    assert "the disk is gone" not in answer.get_data(as_text=True)


def test_the_cookie_is_for_this_site_and_no_script(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    answer = Visitor(lite_app).sign_in("kim")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Path=/" in cookies[0]
    assert "Domain" not in cookies[0]
    assert "Secure" not in cookies[0], "an office without https could not sign in"


def test_over_https_the_cookie_never_travels_in_clear(lite_app: Flask) -> None:
    answer = lite_app.test_client().get("/login", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Set-Cookie"].startswith("__Host-districtops="), "no neighbouring host may plant one"
    assert "Domain" not in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_host_that_is_not_ours_is_refused(lite_app: Flask) -> None:
    lite_app.config["TRUSTED_HOSTS"] = ["office.example"]
    client = lite_app.test_client()
    assert client.get("/login", base_url="http://evil.example").status_code == 400
    assert client.get("/login", base_url="http://office.example").status_code == 200


def test_downloads_are_not_kept_by_the_browser(lite_app: Flask, make: Maker) -> None:
    make.user("reader", Role.VIEWER)
    reader = Visitor(lite_app, "reader")
    for url in ("/new-deal/projects.csv", "/new-deal/projects.xlsx"):
        assert "no-store" in reader.ask(url).headers["Cache-Control"]
