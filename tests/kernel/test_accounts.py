"""Who may come in, by cookie or key, and for how long."""

import sqlite3

import pytest
from sqlalchemy import insert
from tests.kernel.guests import COOKIE, me
from tests.kernel.site import MAKE, PASSWORD, Site, problem, without_id

from lumiku_kernel.accounts import users
from lumiku_kernel.store.tables import artifacts, jobs


def test_registering_signs_in_and_gives_welcome_credits(site: Site) -> None:
    who = {"email": "New@Example.com ", "password": PASSWORD, "name": "Ayu"}

    answer = site.client().post("/api/auth/register", json=who)

    assert answer.status_code == 201
    told = answer.json()
    assert told["user"].items() >= {"email": "new@example.com", "name": "Ayu"}.items()
    assert (told["user"]["tier"], told["user"]["role"]) == ("free", "user")
    assert told["credits"] == {"available": 100, "reserved": 0}
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/"))


def test_an_address_registers_once(site: Site) -> None:
    email = me(site.browser())["email"]
    who = {"email": email.upper(), "password": PASSWORD}

    problem(site.client().post("/api/auth/register", json=who), 409, "email-taken")


@pytest.mark.parametrize(
    ("email", "password", "code"),
    [
        ("no address", PASSWORD, "email-invalid"),
        ("a@b", PASSWORD, "email-invalid"),
        ("short@example.com", "seven77", "password-length"),
        ("long@example.com", "x" * 1025, "invalid-input"),
        ("common@example.com", "Password1!", "password-common"),
    ],
)
def test_a_wrong_account_is_refused(
    site: Site, email: str, password: str, code: str
) -> None:
    who = {"email": email, "password": password}

    problem(site.client().post("/api/auth/register", json=who), 422, code)


def test_nobody_registers_as_an_operator(site: Site) -> None:
    who = {"email": "root@example.com", "password": PASSWORD, "role": "operator"}

    problem(site.client().post("/api/auth/register", json=who), 422, "invalid-input")


def test_signing_in_makes_a_new_session_and_ends_the_old_one(site: Site) -> None:
    browser = site.browser()
    old = browser.cookies[COOKIE]
    who = {"email": me(browser)["email"], "password": PASSWORD}

    browser.post("/api/auth/login", json=who).raise_for_status()

    assert browser.cookies[COOKIE] != old
    assert browser.get("/api/auth/me").status_code == 200
    thief = site.client(Cookie=f"{COOKIE}={old}")
    problem(thief.get("/api/auth/me"), 401, "session-expired")


def test_signing_out_ends_the_session_at_once(site: Site) -> None:
    browser = site.browser()
    thief = site.client(Cookie=f"{COOKIE}={browser.cookies[COOKIE]}")
    assert thief.get("/api/auth/me").status_code == 200

    assert browser.post("/api/auth/logout").status_code == 204

    problem(thief.get("/api/auth/me"), 401, "session-expired")
    problem(browser.get("/api/auth/me"), 401, "not-signed-in")


def test_a_wrong_password_and_an_unknown_address_get_one_answer(site: Site) -> None:
    email = me(site.browser())["email"]
    answers = [
        site.client().post("/api/auth/login", json={"email": who, "password": "wrong"})
        for who in (email, "nobody@example.com")
    ]

    first, second = (problem(one, 401, "login-failed") for one in answers)

    assert without_id(first) == without_id(second)


def test_a_disabled_account_is_out_at_once(site: Site) -> None:
    browser, operator = site.browser(), site.browser("operator")
    program, who = site.program(browser), me(browser)
    assert program.get("/api/jobs").status_code == 200

    change = {"disabled": True, "reason": "abuse"}
    operator.patch(f"/api/admin/users/{who['id']}", json=change).raise_for_status()

    problem(browser.get("/api/jobs"), 401, "session-expired")
    problem(program.get("/api/jobs"), 401, "key-invalid")
    again = {"email": who["email"], "password": PASSWORD}
    problem(site.client().post("/api/auth/login", json=again), 401, "login-failed")


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(site: Site) -> None:
    thief, other = site.browser(), site.browser()
    account, chosen = me(thief), "another one"

    users.change(site.host.store, account["id"], password=chosen, actor="cli")
    site.app.state.site.identities.follow()

    problem(thief.get("/api/auth/me"), 401, "session-expired")
    assert other.get("/api/auth/me").status_code == 200
    who = {"email": account["email"], "password": chosen}
    assert site.client().post("/api/auth/login", json=who).status_code == 200


def test_no_secret_lies_in_the_database(site: Site) -> None:
    browser = site.browser()
    made = browser.post("/api/keys", json={"name": "mine"}).json()
    secrets = [PASSWORD, browser.cookies[COOKIE], made["key"]]

    path = str(site.host.store.path)
    with sqlite3.connect(path) as database:
        dump = "\n".join(database.iterdump())
    database.close()

    assert made["id"] in dump
    assert [secret for secret in secrets if secret in dump] == []


@pytest.fixture(scope="module")
def theirs(site: Site) -> tuple[str, str]:
    """Somebody's job and artifact."""
    browser = site.browser()
    job = browser.post(MAKE, json={}).json()["job"]
    with site.host.store.write() as session:
        session.execute(
            insert(artifacts).values(
                id="art_theirs",
                account_id=me(browser)["id"],
                job_id=job["id"],
                item=0,
                position=0,
                epoch=0,
                kind="image",
                key="nowhere.png",
                sha256="",
                size=1,
                media_type="image/png",
                meta={},
                created_at=0.0,
            )
        )
    return job["id"], "art_theirs"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/jobs/{job}"),
        ("GET", "/api/jobs/{job}/events"),
        ("GET", "/api/jobs/{job}/stream"),
        ("POST", "/api/jobs/{job}/cancel"),
        ("POST", "/api/jobs/{job}/retry"),
        ("GET", "/api/artifacts/{artifact}"),
    ],
)
@pytest.mark.parametrize("role", ["user", "operator"])
def test_what_is_anothers_is_answered_like_what_is_not_there(
    site: Site, theirs: tuple[str, str], method: str, path: str, role: str
) -> None:
    stranger = site.browser(role)
    job, artifact = theirs

    foreign, absent = (
        problem(stranger.request(method, path.format(**ids)), 404, "not-found")
        for ids in (
            {"job": job, "artifact": artifact},
            {"job": f"{job[:-4]}0000", "artifact": "art_nobodys"},
        )
    )

    assert without_id(foreign) == without_id(absent)
    with site.host.store.read() as session:
        row = session.execute(jobs.select().where(jobs.c.id == job)).mappings().one()
    assert row["cancel_requested_at"] is None
