"""A program's key: shown once, for a time, for what its scope says."""

import pytest
from starlette.testclient import TestClient
from tests.kernel.guests import me
from tests.kernel.site import MAKE, Site, problem, without_id


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
