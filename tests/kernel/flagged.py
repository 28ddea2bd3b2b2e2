"""A site with one app whose author has declared a flag, and words for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update
from starlette.testclient import TestClient
from tests.kernel.serving import serving
from tests.kernel.site import Site

from lumiku_kernel.store.tables import accounts, flags

PLUGIN = """
    def asked(call) -> bool:
        return call.flag("new")

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared(
            "acme-flags",
            flags=(Flag("new", description="A new brush.", expires="2020-01-31"),),
            routes=(Route("GET", "/asked", asked),),
        )
"""
KEY = "acme-flags.new"
SWITCH = "acme-flags.enabled"
WHY = {"reason": "a test"}
ROW = {
    "version": 1,
    "state": "on",
    "targets": {},
    "rules": [],
    "salt": "",
    "reason": "",
    "actor": "",
    "at": 0.0,
}
"""A flag that is on for everybody, but for its key."""


@contextmanager
def flagged(home: Path) -> Iterator[Site]:
    """A server with one app, whose author has declared a flag."""
    with serving(home, {"acme-flags": PLUGIN}) as site:
        yield site


def unset(site: Site) -> None:
    """Leave no flag set and no account behind but the operators'."""
    with site.host.store.write() as session:
        session.execute(delete(flags))
        session.execute(
            update(accounts).where(accounts.c.role == "user").values(disabled_at=1.0)
        )
    site.refresh()


def put(
    client: TestClient, key: str, version: int | None, query: str = "", **word: Any
) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    path = f"/api/admin/flags/{key}{query}"
    return client.put(path, json={**WHY, **word}, headers=headers)


def listed(client: TestClient, key: str) -> dict[str, Any]:
    items = client.get("/api/admin/flags").json()["items"]
    found: dict[str, Any] = next(one for one in items if one["key"] == key)
    return found
