"""Every route of the document, filled in with what somebody owns or nobody does."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from starlette.testclient import TestClient
from tests.kernel.site import Site

from lumiku_kernel.store.tables import artifacts, webhooks

METHODS = {"get", "post", "put", "patch", "delete"}
UNMADE = {"get /api/apps/acme-paint/boom"}  # it fails on purpose
MAKE = "/api/apps/acme-paint/make"


@dataclass(frozen=True)
class Route:
    """One operation of the document; `scope` is what a key needs, None if public."""

    method: str
    path: str
    scope: str | None
    body: dict[str, Any] | None

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.method} {self.path}"


def routes_of(document: dict[str, Any]) -> Any:
    for path, methods in document["paths"].items():
        for method in METHODS & methods.keys():
            operation = methods[method]
            needed = operation.get("security")
            scope = needed[0]["key"][0] if needed else None
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            found = Route(method, path, scope, resolved(document, body))
            if found.name not in UNMADE:
                yield found


def resolved(document: dict[str, Any], schema: Any) -> dict[str, Any] | None:
    if schema and "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"]
        return dict(found[schema["$ref"].rsplit("/", 1)[-1]])
    return schema  # type: ignore[no-any-return]


def owned_by(site: Site, owner: TestClient) -> dict[str, str]:
    """One of everything that has an owner, by the path that names it."""
    account = owner.get("/api/auth/me").json()["user"]["id"]
    job = owner.post(MAKE, json={}).json()["job"]["id"]
    values = {"account_id": account, "created_at": 0.0}
    blank: dict[type, Any] = {str: "", int: 0, float: 0.0, dict: {}, list: [], bool: 0}
    with site.host.store.write() as session:
        for table, ident in ((artifacts, "art_owned0001"), (webhooks, "whk_owned0001")):
            row = {
                column.name: blank.get(column.type.python_type, "")
                for column in table.c
                if not column.nullable
            }
            mine = {"id": ident, **values}
            row |= {name: mine[name] for name in mine if name in table.c}
            row |= {"job_id": job} if "job_id" in table.c else {}
            session.execute(insert(table).values(row))
    return {
        "/api/jobs/{job_id}": job,
        "/api/artifacts/{ident}": "art_owned0001",
        "/api/webhooks/{ident}": "whk_owned0001",
        "/api/keys/{ident}": owner.post("/api/keys", json={"name": "k"}).json()["id"],
        "/api/sessions/{ident}": owner.get("/api/sessions").json()["items"][0]["id"],
    }


def filled(path: str, known: dict[str, str]) -> tuple[str, bool]:
    """The path with ids in it, and whether it names something that has an owner."""
    for pattern, ident in known.items():
        if path.startswith(pattern):
            named = pattern[: pattern.index("{")] + ident + path[len(pattern) :]
            return re.sub(r"{\w+}", "nothing", named), True
    return re.sub(r"{\w+}", "nothing", path), False


def ask(client: TestClient, route: Route, path: str) -> Any:
    body: dict[str, str] | None = None if route.method == "get" else {}
    headers = {"Idempotency-Key": "matrix"}
    return client.request(route.method.upper(), path, json=body, headers=headers)


def told(answer: Any, ident: str) -> tuple[int, str]:
    """What an answer says, without its number and the id that was asked for."""
    text = re.sub(r'"request_id":\s*"\w+"', "", answer.text)
    return answer.status_code, text.replace(ident, "…")
