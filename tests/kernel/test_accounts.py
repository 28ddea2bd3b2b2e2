"""Who may come in, by cookie or key, and for how long."""

import sqlite3

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.accounts import users
from lumiku_kernel.store.tables import artifacts, jobs

COOKIE = "lumiku_session"
MAKE = "/api/apps/acme-paint/make"


def me(client: TestClient) -> dict[str, str]:
    found: dict[str, str] = client.get("/api/auth/me").json()["user"]
    return found


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


def without_id(document: dict[str, object]) -> dict[str, object]:
    return {name: said for name, said in document.items() if name != "request_id"}


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


def test_a_key_is_shown_once(site: Site) -> None:
    browser = site.browser()

    made = browser.post("/api/keys", json={"name": "mine"}).json()

    assert made["key"].startswith("lk_")
    (listed,) = browser.get("/api/keys").json()["items"]
    assert listed["id"] == made["id"]
    assert made["key"] not in str(listed)
    program = site.client(Authorization=f"Bearer {made['key']}")
    assert me(program) == me(browser)


def test_a_revoked_key_is_refused_at_once(site: Site) -> None:
    browser = site.browser()
    made = browser.post("/api/keys", json={"name": "mine"}).json()
    program = site.client(Authorization=f"Bearer {made['key']}")
    assert program.get("/api/jobs").status_code == 200

    assert browser.delete(f"/api/keys/{made['id']}").status_code == 204

    problem(program.get("/api/jobs"), 401, "key-invalid")
    problem(browser.delete(f"/api/keys/{made['id']}"), 404, "not-found")


def test_a_key_ends_when_it_was_said_to(site: Site) -> None:
    browser = site.browser()
    made = browser.post(
        "/api/keys", json={"name": "old", "expires_at": "2020-01-01T00:00:00Z"}
    ).json()

    program = site.client(Authorization=f"Bearer {made['key']}")

    problem(program.get("/api/jobs"), 401, "key-invalid")


def test_nobody_revokes_anothers_key(site: Site) -> None:
    mine, other = site.browser(), site.browser()
    made = mine.post("/api/keys", json={"name": "mine"}).json()

    foreign = problem(other.delete(f"/api/keys/{made['id']}"), 404, "not-found")
    absent = problem(other.delete("/api/keys/key_0"), 404, "not-found")

    assert without_id(foreign) == without_id(absent)


SCOPED = [
    ("GET", "/api/jobs", "jobs:read"),
    ("GET", "/api/apps/acme-paint", "jobs:read"),
    ("GET", "/api/apps/acme-paint/colours", "jobs:read"),
    ("POST", f"{MAKE}/quote", "jobs:read"),
    ("POST", MAKE, "jobs:write"),
    ("POST", "/api/apps/acme-paint/colours", "jobs:write"),
    ("POST", "/api/jobs/job_0/cancel", "jobs:write"),
    ("GET", "/api/credits", "credits:read"),
    ("GET", "/api/credits/entries", "credits:read"),
    ("GET", "/api/keys", "account:write"),
    ("POST", "/api/keys", "account:write"),
]


@pytest.fixture(scope="module")
def scoped(site: Site) -> dict[str, TestClient]:
    """For each scope a program that has all the others."""
    browser, every = site.browser(), {scope for *_, scope in SCOPED}
    return {
        scope: site.program(browser, tuple(sorted(every - {scope}))) for scope in every
    }


@pytest.mark.parametrize(("method", "path", "scope"), SCOPED)
def test_a_key_needs_the_scope(
    scoped: dict[str, TestClient], method: str, path: str, scope: str
) -> None:
    body: dict[str, str] | None = None if method == "GET" else {}
    headers = {"Idempotency-Key": "1"}

    for lacking, program in scoped.items():
        answer = program.request(method, path, json=body, headers=headers)

        if lacking == scope:
            assert scope in problem(answer, 403, "scope-missing")["detail"]
        else:
            assert answer.status_code != 403, answer.text


def test_a_key_cannot_make_a_key_that_may_do_more(site: Site) -> None:
    narrow = site.program(site.browser(), ("account:write",))

    greedy = narrow.post("/api/keys", json={"name": "more", "scopes": ["jobs:write"]})
    equal = narrow.post("/api/keys", json={"name": "same", "scopes": ["account:write"]})

    problem(greedy, 403, "scope-missing")
    assert equal.status_code == 201


def test_nobody_gives_a_key_the_operators_scope_over_http(site: Site) -> None:
    operator = site.browser("operator")

    answer = operator.post("/api/keys", json={"name": "a", "scopes": ["operator"]})

    problem(answer, 422, "invalid-input")


EVIL = {"Origin": "https://evil.example"}
FOREIGN = [
    EVIL,
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8080"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_act_with_the_viewers_cookie(
    site: Site, headers: dict[str, str]
) -> None:
    browser = site.browser()

    for method, path in (("POST", MAKE), ("POST", "/api/auth/logout")):
        answer = browser.request(method, path, json={}, headers=headers)

        problem(answer, 403, "cross-origin")
    assert browser.get("/api/auth/me", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_sign_a_viewer_in(
    site: Site, headers: dict[str, str]
) -> None:
    who = {"email": "a@example.com", "password": PASSWORD}

    answer = site.client().post("/api/auth/login", json=who, headers=headers)

    problem(answer, 403, "cross-origin")


def test_our_own_pages_and_programs_with_keys_may_act(site: Site) -> None:
    browser = site.browser()
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}

    assert browser.post(f"{MAKE}/quote", json={}, headers=own).status_code == 200
    program = site.program(browser)
    assert program.post(f"{MAKE}/quote", json={}, headers=EVIL).status_code == 200


def test_another_site_cannot_listen_with_the_viewers_cookie(site: Site) -> None:
    browser = site.browser()

    with (
        pytest.raises(WebSocketDisconnect),
        browser.websocket_connect("/api/events/ws", headers=EVIL),
    ):
        pass


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


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(site: Site, wanted: str) -> None:
    form = {"email": me(site.browser())["email"], "password": PASSWORD, "next": wanted}

    answer = site.client().post("/login", data=form, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_signing_in_leads_where_the_viewer_wanted_to_go(site: Site) -> None:
    form = {"email": me(site.browser())["email"], "password": PASSWORD}

    answer = site.client().post(
        "/login", data={**form, "next": "/jobs?a=1"}, follow_redirects=False
    )

    assert answer.headers["location"] == "/jobs?a=1"
