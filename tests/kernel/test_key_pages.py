"""API keys on the account page, without JavaScript."""

import re

from tests.kernel.site import Site

PAGE = "/account/keys"


def test_a_viewer_makes_replaces_and_ends_a_key(site: Site) -> None:
    browser = site.browser()

    wanted = {"name": "shop", "may": "reads", "budget_per_day": "20"}
    made = browser.post(PAGE, data=wanted)
    (key,) = browser.get("/api/keys").json()["items"]
    change = {"key": key["id"]}
    turned = browser.post(f"{PAGE}/change", data={**change, "act": "rotate"})
    listed = browser.get(PAGE)
    for one in browser.get("/api/keys").json()["items"]:
        ended = {"key": one["id"], "act": "end"}
        gone = browser.post(f"{PAGE}/change", data=ended)

    secrets = [re.findall(r'data-copy="([^"]+)"', one.text) for one in (made, turned)]
    assert (made.status_code, turned.status_code) == (201, 201)
    assert key["scopes"] == ["jobs:read", "credits:read"]
    assert key["budget_per_day"] == 20
    assert secrets[0] != secrets[1]
    assert all(len(one) == 1 for one in secrets)
    assert secrets[0][0] not in turned.text + listed.text
    assert "0 of 20 credits spent today" in listed.text
    assert "None yet." in gone.text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    site: Site,
) -> None:
    browser = site.browser()

    nameless = browser.post(PAGE, data={"name": " ", "budget_per_day": "7"})
    negative = browser.post(PAGE, data={"name": "till", "budget_per_day": "-1"})

    assert (nameless.status_code, negative.status_code) == (422, 422)
    assert 'id="name-fault"' in nameless.text
    assert 'value="7"' in nameless.text
    assert 'id="budget_per_day-fault"' in negative.text
    assert 'value="till"' in negative.text
    assert browser.get("/api/keys").json()["items"] == []


def test_another_s_key_is_as_absent(site: Site) -> None:
    owner, other = site.browser(), site.browser()
    owner.post(PAGE, data={"name": "mine"})
    (key,) = owner.get("/api/keys").json()["items"]

    for act in ("rotate", "end"):
        data = {"key": key["id"], "act": act}
        assert other.post(f"{PAGE}/change", data=data).status_code == 404
    assert len(owner.get("/api/keys").json()["items"]) == 1


def test_the_list_of_credits_leaves_out_what_moved_nothing(site: Site) -> None:
    browser = site.browser()

    shown = browser.get("/credits").text
    ended = browser.get("/credits?kind=finalize").text

    assert "Given" in shown
    assert "+" in re.findall(r'sum">([^<]*)<', shown)[0]
    assert "No lines here" in ended


def test_a_browser_is_named_in_words(site: Site) -> None:
    browser = site.browser()
    agent = (
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Mobile Safari/537.36"
    )
    credentials = {"email": "phone@example.org", "password": "a long enough password"}
    browser.post(
        "/register", data={**credentials, "name": "P"}, headers={"User-Agent": agent}
    )

    assert "Chrome on Android" in browser.get("/account").text
