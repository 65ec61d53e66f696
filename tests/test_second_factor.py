"""A second factor: who is asked for it, what a wrong, late or repeated code is worth, and what helps after a loss."""

import base64
import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import segno
import time_machine
from factories import PASSWORD, Maker
from flask import Flask
from pages import Page, Visitor
from test_access import ABSENT, address, methods, outcome, rules, table
from werkzeug.test import TestResponse

from districtops import clock
from districtops.config import BadSetting, settings
from districtops.guard import totp
from districtops.kit.db import db
from districtops.models import ChangeRecord, FailedSignIn, Role, SignedInSession, User

START = dt.datetime(2022, 3, 15, 9, 0, tzinfo=clock.KOREA)
STEP = dt.timedelta(seconds=totp.SECONDS)
RFC_SECRET = b"12345678901234567890"


# The codes themselves ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, shown: str) -> None:
    # Appendix B shows eight digits; six are their end.
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    assert totp.code(RFC_SECRET, totp.step_at(moment)) == shown[-6:]


def test_codes_are_those_of_rfc_4226() -> None:
    shown = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
    assert [totp.code(RFC_SECRET, step) for step in range(10)] == shown


def test_the_code_before_and_after_is_taken_and_no_other() -> None:
    present = totp.step_at(START)
    taken = {
        step - present
        for step in range(present - 5, present + 6)
        if totp.matching_step(RFC_SECRET, totp.code(RFC_SECRET, step), START) == step
    }
    assert taken == {-1, 0, 1}


def test_a_step_that_was_used_and_every_one_before_it_is_taken_no_more() -> None:
    present = totp.step_at(START)
    for step, taken in ((present - 1, False), (present, False), (present + 1, True)):
        found = totp.matching_step(RFC_SECRET, totp.code(RFC_SECRET, step), START, used=present)
        assert (found is not None) is taken


def test_the_address_for_the_app_names_the_account_and_what_every_app_knows() -> None:
    assert totp.address(RFC_SECRET, "admin.mapo", "DistrictOps") == (
        "otpauth://totp/DistrictOps:admin.mapo?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=DistrictOps&algorithm=SHA1&digits=6&period=30"
    )


# Setting one up ------------------------------------------------------------------------------------------------------


def secret_on(page: Page) -> bytes:
    """The secret that a page shows."""
    [words] = [e.text or "" for e in page.tree.iter("code") if e.get("class") == "secret"]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", words)
    return base64.b32decode(words.replace(" ", ""))


def code_now(secret: bytes, later: int = 0) -> str:
    """What the app shows now, or some steps later."""
    return totp.code(secret, totp.step_at(clock.now()) + later)


def set_up(visitor: Visitor) -> tuple[bytes, list[str]]:
    """Set up a second factor over the page: (secret, recovery codes)."""
    page = visitor.open("accounts.second_factor")
    secret = secret_on(page)
    fields = {"code": code_now(secret)}
    if "current" in page.form().fields:
        fields["current"] = PASSWORD
    answer = visitor.send(page, fields)
    assert answer.status_code == 200
    shown = Page(answer, page.url)
    return secret, re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", shown.html)


def give(visitor: Visitor, code: str) -> TestResponse:
    """Fill in the second page of signing in."""
    return visitor.submit("accounts.login", {"code": code})


def enrolled(app: Flask, username: str) -> tuple[bytes, list[str]]:
    """Set up a second factor for somebody, one step ago."""
    with time_machine.travel(clock.now() - 2 * STEP, tick=False):
        return set_up(Visitor(app, username))


@pytest.fixture
def strict(app: Flask) -> Flask:
    """An office that asks its administrators for a second factor."""
    app.config["SECOND_FACTOR"] = "administrators"
    return app


@pytest.fixture
def strict_lite(lite_app: Flask) -> Flask:
    """The same, where the database has no part."""
    lite_app.config["SECOND_FACTOR"] = "administrators"
    return lite_app


