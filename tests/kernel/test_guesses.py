"""Passwords are hard to guess at, and keys hard to mistype."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.kernel.guests import BETTER, me
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.accounts import passwords
from lumiku_kernel.accounts.attempts import FREE, LONGEST_SECONDS, wait_after
from lumiku_kernel.accounts.guessable import guessable
from lumiku_kernel.accounts.identity import NOBODY, Identities, Identity
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import attempts


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
