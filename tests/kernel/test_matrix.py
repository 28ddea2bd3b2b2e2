"""Every route of the document, asked by everybody: nobody gets what is not theirs."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.kernel.routes import MAKE, Route, ask, filled, owned_by, routes_of, told
from tests.kernel.site import Site

from lumiku_kernel.accounts.keys import OPERATOR, SCOPES
from lumiku_kernel.store.tables import metadata

PUBLIC = {
    ("get", "/livez"),
    ("get", "/readyz"),
    ("get", "/health"),
    ("post", "/api/auth/register"),
    ("post", "/api/auth/login"),
    ("post", "/api/auth/logout"),
    ("get", "/api/apps"),
    ("get", "/api/apps/acme-paint/radio"),
    ("get", "/files/{token}"),
}
"""What strangers may ask. A route is added here when that is meant."""


@dataclass(frozen=True)
class World:
    """Everybody who asks, and what one of them owns."""

    routes: list[Route]
    owned: dict[str, str]
    absent: dict[str, str]
    nobody: TestClient
    other: TestClient
    operator: TestClient
    revoked: TestClient
    owner: TestClient
    keys: dict[str, TestClient]


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    document = site.client().get("/openapi.json").json()
    owner, other = site.browser(), site.browser()
    operator = site.browser("operator", "enterprise")
    made = owner.post("/api/keys", json={"name": "gone"}).json()
    owner.delete(f"/api/keys/{made['id']}").raise_for_status()
    operators = site.browser("operator")
    keys = {scope: site.program(operators, (scope,)) for scope in (*SCOPES, OPERATOR)}
    owned = owned_by(site, owner)
    return World(
        routes=list(routes_of(document)),
        owned=owned,
        absent={name: f"{ident[:-4]}0000" for name, ident in owned.items()},
        nobody=site.client(),
        other=other,
        operator=operator,
        revoked=site.client(Authorization=f"Bearer {made['key']}"),
        owner=owner,
        keys=keys,
    )


def test_what_strangers_may_ask_is_named_here(world: World) -> None:
    public = {(one.method, one.path) for one in world.routes if one.scope is None}

    assert public == PUBLIC


def test_a_stranger_and_a_revoked_key_are_asked_who_they_are(world: World) -> None:
    for route in world.routes:
        if route.scope is None:
            continue
        path, _ = filled(route.path, world.owned)
        for client in (world.nobody, world.revoked):
            answer = ask(client, route, path)

            assert answer.status_code == 401, (route.name, answer.text)


def test_a_key_without_the_scope_gets_nothing(world: World) -> None:
    for route in world.routes:
        path, _ = filled(route.path, world.absent)
        for scope, program in world.keys.items():
            answer = ask(program, route, path) if "stream" not in route.path else None
            if route.scope in (None, scope) or answer is None:
                continue
            assert answer.status_code == 403, (route.name, scope, answer.text)
            code = answer.json()["code"]
            assert code == ("operator-only" if route.scope == OPERATOR else SCOPE)


SCOPE = "scope-missing"


def test_viewers_get_nothing_that_is_for_operators(world: World) -> None:
    for route in world.routes:
        if route.scope == OPERATOR or route.path == "/api/apps/acme-paint/staff":
            path, _ = filled(route.path, world.absent)

            answer = ask(world.other, route, path)

            assert answer.status_code == 403, (route.name, answer.text)
            assert answer.json()["code"] == "operator-only"


@pytest.mark.parametrize("who", ["other", "operator"])
def test_what_is_anothers_is_as_if_it_were_not(world: World, who: str) -> None:
    client: TestClient = getattr(world, who)
    looked = 0
    for route in world.routes:
        theirs, has_owner = filled(route.path, world.owned)
        if not has_owner:
            continue
        nobodys, _ = filled(route.path, world.absent)
        looked += 1
        ids = chain(world.owned.values(), world.absent.values())
        ident = next(one for one in ids if f"/{one}" in theirs)
        missing = next(one for one in world.absent.values() if f"/{one}" in nobodys)

        foreign, absent = (ask(client, route, path) for path in (theirs, nobodys))

        assert foreign.status_code >= 400, (route.name, foreign.text)
        assert told(foreign, ident) == told(absent, missing), route.name
    assert looked >= len(world.owned)


def test_the_owner_can_read_what_is_theirs(world: World) -> None:
    for route in world.routes:
        path, has_owner = filled(route.path, world.owned)
        if route.method != "get" or not has_owner:
            continue
        if "artifacts" in path or path.endswith("/zip"):  # its file is not there
            continue
        if "stream" in path:  # it would go on until the job ends
            continue
        assert ask(world.owner, route, path).status_code == 200, route.name


ODD = [
    "//api/admin/users",
    "/api//admin/users",
    "/api/admin/users/",
    "/API/ADMIN/USERS",
    "/api/%61dmin/users",
    "/api/admin%2fusers",
    "/api/jobs/..%2fadmin%2fusers",
    "/api/jobs/../admin/users",
    "/api/./admin/users",
    "/api/admin/users;a=b",
    "/api/admin/users%00",
    "/api/admin/users%20",
    "/api/admin\\users",
]


@pytest.mark.parametrize("path", ODD)
def test_no_spelling_of_a_path_opens_it(world: World, path: str) -> None:
    request = world.other.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())

    answer = world.other.send(request, follow_redirects=True)

    assert answer.status_code >= 400
    assert '"items"' not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "PATCH"},
        {"X-Original-URL": "/api/admin/users"},
        {"X-Rewrite-URL": "/api/admin/users"},
        {"X-Forwarded-User": "operator"},
        {"X-Viewer": "operator"},
    ],
)
def test_no_header_opens_anything(world: World, headers: dict[str, str]) -> None:
    for path in ("/api/admin/users", "/api/jobs"):
        plain, odd = (world.other.get(path, headers=more) for more in ({}, headers))

        assert plain.status_code == odd.status_code
        assert "operator" not in odd.text or odd.status_code == 403


def columns() -> set[str]:
    return {column.name for table in metadata.tables.values() for column in table.c}


def test_no_write_takes_a_column_that_it_does_not_declare(
    site: Site, world: World
) -> None:
    watched = ("account", "api_key", "balance", "session", "model_override", "flag")
    before = rows(site, watched)
    asked = 0
    for route in world.routes:
        declared = (route.body or {}).get("properties")
        if route.body is None or declared is None or "acme" in route.path:
            continue
        asked += 1
        foreign = sorted(columns() - declared.keys())
        path, _ = filled(route.path, world.absent)
        body = dict.fromkeys(foreign, 1)
        headers = {"If-Match": '"1"'}

        answer = world.operator.request(
            route.method.upper(), path, json=body, headers=headers
        )

        assert answer.status_code == 422, (route.name, answer.text)
        faults = answer.json()["errors"]
        refused = {one["field"] for one in faults if one["code"] == "extra_forbidden"}
        assert refused == set(foreign), route.name
    assert asked >= 10
    assert rows(site, watched) == before


def test_a_request_to_an_app_sets_nothing_but_its_input(world: World) -> None:
    stolen = world.owned["/api/jobs/{job_id}"]
    body = dict.fromkeys(columns() - {"model", "text"}, 0) | {"id": stolen}

    answer = world.other.post(MAKE, json={**body, "account_id": "usr_0", "price": 0})

    if answer.status_code == 202:
        job = answer.json()["job"]
        assert job["price"] == 3
        assert job["id"] != stolen
        assert job["state"] == "queued"
    else:
        assert answer.status_code == 422


def rows(site: Site, tables: tuple[str, ...]) -> dict[str, list[Any]]:
    with site.host.store.read() as session:
        return {
            name: [
                tuple(row)
                for row in session.execute(
                    select(
                        *(
                            one
                            for one in metadata.tables[name].c
                            if not one.name.endswith("_at")
                        )
                    )
                )
            ]
            for name in tables
        }
