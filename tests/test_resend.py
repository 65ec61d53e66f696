"""What was typed survives the end of a sign-in, and no other site can profit from that."""

from districtops.models import Role

TYPED = {"title": "스마트 가로등", "category": "digital", "type": "purchase"}
OWN = {"Origin": "http://localhost"}


def form_of(visitor):
    page = visitor.open("new_deal.create")
    return {**page.form().fields.to_dict(), **TYPED}


def test_a_form_sent_after_the_sign_in_ended_is_kept_and_filed_after_signing_in_again(lite_app, make, visit):
    make.programme(2022)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    address, fields = kim.url("new_deal.create"), form_of(kim)
    kim.client.delete_cookie("districtops")
    kept = kim.ask(address, "POST", data=fields, headers=OWN)
    assert kept.status_code == 401
    assert TYPED["title"] in kept.get_data(as_text=True)
    kim.sign_in("kim")
    again = kim.ask(address, "POST", data=fields, headers=OWN)
    assert again.status_code == 400
    token = again.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    filed = kim.ask(address, "POST", data={**fields, "csrf_token": token}, headers=OWN)
    assert TYPED["title"] in kim.follow(filed).text


def test_nothing_of_another_sites_form_is_kept(lite_app, make, visit):
    make.programme(2022)
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    address, fields = kim.url("new_deal.create"), {**form_of(kim), "csrf_token": "forged"}
    for headers in ({"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {}):
        answer = kim.ask(address, "POST", data=fields, headers=headers)
        assert answer.status_code == 400
        assert TYPED["title"] not in answer.get_data(as_text=True)


def test_a_password_is_never_written_into_the_page(lite_app, make, visit):
    make.user("kim", Role.OFFICER)
    kim = visit("kim")
    kim.client.delete_cookie("districtops")
    secret = {"current": "rain falls on Mapo bridge", "password": "another good secret", "again": "another good secret"}
    answer = kim.ask(kim.url("accounts.password"), "POST", data=secret, headers=OWN)
    assert "secret" not in answer.get_data(as_text=True)
