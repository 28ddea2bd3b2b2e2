"""Whoever leaves takes what is theirs along, and is forgotten by all but the ledger."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from starlette.testclient import TestClient
from tests.kernel.shop import Shop
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.doctor import examine
from lumiku_kernel.jobs import leave
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.ledger import verify
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.tables import (
    accounts,
    api_keys,
    artifacts,
    audits,
    jobs,
    ledger_txns,
    processes,
    sessions,
    uploads,
)
from lumiku_kernel.web.app import build

KEEPER = """
    import pathlib
    SEEN = pathlib.Path(__file__).parent / "seen"

    @hookimpl
    def lumiku_account_export(ctx, account):
        return {"mine": [account]}

    @hookimpl
    def lumiku_account_deleted(ctx, account):
        if (SEEN.parent / "broken").exists():
            raise RuntimeError("the keeper is broken")
        SEEN.write_text(account)

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared("acme-keeper")
"""


@pytest.fixture
def site(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """With one app that keeps something of everybody."""
    del monkeypatch
    shop.install("acme-keeper", KEEPER)
    settings = Settings(data_dir=tmp_path / "data", plugins="acme-keeper")
    store = Store(settings.database)
    prepare(settings, store)
    store.close()
    host = Host(settings, "server")
    Presence(host.store, settings, "worker", host.registry, None).appear()
    with host.store.write() as session:
        session.execute(update(processes).values(seen_at=9_999_999_999.0))
    host.watch.refresh()
    yield Site(build(host), host)
    host.store.close()


def ident_of(client: TestClient) -> str:
    return str(client.get("/api/auth/me").json()["user"]["id"])


def job_of(client: TestClient) -> str:
    made = client.post("/api/apps/acme-keeper/make", json={"text": "mine"})
    assert made.status_code == 202, made.text
    return str(made.json()["job"]["id"])


def upload_of(site: Site, account: str) -> str:
    """A picture of theirs on the shelf; its key."""
    made = site.host.shelf.bench / "made"
    made.write_bytes(b"a picture")
    key = site.host.shelf.keep(made, job_id=account, name="1", media_type="image/png")
    row: dict[str, Any] = {"id": new_id("upl"), "account_id": account, "key": key}
    row |= {"sha256": "x", "size": 9, "media_type": "image/png", "width": 1}
    with site.host.store.write() as session:
        session.execute(insert(uploads).values(**row, height=1, created_at=now()))
    return key


def count(site: Site, table: Any, ident: str) -> int:
    many = select(func.count()).select_from(table).where(table.c.account_id == ident)
    with site.host.store.read() as session:
        return int(session.execute(many).scalar_one())


def remove(client: TestClient, **body: str) -> Any:
    return client.request("DELETE", "/api/account", json=body)


def test_an_export_has_rows_files_and_what_plugins_keep(site: Site) -> None:
    client = site.browser()
    ident, job_id = ident_of(client), job_of(client)
    upload_of(site, ident)

    answer = client.get("/api/account/export")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    texts = {name: archive.read(name).decode() for name in archive.namelist()}

    assert archive.testzip() is None
    assert json.loads(texts["profile.json"])["id"] == ident
    assert json.loads(texts["jobs.jsonl"])["id"] == job_id
    assert json.loads(texts["events.jsonl"])["type"] == "queued"
    assert "welcome" in texts["ledger.jsonl"]
    assert json.loads(texts["plugins/acme-keeper.json"]) == {"mine": [ident]}
    assert "a picture" in [texts[name] for name in texts if name.startswith("uploads/")]
    assert "token_hash" not in texts["sessions.jsonl"]


def test_nothing_is_left_of_who_leaves_but_the_ledger(site: Site, shop: Shop) -> None:
    client, other = site.browser(), site.browser()
    email = client.get("/api/auth/me").json()["user"]["email"]
    ident, kept = ident_of(client), job_of(other)
    job_of(client)
    program = site.program(client)
    key = upload_of(site, ident)
    moved = count(site, ledger_txns, ident)

    answer = remove(client, password=PASSWORD)

    assert (answer.status_code, answer.json()["done"]) == (202, True)
    for table in (jobs, artifacts, uploads, sessions, api_keys):
        assert count(site, table, ident) == 0
    assert site.host.shelf.size(key) is None
    assert count(site, ledger_txns, ident) == moved + 1  # the job's release
    assert (shop.folder / "seen").read_text() == ident
    assert client.get("/api/auth/me").status_code == 401
    assert program.get("/api/jobs").status_code == 401
    assert other.get(f"/api/jobs/{kept}").status_code == 200
    again = {"email": email, "password": PASSWORD}
    assert site.client().post("/api/auth/register", json=again).status_code == 201
    assert {one.level for one in verify.verify(site.host.store)} == {"ok"}


def test_a_plugin_that_fails_is_asked_again_and_named(site: Site, shop: Shop) -> None:
    (shop.folder / "broken").touch()
    client = site.browser()
    ident = ident_of(client)

    answer = remove(client, password=PASSWORD)
    host = site.host
    told = [one for one in examine(host.settings, host.store) if one.check == "A04"]
    waiting = leave.leaving(host.store)
    (shop.folder / "broken").unlink()
    done = leave.go_on(host.store, host.shelf, host.registry, ident)

    assert answer.json()["done"] is False
    assert [one.level for one in told] == ["error"]
    assert "the keeper is broken" in told[0].cause
    assert (waiting, done, leave.leaving(host.store)) == ([ident], True, [])
    assert (shop.folder / "seen").read_text() == ident


def test_a_job_that_runs_ends_before_it_is_forgotten(site: Site) -> None:
    client = site.browser()
    ident, job_id = ident_of(client), job_of(client)
    running = {"state": "running", "epoch": 1, "lease_until": 9_999_999_999.0}
    with site.host.store.write() as session:
        session.execute(update(jobs).where(jobs.c.id == job_id).values(**running))

    answer = remove(client, password=PASSWORD)
    with site.host.store.read() as session:
        row = session.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one()

    assert answer.json()["done"] is False
    assert row["cancel_requested_at"] is not None
    assert leave.leaving(site.host.store) == [ident]


def test_leaving_takes_the_password_or_a_fresh_session(site: Site) -> None:
    client = site.browser()
    with site.host.store.write() as session:
        session.execute(update(sessions).values(created_at=now() - 3600))

    problem(remove(client), 403, "confirmation-needed")
    problem(remove(client, password=PASSWORD[::-1]), 403, "password-wrong")
    problem(remove(site.program(client)), 403, "confirmation-needed")
    assert client.get("/api/auth/me").status_code == 200
    with site.host.store.write() as session:
        session.execute(update(sessions).values(created_at=now()))
    assert remove(client).status_code == 202


def test_operators_export_and_delete_with_a_reason_that_is_kept(site: Site) -> None:
    operator, viewer = site.browser("operator"), site.browser()
    ident = ident_of(viewer)
    path = f"/api/admin/users/{ident}"

    assert operator.get(f"{path}/export").content[:2] == b"PK"
    assert viewer.get(f"{path}/export").status_code == 403
    answer = operator.request("DELETE", path, json={"reason": "they wrote to us"})
    with site.host.store.read() as session:
        mine = select(audits.c.action, audits.c.reason).where(audits.c.subject == ident)
        said = session.execute(mine).all()

    assert answer.json() == {"id": ident, "done": True}
    assert [row.action for row in said] == ["user.export", "user.delete"]
    assert said[1].reason == "they wrote to us"


def test_the_last_operator_stays(site: Site) -> None:
    with site.host.store.write() as session:
        session.execute(update(accounts).values(role="user"))
    only = site.browser("operator")

    problem(remove(only, password=PASSWORD), 409, "last-operator")
    assert only.get("/api/auth/me").status_code == 200


def test_a_job_accepted_in_the_moment_of_leaving_is_forgotten_too(site: Site) -> None:
    client, other = site.browser(), site.browser()
    ident, job_id = ident_of(client), job_of(other)
    remove(client, password=PASSWORD)
    host = site.host
    with host.store.write() as session:
        late = {"account_id": ident, "state": "succeeded"}
        session.execute(update(jobs).where(jobs.c.id == job_id).values(**late))

    assert leave.leaving(host.store) == [ident]
    assert leave.go_on(host.store, host.shelf, host.registry, ident)
    assert count(site, jobs, ident) == 0
