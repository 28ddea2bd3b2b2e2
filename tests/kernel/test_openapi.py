"""The API's document is valid, complete, and true."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient
from tests.kernel.shop import Shop
from tests.kernel.site import Site

from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.web.api import start
from lumiku_kernel.web.app import KERNEL
from lumiku_kernel.web.app import document as document_of

METHODS = {"get", "post", "put", "patch", "delete"}
NOWHERE = "There is nothing here."


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.client().get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")

    validate(document)


def test_it_has_every_endpoint_of_the_kernel(document: dict[str, Any]) -> None:
    told = {(method.upper(), path) for method, path, _ in operations(document)}

    assert {(one.method, one.path) for one in KERNEL} <= told


def test_it_has_the_routes_and_workers_of_plugins(document: dict[str, Any]) -> None:
    paths = document["paths"]

    assert {"get", "post"} <= paths["/api/apps/acme-paint/colours"].keys()
    start = paths["/api/apps/acme-paint/make"]["post"]
    schema = start["requestBody"]["content"]["application/json"]["schema"]
    assert {"text", "model"} <= schema["properties"].keys()
    assert "post" in paths["/api/apps/acme-paint/make/quote"]


def test_every_operation_says_what_it_does_and_how_it_fails(
    document: dict[str, Any],
) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        failure = operation["responses"]["default"]["content"]
        assert list(failure) == ["application/problem+json"], (method, path)
        assert [code for code in operation["responses"] if code != "default"]


def test_what_is_closed_to_strangers_is_said_to_be(
    site: Site, document: dict[str, Any]
) -> None:
    stranger = site.client()

    for method, path, operation in operations(document):
        answer = stranger.request(method, concrete(path), json={})
        closed = answer.status_code == 401
        login = path == "/api/auth/login"  # whose failure is a 401 of its own

        assert closed == ("security" in operation) or login, (method, path)


def concrete(path: str) -> str:
    return re.sub(r"{\w+}", "nothing", path)


def test_every_path_answers(site: Site, document: dict[str, Any]) -> None:
    """Nothing in the document is nowhere, and nothing breaks on an empty request."""
    callers: list[TestClient] = [
        site.client(),
        site.browser(),
        site.browser("operator"),
    ]
    for method, path, _ in operations(document):
        for caller in callers:
            body: dict[str, str] | None = None if method == "get" else {}
            answer = caller.request(method, concrete(path), json=body)
            if "boom" in path:  # it breaks on purpose
                continue

            assert answer.status_code < 500, (method, path, answer.text)
            assert answer.status_code != 405, (method, path)
            assert NOWHERE not in answer.text, (method, path)


def test_the_kernels_starting_routes_are_documented_for_each_worker() -> None:
    paths = {one.path for one in start.ENDPOINTS}

    assert paths == {"/api/apps/{app}/{worker}", "/api/apps/{app}/{worker}/quote"}


SIZED = """
    class Size(BaseModel):
        {field}: int

    class Asked(BaseModel):
        size: Size

    def told(call, query: Asked, body: Asked) -> Size:
        return body.size

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared(
            {ident!r},
            workers=(Worker("make", accepts=Asked, run="a:b"),),
            routes=(Route("PUT", "/size", told),),
        )
"""


def test_types_of_one_name_in_two_plugins_are_two_types(shop: Shop) -> None:
    fields = {"acme-one": "metres", "acme-two": "inches"}
    for ident, field in fields.items():
        shop.install(ident, SIZED.format(ident=ident, field=field))

    made = document_of(commit(discover(points=shop.points)))

    validate(made)
    for ident, field in fields.items():
        paths = made["paths"]
        start = paths[f"/api/apps/{ident}/make"]["post"]
        asked = start["requestBody"]["content"]["application/json"]["schema"]
        assert field in followed(made, asked["properties"]["size"])["properties"]
        put = paths[f"/api/apps/{ident}/size"]["put"]
        answer = put["responses"]["200"]["content"]["application/json"]["schema"]
        assert field in followed(made, answer)["properties"]
        (parameter,) = [one for one in put["parameters"] if one["in"] == "query"]
        assert field in followed(made, parameter["schema"])["properties"]


def followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, wherever it lies."""
    found: dict[str, Any] = schema
    while "$ref" in found:
        found = document["components"]["schemas"][found["$ref"].split("/")[-1]]
    return found
