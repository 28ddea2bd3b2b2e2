"""What operators change has a reason, is written down, and is theirs alone."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem

from lumiku_kernel.accounts.keys import OPERATOR, SCOPES
from lumiku_kernel.web.api import admin, visibility

WHY = {"reason": "a test"}
ENDPOINTS = (*admin.ENDPOINTS, *visibility.ENDPOINTS)
ROUTES = [(one.method, re.sub(r"{\w+}", "nothing", one.path)) for one in ENDPOINTS]


@pytest.fixture(scope="module")
def operator(site: Site) -> TestClient:
    return site.browser("operator")


@pytest.fixture(scope="module")
def outsiders(site: Site, operator: TestClient) -> dict[str, TestClient]:
    user = site.browser(tier="enterprise")
    return {
        "a user": user,
        "a user's key": site.program(user),
        "a user's key with the operator's scope": site.program(
            user, (*SCOPES, OPERATOR)
        ),
        "an operator's ordinary key": site.program(operator),
    }


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_operators_come_in(
    site: Site, outsiders: dict[str, TestClient], method: str, path: str
) -> None:
    problem(site.client().request(method, path, json=WHY), 401, "not-signed-in")
    for client in outsiders.values():
        problem(client.request(method, path, json=WHY), 403, "operator-only")


def test_an_operators_ordinary_key_sees_and_does_what_a_viewers_does(
    site: Site, operator: TestClient
) -> None:
    program = site.program(operator)

    staff = program.get("/api/apps/acme-paint/staff")
    listed = program.get("/api/apps").json()["items"]
    verdict = program.get("/api/apps/acme-mute/visibility").json()

    problem(staff, 403, "operator-only")
    assert [one["id"] for one in listed] == ["acme-paint"]
    assert "gates" not in verdict


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "GET"])
def test_operators_read_everything_by_browser_and_by_key(
    site: Site, operator: TestClient, path: str
) -> None:
    program = site.program(operator, (*SCOPES, OPERATOR))

    for client in (operator, program):
        answer = client.get(path)

        assert answer.status_code == 200, answer.text


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/admin/plugins/acme-paint/disable", {}),
    ("POST", "/api/admin/plugins/acme-paint/enable", {}),
    ("PATCH", "/api/admin/models/acme-paint:plain", {"price": 4}),
    ("POST", "/api/admin/users/{user}/credits", {"amount": 5}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_needs_a_reason(
    site: Site, operator: TestClient, method: str, path: str, body: dict[str, Any]
) -> None:
    user = site.browser().get("/api/auth/me").json()["user"]["id"]

    for reason in ({}, {"reason": ""}):
        answer = operator.request(method, path.format(user=user), json=body | reason)

        problem(answer, 422, "invalid-input")


def newest(operator: TestClient) -> dict[str, Any]:
    (first,) = operator.get("/api/admin/audit?limit=1").json()["items"]
    return dict(first)


def test_a_change_is_written_down_with_who_what_and_why(
    site: Site, operator: TestClient
) -> None:
    me = operator.get("/api/auth/me").json()["user"]["id"]
    user = site.browser().get("/api/auth/me").json()["user"]["id"]
    path = f"/api/admin/users/{user}"

    operator.patch(path, json={"tier": "pro", "reason": "a friend"}).raise_for_status()

    row = newest(operator)
    assert (row["actor"], row["action"], row["subject"], row["reason"]) == (
        me,
        "user.set",
        user,
        "a friend",
    )
    assert (row["before"]["tier"], row["after"]["tier"]) == ("free", "pro")


def test_the_audit_is_read_page_by_page_without_gaps(operator: TestClient) -> None:
    path = "/api/admin/audit?limit=2"
    user = operator.get("/api/auth/me").json()["user"]["id"]
    for amount in (1, 2, 3, 4, 5):
        grant = {"amount": amount, **WHY}
        operator.post(f"/api/admin/users/{user}/credits", json=grant).raise_for_status()

    seen: list[dict[str, Any]] = []
    cursor = None
    while len(seen) < 5:
        page = operator.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        seen += page["items"]
        cursor = page["next_cursor"]

    assert [one["after"]["amount"] for one in seen[:5]] == [5, 4, 3, 2, 1]


def test_a_model_switched_off_takes_its_app_away_and_back(
    site: Site, operator: TestClient
) -> None:
    browser = site.browser()
    path = "/api/admin/models/acme-paint:plain"

    operator.patch(path, json={"enabled": False, **WHY}).raise_for_status()
    gone = browser.get("/api/apps").json()["items"]
    verdict = operator.get("/api/admin/apps/acme-paint/visibility?as_tier=free").json()
    operator.patch(path, json={"enabled": True, **WHY}).raise_for_status()

    assert gone == []
    assert verdict["visible"] is False
    assert [one["id"] for one in browser.get("/api/apps").json()["items"]] == [
        "acme-paint"
    ]


def test_a_price_set_by_the_operator_is_the_price(
    site: Site, operator: TestClient
) -> None:
    browser, path = site.browser(), "/api/admin/models/acme-paint:plain"
    quote = "/api/apps/acme-paint/make/quote"

    operator.patch(path, json={"price": 7, **WHY}).raise_for_status()
    dear = browser.post(quote, json={}).json()["price"]
    operator.patch(path, json={"price": 0, **WHY}).raise_for_status()
    free = browser.post(quote, json={}).json()["price"]
    operator.patch(path, json={"price": 3, **WHY}).raise_for_status()

    assert (dear, free) == (7, 0)
    assert browser.post(quote, json={}).json()["price"] == 3


def test_what_is_not_there_cannot_be_changed(operator: TestClient) -> None:
    for method, path in (
        ("PATCH", "/api/admin/models/acme-paint:nothing"),
        ("POST", "/api/admin/plugins/nothing/disable"),
        ("PATCH", "/api/admin/users/usr_nobody"),
    ):
        problem(operator.request(method, path, json=WHY), 404, "not-found")
    grant = {"amount": 1, **WHY}
    problem(
        operator.post("/api/admin/users/usr_nobody/credits", json=grant),
        404,
        "not-found",
    )


def test_nobody_takes_their_own_rights_away(operator: TestClient) -> None:
    me = operator.get("/api/auth/me").json()["user"]["id"]

    for change in ({"role": "user"}, {"disabled": True}):
        answer = operator.patch(f"/api/admin/users/{me}", json={**change, **WHY})

        problem(answer, 409, "own-role")


def test_a_role_taken_away_is_gone_at_once(site: Site, operator: TestClient) -> None:
    other = site.browser("operator")
    ident = other.get("/api/auth/me").json()["user"]["id"]
    assert other.get("/api/admin/plugins").status_code == 200

    change = {"role": "user", **WHY}
    operator.patch(f"/api/admin/users/{ident}", json=change).raise_for_status()

    problem(other.get("/api/admin/plugins"), 401, "session-expired")


def test_credits_given_and_taken_are_on_the_statement(
    site: Site, operator: TestClient
) -> None:
    browser = site.browser()
    ident = browser.get("/api/auth/me").json()["user"]["id"]
    path = f"/api/admin/users/{ident}/credits"

    operator.post(path, json={"amount": 50, "reason": "thanks"}).raise_for_status()
    operator.post(path, json={"amount": -20, "reason": "oops"}).raise_for_status()
    broke = operator.post(path, json={"amount": -1000, "reason": "all of it"})

    assert 400 <= broke.status_code < 500, broke.text
    assert browser.get("/api/credits").json() == {"available": 130, "reserved": 0}
    lines = browser.get("/api/credits/entries").json()["items"]
    assert [(one["amount"], one["reason"]) for one in lines] == [
        (-20, "oops"),
        (50, "thanks"),
        (100, "welcome"),
    ]


def test_the_matrix_says_for_each_tier_what_is_seen(operator: TestClient) -> None:
    rows = operator.get("/api/admin/visibility").json()["items"]

    tiers = {row["app"]: row["tiers"] for row in rows}
    assert {tier: one["visible"] for tier, one in tiers["acme-dear"].items()} == {
        "free": False,
        "basic": False,
        "pro": True,
        "enterprise": True,
    }
    assert tiers["acme-mute"]["enterprise"]["codes"] == ["NO_MODELS"]


def test_plugins_are_listed_with_what_mends_them(operator: TestClient) -> None:
    listed = operator.get("/api/admin/plugins").json()["items"]
    plugins = {one["id"]: one for one in listed}

    assert plugins["acme-paint"].items() >= {"state": "ready", "models": 2}.items()
    assert plugins["acme-mute"]["code"] == "NO_MODELS"
    assert plugins["acme-mute"]["fix"]["command"]