@pytest.mark.parametrize(
    ("asked", "people"),
    [("off", set()), ("administrators", {"boss"}), ("everybody", {"boss", "kim", "city"})],
)
def test_the_office_says_who_must_have_one(lite_app: Flask, make: Maker, asked: str, people: set[str]) -> None:
    lite_app.config["SECOND_FACTOR"] = asked
    make.user("boss", Role.ADMINISTRATOR)
    make.user("kim")
    make.city_reader("city", make.home)
    sent = {name for name in ("boss", "kim", "city") if Visitor(lite_app, name).ask("/").status_code == 303}
    assert sent == people


def test_a_setting_that_nobody_knows_is_refused_at_the_start(tmp_path) -> None:
    assert settings(tmp_path, {})["SECOND_FACTOR"] == "off"
    with pytest.raises(BadSetting, match="off, administrators, everybody"):
        settings(tmp_path, {"DISTRICTOPS_SECOND_FACTOR": "on"})


def test_whoever_must_have_one_reaches_nothing_before_it_is_set_up(strict: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(strict, "boss")
    free = {"accounts.second_factor", "accounts.sign_out", *public(strict)}
    for rule in rules(strict):
        for method in methods(rule):
            if rule.endpoint not in free:
                answer = boss.ask(address(boss, rule, ABSENT), method)
                assert (answer.status_code, answer.headers["Location"]) == (303, "/account/second-factor"), rule
    _, codes = set_up(boss)
    assert len(set(codes)) == 10
    assert boss.ask("/people").status_code == 200


def test_a_role_given_while_somebody_works_asks_at_their_next_click(strict: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim", Role.OFFICER)
    boss, kim = Visitor(strict, "boss"), Visitor(strict, "kim")
    set_up(boss)
    assert kim.ask("/").status_code == 200
    boss.submit("people.grant", {"role": "administrator"}, user_id=user.id)
    assert kim.ask("/").headers["Location"] == "/account/second-factor"


def test_a_one_time_password_is_replaced_before_the_second_factor_is_asked_for(strict_lite: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR, one_time_until=clock.now() + dt.timedelta(hours=1))
    boss = Visitor(strict_lite, "boss")
    assert boss.ask("/").headers["Location"] == "/account/password"
    new = "another quiet evening"
    boss.submit("accounts.password", {"current": PASSWORD, "password": new, "again": new})
    assert boss.ask("/").headers["Location"] == "/account/second-factor"


def test_the_secret_is_shown_as_a_picture_and_as_letters_and_stays_the_same_until_it_is_set_up(
    strict_lite: Flask, make: Maker
) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(strict_lite, "boss")
    page = boss.open("accounts.second_factor")
    assert secret_on(page) == secret_on(boss.open("accounts.second_factor"))
    assert secret_on(page) != secret_on(Visitor(strict_lite, "boss").open("accounts.second_factor"))
    drawn = next(e for e in page.tree.iter() if e.get("class") == "qr")
    path = next(e.get("d") or "" for e in drawn.iter() if e.get("d"))
    expected = segno.make_qr(totp.address(secret_on(page), "boss", "DistrictOps"), error="m").matrix
    assert path.count("M") == sum(map(sum, expected))
    assert drawn.get("viewBox") == f"-4 -4 {len(expected) + 8} {len(expected) + 8}", "four squares of white around it"


def test_a_wrong_first_code_puts_nothing_in_force(strict_lite: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(strict_lite, "boss")
    page = boss.refused("accounts.second_factor", {"code": "000000x"})
    assert "does not fit" in page.summary
    assert make.everything(User)[0].second_factor_seed is None


def test_an_answer_that_is_sent_again_makes_no_other_secret(strict_lite: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    boss = Visitor(strict_lite, "boss")
    page = boss.open("accounts.second_factor")
    fields = {"code": code_now(secret_on(page))}
    assert boss.send(page, fields).status_code == 200
    before = make.everything(User)[0].recovery_codes
    assert boss.send(page, fields).status_code == 422
    assert make.everything(User)[0].recovery_codes == before


def test_another_one_needs_the_password_and_makes_the_one_before_worthless(app: Flask, make: Maker) -> None:
    make.user("kim")
    old, codes = enrolled(app, "kim")
    kim = Visitor(app, "kim")
    give(kim, code_now(old))
    page = kim.open("accounts.second_factor")
    new = secret_on(page)
    assert new != old
    wrong = kim.refused("accounts.second_factor", {"current": "wrong", "code": code_now(new)})
    assert "not your present password" in wrong.summary
    assert kim.send(page, {"current": PASSWORD, "code": code_now(new)}).status_code == 200
    other = Visitor(app, "kim")
    assert give(other, code_now(old, 1)).status_code == 422
    assert give(other, codes[0]).status_code == 422
    assert give(other, code_now(new, 1)).status_code == 303


def test_setting_one_up_ends_every_other_sign_in(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    elsewhere, here = Visitor(lite_app, "kim"), Visitor(lite_app, "kim")
    set_up(here)
    assert here.ask("/account").status_code == 200
    assert outcome(elsewhere.ask("/account")) == "sign-in"


def test_neither_the_secret_nor_a_recovery_code_stands_in_the_database(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    secret, codes = set_up(Visitor(lite_app, "kim"))
    with lite_app.app_context(), db.engine.connect() as connection:
        kept = repr(connection.exec_driver_sql("SELECT * FROM user_account").all())
    assert totp.base32(secret) not in kept
    assert secret.hex() not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_the_record_says_that_one_was_set_up_and_by_whom_but_not_what(lite_app: Flask, make: Maker) -> None:
    user = make.user("kim")
    set_up(Visitor(lite_app, "kim"))
    record = make.everything(ChangeRecord, table_name="user_account")[-1]
    assert record.actor_id == user.id
    assert record.changes["second_factor_seed"] == [None, None]
    assert record.changes["recovery_codes"] == [None, None]
    assert record.changes["second_factor_since"][1]


# Signing in with one -------------------------------------------------------------------------------------------------


def public(app: Flask) -> set[str]:
    """What the reviewed table opens to nobody in particular."""
    return {endpoint for (endpoint, _), line in table().items() if line["nobody"] == "open"}


def test_the_code_is_asked_for_after_the_password_and_leads_to_where_one_wanted_to_go(app: Flask, make: Maker) -> None:
    make.user("kim")
    secret, _ = enrolled(app, "kim")
    kim = Visitor(app)
    page = kim.look("/login?next=/new-deal/projects")
    answer = kim.send(page, {"username": "kim", "password": PASSWORD})
    second = kim.follow(answer)
    assert "Code of your app" in second.text
    typed = f" {code_now(secret)[:3]} {code_now(secret)[3:]} "
    answer = kim.send(second, {"code": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/new-deal/projects")
    assert kim.ask("/new-deal/projects").status_code == 200


def test_half_signed_in_is_nobody_to_every_endpoint_but_its_page_and_signing_out(app: Flask, make: Maker) -> None:
    make.user("kim", Role.OFFICER, Role.ADMINISTRATOR)
    enrolled(app, "kim")
    kim = Visitor(app, "kim")
    expected = {place: line["nobody"] for place, line in table().items()}
    found = {
        (rule.endpoint, method): outcome(kim.ask(address(kim, rule, ABSENT), method))
        for rule in rules(app)
        for method in methods(rule)
        if rule.endpoint != "accounts.sign_out"
    }
    assert found == {place: what for place, what in expected.items() if place[0] != "accounts.sign_out"}
    assert "kim" not in kim.open("accounts.login").html.lower()


def test_half_signed_in_changes_nothing_of_the_person(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    enrolled(lite_app, "kim")
    kim = Visitor(lite_app, "kim")
    page = kim.open("accounts.login")
    form = next(form for form in page.forms if form.action == "/account/language")
    kim.ask(form.action, "POST", data={**form.fields.to_dict(), "language": "ko"})
    assert make.everything(User)[0].language is None


def test_whoever_cannot_give_the_code_may_start_again(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    enrolled(lite_app, "kim")
    kim = Visitor(lite_app, "kim")
    kim.submit("accounts.login", to="accounts.sign_out")
    assert "Password" in kim.open("accounts.login").text
    assert not [row for row in make.everything(SignedInSession) if not row.passed_second_factor]


def test_the_key_is_new_once_the_code_was_right_and_a_copy_of_the_old_cookie_is_dead(app: Flask, make: Maker) -> None:
    make.user("kim")
    secret, _ = enrolled(app, "kim")
    kim = Visitor(app, "kim")
    thief = app.test_client()
    half = kim.client.get_cookie("districtops")
    assert half is not None
    thief.set_cookie("districtops", half.value)
    give(kim, code_now(secret))
    assert kim.ask("/account").status_code == 200
    assert thief.get("/account").status_code == 303
    assert b"Password" in thief.get("/login").data


def test_a_code_works_once(app: Flask, make: Maker) -> None:
    make.user("kim")
    secret, _ = enrolled(app, "kim")
    first, second = Visitor(app, "kim"), Visitor(app, "kim")
    code = code_now(secret)
    assert give(first, code).status_code == 303
    page = Page(give(second, code), "/login")
    assert (page.status, page.form().fields["code"]) == (422, "")
    assert "not right" in page.summary


def test_the_code_that_set_it_up_is_used(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False):
        secret, _ = set_up(Visitor(lite_app, "kim"))
        assert give(Visitor(lite_app, "kim"), code_now(secret)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(lite_app: Flask, make: Maker, steps: int, status: int) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        secret, _ = set_up(Visitor(lite_app, "kim"))
        travel.shift(10 * STEP)
        assert give(Visitor(lite_app, "kim"), code_now(secret, steps)).status_code == status


def test_wrong_codes_lock_the_name_and_the_right_password_does_not_reset_the_count(app: Flask, make: Maker) -> None:
    make.user("kim")
    with time_machine.travel(START, tick=False) as travel:
        secret, codes = set_up(Visitor(app, "kim"))
        travel.shift(10 * STEP)
        for _ in range(5):
            # Each with a browser of its own: the password is right every time.
            assert give(Visitor(app, "kim"), "123456x").status_code == 422
        assert make.everything(FailedSignIn)[0].failures == 5
        assert Visitor(app).sign_in("kim").status_code == 422
        travel.shift(dt.timedelta(minutes=1, seconds=1))
        kim = Visitor(app, "kim")
        assert give(kim, "123456x").status_code == 422
        assert give(kim, code_now(secret)).status_code == 422, "locked for two minutes now"
        assert give(kim, codes[0]).status_code == 422
        travel.shift(dt.timedelta(minutes=2, seconds=1))
        assert give(kim, code_now(secret)).status_code == 303
        assert make.everything(FailedSignIn) == []


def test_a_refused_code_is_told_in_the_persons_language(app: Flask, make: Maker) -> None:
    make.user("kim", language="ko")
    enrolled(app, "kim")
    page = Page(give(Visitor(app, "kim"), "123456x"), "/login")
    assert 'lang="ko"' in page.html


@pytest.mark.parametrize("kind", ["of the app", "for recovery"])
def test_one_code_sent_from_four_browsers_at_once_lets_one_in(app: Flask, make: Maker, kind: str) -> None:
    make.user("kim")
    secret, codes = enrolled(app, "kim")
    code = code_now(secret) if kind == "of the app" else codes[0]
    browsers = [Visitor(app, "kim") for _ in range(4)]
    pages = [browser.open("accounts.login") for browser in browsers]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda b, p: b.send(p, {"code": code}).status_code, browsers, pages)
    assert sorted(answers) == [303, 422, 422, 422]


def test_a_recovery_code_lets_in_once_and_is_recorded(app: Flask, make: Maker) -> None:
    user = make.user("kim")
    _, codes = enrolled(app, "kim")
    assert give(Visitor(app, "kim"), codes[3].upper()).status_code == 303
    record = make.everything(ChangeRecord, table_name="user_account")[-1]
    assert (record.actor_id, record.changes) == (user.id, {"recovery_codes": [None, None]})
    other = Visitor(app, "kim")
    assert give(other, codes[3]).status_code == 422
    assert give(other, codes[4].replace("-", " ")).status_code == 303
    assert "8" in other.open("accounts.account").text


def test_a_reader_of_the_city_signs_in_with_one_too(app: Flask, make: Maker) -> None:
    make.city_reader("city", make.home)
    secret, codes = enrolled(app, "city")
    assert give(Visitor(app, "city"), code_now(secret)).status_code == 303
    assert give(Visitor(app, "city"), codes[0]).status_code == 303


def test_whoever_set_one_up_is_asked_though_the_office_asks_nobody(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    lite_app.config["SECOND_FACTOR"] = "everybody"
    enrolled(lite_app, "kim")
    lite_app.config["SECOND_FACTOR"] = "off"
    assert outcome(Visitor(lite_app, "kim").ask("/account")) == "sign-in"


# After a loss --------------------------------------------------------------------------------------------------------


def test_an_administrator_resets_the_second_factor_of_another_and_the_record_says_so(app: Flask, make: Maker) -> None:
    boss = make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    set_up(kim := Visitor(app, "kim"))
    answer = Visitor(app, "boss").submit("people.reset_second_factor", user_id=user.id)
    assert answer.status_code == 303
    assert outcome(kim.ask("/account")) == "sign-in"
    assert Visitor(app, "kim").ask("/account").status_code == 200
    record = make.everything(ChangeRecord, table_name="user_account")[-1]
    assert record.actor_id == boss.id
    assert set(record.changes) == {"second_factor_seed", "second_factor_since", "recovery_codes"}


def test_nobody_resets_their_own_or_one_that_is_not_there(lite_app: Flask, make: Maker) -> None:
    boss = make.user("boss", Role.ADMINISTRATOR)
    user = make.user("kim")
    visitor = Visitor(lite_app, "boss")
    set_up(visitor)
    assert "your account" in visitor.refused("people.reset_second_factor", {}, user_id=boss.id).summary
    assert "has no second factor" in visitor.refused("people.reset_second_factor", {}, user_id=user.id).summary


def test_on_the_server_the_only_administrators_second_factor_is_reset(strict: Flask, make: Maker) -> None:
    make.user("boss", Role.ADMINISTRATOR)
    set_up(Visitor(strict, "boss"))
    run = strict.test_cli_runner().invoke
    assert "may now sign in" in run(args=["reset-second-factor", "--username", " BOSS "]).output
    assert Visitor(strict, "boss").ask("/").headers["Location"] == "/account/second-factor"
    record = make.everything(ChangeRecord, table_name="user_account")[-1]
    assert (record.actor_id, record.district_id) == (None, make.home.id)
    for name, words in (("boss", "no second factor"), ("nobody", "no person")):
        refused = run(args=["reset-second-factor", "--username", name])
        assert refused.exit_code == 1
        assert words in refused.output


def test_another_installation_key_makes_every_app_worthless(lite_app: Flask, make: Maker) -> None:
    make.user("kim")
    secret, _ = enrolled(lite_app, "kim")
    lite_app.config["SECRET_KEY"] = "another key of the installation, 32 letters"
    assert give(Visitor(lite_app, "kim"), code_now(secret)).status_code == 422
