"""Sessions that their owner sees and ends; passwords that are hard to guess at."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.accounts import passwords, users
from lumiku_kernel.accounts.attempts import FREE, LONGEST_SECONDS, wait_after
from lumiku_kernel.accounts.guessable import guessable
from lumiku_kernel.accounts.identity import NOBODY, Identities, Identity
from lumiku_kernel.accounts.sessions import IDLE_DAYS
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import api_keys, attempts, sessions

COOKIE = "lumiku_session"
BETTER = "four words of mine"


def me(client: TestClient) -> dict[str, str]:
    found: dict[str, str] = client.get("/api/auth/me").json()["user"]
    return found


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


def guess(client: TestClient, email: str, number: int) -> int:
    who = {"email": email, "password": f"guess number {number}"}
    return int(client.post("/api/auth/login", json=who).status_code)


@pytest.mark.parametrize("known", [True, False])
def test_of_a_thousand_guesses_few_are_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    looked = Counter[str]()
    verify = passwords.matches
    monkeypatch.setattr(
        passwords,
        "matches",
        lambda given, hashed: looked.update(["at"]) or verify(given, hashed),
    )
    email = me(site.browser())["email"] if known else "guessed@example.com"

    with ThreadPoolExecutor(8) as pool:
        client = site.client()
        statuses = list(pool.map(lambda n: guess(client, email, n), range(1000)))

    assert looked["at"] <= 10
    assert Counter(statuses)[429] >= 990


def test_an_address_that_has_to_wait_is_told_so_with_or_without_an_account(
    site: Site,
) -> None:
    emails = (me(site.browser())["email"], "waits@example.com")
    told = []
    for email in emails:
        for number in range(FREE):
            assert guess(site.client(), email, number) == 401
        who = {"email": email, "password": PASSWORD}
        answer = site.client().post("/api/auth/login", json=who)
        found = problem(answer, 429, "too-many-attempts")
        assert int(answer.headers["retry-after"]) > 1
        told.append((found["title"], found["detail"][:40], found.get("fix")))

    assert told[0] == told[1]
    with site.host.store.write() as session:  # the wait is over
        session.execute(update(attempts).values(until=now() - 1))
    who = {"email": emails[0], "password": PASSWORD}
    assert site.client().post("/api/auth/login", json=who).status_code == 200
    assert guess(site.client(), emails[0], 0) == 401


def test_no_address_lies_among_the_attempts(site: Site) -> None:
    guess(site.client(), "secretive@example.com", 1)

    with site.host.store.read() as session:
        rows = str(session.execute(select(attempts)).all())

    assert "secretive" not in rows


def test_each_wrong_password_costs_a_longer_wait() -> None:
    waits = [wait_after(failures) for failures in range(1, 40)]

    assert waits[: FREE - 1] == [0.0] * (FREE - 1)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_SECONDS


def test_when_too_many_sign_in_at_once_others_are_sent_away(site: Site) -> None:
    before, held = passwords._places, threading.BoundedSemaphore(1)
    held.acquire()
    passwords._places = held
    try:
        who = {"email": "busy@example.com", "password": PASSWORD}
        answer = site.client().post("/api/auth/login", json=who)
    finally:
        passwords._places = before

    problem(answer, 503, "sign-in-busy")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1!",
        "p@ssw0rd",
        "12345678",
        "87654321",
        "qwertyuiop",
        "qwer1234",
        "1q2w3e4r",
        "aaaaaaaa",
        "abcabcabc",
        "asdfasdf",
        "11112222",
        "iloveyou2",
        "sayang123",
        "changeme",
        "lumiku2024",
        "rosalind",
        "rosalind7",
    ],
)
def test_the_first_guesses_are_no_passwords(password: str) -> None:
    assert guessable(password, "rosalind@example.com")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, BETTER, "long enough", "Tr0ub4dor&3", "sommerregen", "éèêëàâäô9"],
)
def test_what_is_hard_to_guess_needs_no_signs_and_digits(password: str) -> None:
    assert not guessable(password, "rosalind@example.com")


def test_a_mistyped_key_is_refused_without_a_query(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = site.program(site.browser()).headers["authorization"].removeprefix("Bearer ")
    asked: list[str] = []

    def look(_: Identities, one: str) -> Identity:
        asked.append(one)
        return NOBODY

    for name in ("_by_key", "_by_session"):
        monkeypatch.setattr(Identities, name, look)
    swapped = key[:10] + key[11] + key[10] + key[12:]

    for wrong in {key[:-1], key + "a", swapped, "lk_", "lk_nobody"} - {key}:
        stranger = site.client(Authorization=f"Bearer {wrong}")
        problem(stranger.get("/api/jobs"), 401, "key-invalid")

    assert asked == []


def test_a_key_is_changed_for_another_while_both_are_good(site: Site) -> None:
    browser = site.browser()
    wanted = {"name": "shop", "scopes": ["jobs:read"]}
    old = browser.post("/api/keys", json=wanted).json()
    rotated = browser.post(f"/api/keys/{old['id']}/rotate", json={})

    assert rotated.status_code == 201
    new = rotated.json()
    assert new["name"] == "shop"
    for key in (old, new):
        program = site.client(Authorization=f"Bearer {key['key']}")
        assert program.get("/api/jobs").status_code == 200
        problem(program.get("/api/credits"), 403, "scope-missing")
    kept = {one["id"]: one for one in browser.get("/api/keys").json()["items"]}
    assert kept[old["id"]]["expires_at"] is not None
    assert kept[new["id"]]["expires_at"] is None

    again = browser.post(f"/api/keys/{new['id']}/rotate", json={"overlap_seconds": 0})
    assert again.status_code == 201
    program = site.client(Authorization=f"Bearer {new['key']}")
    problem(program.get("/api/jobs"), 401, "key-invalid")
    gone = browser.post(f"/api/keys/{new['id']}/rotate", json={})
    problem(gone, 404, "not-found")


def test_nobody_gets_more_by_changing_a_key(site: Site) -> None:
    mine, stranger = site.browser(), site.browser()
    wide = mine.post("/api/keys", json={"name": "wide"}).json()
    narrow = site.program(mine, ("account:write",))

    theirs = stranger.post(f"/api/keys/{wide['id']}/rotate", json={})
    problem(theirs, 404, "not-found")
    more = narrow.post(f"/api/keys/{wide['id']}/rotate", json={})
    problem(more, 403, "scope-missing")
