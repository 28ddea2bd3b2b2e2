"""Viewers see where they are signed in, and end it there."""

from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.kernel.guests import BETTER, COOKIE, me
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.sessions import IDLE_DAYS
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import api_keys, sessions


def again(site: Site, browser: TestClient, agent: str = "other") -> TestClient:
    """Another browser of the same viewer."""
    made = site.client(**{"User-Agent": agent})
    who = {"email": me(browser)["email"], "password": PASSWORD}
    made.post("/api/auth/login", json=who).raise_for_status()
    return made


def listed(browser: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get("/api/sessions").json()["items"]
    return found


def test_a_viewer_sees_where_they_are_signed_in(site: Site) -> None:
    browser = site.browser()
    other = again(site, browser, "Phone\x07/1.0 " + "x" * 500)

    first, second = sorted(listed(browser), key=lambda one: one["current"])

    assert first["agent"].startswith("Phone?/1.0 xxx")
    assert len(first["agent"]) == 200
    assert (first["current"], second["current"]) == (False, True)
    assert {"address", "seen_at", "created_at", "expires_at"} <= first.keys()
    assert browser.cookies[COOKIE] not in str(listed(browser))
    assert [one["current"] for one in listed(other)].count(True) == 1


def test_a_viewer_signs_another_browser_out(site: Site) -> None:
    browser = site.browser()
    other = again(site, browser)
    (theirs,) = [one["id"] for one in listed(browser) if not one["current"]]

    assert browser.delete(f"/api/sessions/{theirs}").status_code == 204

    problem(other.get("/api/auth/me"), 401, "session-expired")
    assert browser.get("/api/auth/me").status_code == 200
    problem(browser.delete(f"/api/sessions/{theirs}"), 404, "not-found")


def test_nobody_signs_another_viewer_out(site: Site) -> None:
    mine, stranger = site.browser(), site.browser("operator")
    (one,) = listed(mine)

    foreign = stranger.delete(f"/api/sessions/{one['id']}")

    problem(foreign, 404, "not-found")
    assert mine.get("/api/auth/me").status_code == 200


def test_signing_out_everywhere_ends_this_browser_too(site: Site) -> None:
    browser = site.browser()
    other = again(site, browser)

    answer = browser.delete("/api/sessions")

    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    for one in (browser, other):
        assert one.get("/api/auth/me").status_code == 401


def test_a_session_that_is_not_seen_for_long_ends(site: Site) -> None:
    browser = site.browser()
    mine = sessions.c.account_id == me(browser)["id"]
    with site.host.store.write() as session:
        past = now() - (IDLE_DAYS * 86400 + 1)
        session.execute(update(sessions).where(mine).values(seen_at=past))
    site.app.state.site.identities.forget()

    problem(browser.get("/api/auth/me"), 401, "session-expired")


def test_who_is_here_is_noted_without_ending_what_is_remembered(site: Site) -> None:
    browser = site.browser()
    program, identities = site.program(browser), site.app.state.site.identities
    mine = sessions.c.account_id == me(browser)["id"]
    with site.host.store.write() as session:
        session.execute(update(sessions).where(mine).values(seen_at=now() - 90))
    identities.follow()
    program.get("/api/jobs").raise_for_status()
    browser.get("/api/auth/me").raise_for_status()
    identities.note()
    identities.follow()

    assert identities.remembered(browser.cookies[COOKIE]) is not None
    with site.host.store.read() as session:
        ages = select(now() - sessions.c.seen_at).where(mine)
        assert session.execute(ages).scalar_one() < 60
        used = select(api_keys.c.used_at).where(
            api_keys.c.account_id == me(browser)["id"]
        )
        assert session.execute(used).scalar_one() is not None


@pytest.mark.parametrize("role", ["operator", "user"])
def test_another_role_ends_the_sessions_of_before(site: Site, role: str) -> None:
    browser = site.browser()
    account, same = me(browser)["id"], role == "user"

    users.change(site.host.store, account, role=role, actor="cli")
    site.app.state.site.identities.follow()

    assert browser.get("/api/auth/me").status_code == (200 if same else 401)


def test_a_new_password_leaves_only_this_browser_signed_in(site: Site) -> None:
    browser = site.browser()
    other, old = again(site, browser), browser.cookies[COOKIE]

    wrong = {"current": "not it", "password": BETTER}
    problem(browser.post("/api/auth/password", json=wrong), 401, "login-failed")
    right = {"current": PASSWORD, "password": BETTER}
    browser.post("/api/auth/password", json=right).raise_for_status()

    assert browser.get("/api/auth/me").status_code == 200
    assert browser.cookies[COOKIE] != old
    assert other.get("/api/auth/me").status_code == 401
    who = {"email": me(browser)["email"], "password": BETTER}
    assert site.client().post("/api/auth/login", json=who).status_code == 200


def test_whoever_found_a_key_cannot_take_the_account(site: Site) -> None:
    browser = site.browser()
    program = site.program(browser)
    asked = {"current": PASSWORD, "password": BETTER}

    for answer in (
        program.post("/api/auth/password", json=asked),
        program.get("/api/sessions"),
        program.delete("/api/sessions"),
        program.delete(f"/api/sessions/{listed(browser)[0]['id']}"),
    ):
        problem(answer, 403, "browser-only")


def test_the_account_page_shows_browsers_and_takes_a_password(site: Site) -> None:
    browser = site.browser()
    other = again(site, browser, '"><img src=x onerror=alert(1)>')

    shown = browser.get("/account").text
    assert "This browser" in shown
    assert "<img src=x" not in shown
    weak = {"current": PASSWORD, "password": "password1"}
    assert "first that anybody" in browser.post("/account/password", data=weak).text
    strong = {"current": PASSWORD, "password": BETTER}
    answer = browser.post("/account/password", data=strong)
    assert "counts from now on" in answer.text
    assert other.get("/api/auth/me").status_code == 401

    gone = browser.post("/account/sign-out", data={}, follow_redirects=False)
    assert gone.headers["location"] == "/login"
