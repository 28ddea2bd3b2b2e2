"""All that is kept of an account, as a ZIP made while it is read."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.sql import FromClause

from lumiku_kernel.accounts import users
from lumiku_kernel.clock import iso
from lumiku_kernel.jobs.artifacts import Shelf, Unkept
from lumiku_kernel.jobs.bundle import Wire
from lumiku_kernel.jobs.farewell import kept_by
from lumiku_kernel.ledger.statement import lines
from lumiku_kernel.plugins import Registry
from lumiku_kernel.store import Store, tables
from lumiku_kernel.store.tables import artifacts, job_events, jobs, uploads

PAGE = 200
LISTED = ("jobs", "artifacts", "uploads", "webhooks", "api_keys", "sessions")
HIDDEN = frozenset({"secret", "previous_secret", "secret_hash", "token_hash", "key"})
PROFILE = ("id", "email", "name", "tier", "role", "created_at")


def export(
    store: Store, shelf: Shelf, registry: Registry, account_id: str
) -> Iterator[bytes]:
    """The bytes of a ZIP: JSON of rows, files, and each plugin's own JSON.

    What could not be read is named in `incomplete.json`.
    """
    wire, lacking = Wire(), {}
    with zipfile.ZipFile(wire, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in _texts(store, account_id):
            with archive.open(name, "w") as file:
                for part in parts:
                    file.write(part.encode())
                    yield wire.taken()
        for folder, key, ident in _files(store, account_id):
            name = f"{folder}/{ident}{PurePath(key).suffix}"
            try:
                chunks = shelf.read(key)
                with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                    for chunk in chunks:
                        file.write(chunk)
                        yield wire.taken()
            except (FileNotFoundError, Unkept) as error:
                lacking[name] = type(error).__name__
        for plugin, made, fault in kept_by(registry, store, account_id):
            if made is not None:
                archive.writestr(f"plugins/{plugin}.json", made)
            else:
                lacking[f"plugins/{plugin}.json"] = fault or ""
            yield wire.taken()
        if lacking:
            archive.writestr("incomplete.json", json.dumps(lacking, indent=1))
    yield wire.taken()


def _texts(store: Store, account_id: str) -> Iterator[tuple[str, Iterator[str]]]:
    with store.read() as session:
        account = users.get(session, account_id)
    profile = {name: account[name] for name in PROFILE}
    profile["created_at"] = iso(profile["created_at"])
    yield "profile.json", iter([json.dumps(profile, indent=1)])
    for name in LISTED:
        yield f"{name}.jsonl", _rows(store, getattr(tables, name), account_id)
    yield "events.jsonl", _events(store, account_id)
    yield "ledger.jsonl", _ledger(store, account_id)


def _rows(store: Store, table: FromClause, account_id: str) -> Iterator[str]:
    """A table's rows of an account, a line each, without what is secret."""
    shown = [column for column in table.c if column.name not in HIDDEN]
    after = ""
    while True:
        page = (
            select(*shown)
            .where(table.c.account_id == account_id, table.c.id > after)
            .order_by(table.c.id)
            .limit(PAGE)
        )
        with store.read() as session:
            rows = [dict(row) for row in session.execute(page).mappings()]
        for row in rows:
            after = row["id"]
            yield json.dumps(row, ensure_ascii=False, default=str) + "\n"
        if len(rows) < PAGE:
            return


def _events(store: Store, account_id: str) -> Iterator[str]:
    last = ("", 0)
    mine = jobs.c.account_id == account_id
    while True:
        place = (job_events.c.job_id > last[0]) | (
            (job_events.c.job_id == last[0]) & (job_events.c.seq > last[1])
        )
        page = (
            select(job_events)
            .join(jobs, jobs.c.id == job_events.c.job_id)
            .where(mine, place)
            .order_by(job_events.c.job_id, job_events.c.seq)
            .limit(PAGE)
        )
        with store.read() as session:
            rows = [dict(row) for row in session.execute(page).mappings()]
        for row in rows:
            last = (row["job_id"], row["seq"])
            yield json.dumps(row, ensure_ascii=False) + "\n"
        if len(rows) < PAGE:
            return


def _ledger(store: Store, account_id: str) -> Iterator[str]:
    before: str | None = None
    while True:
        with store.read() as session:
            rows = lines(session, account_id, limit=PAGE, before=before)
        for row in rows:
            before = row["id"]
            yield json.dumps(row, ensure_ascii=False) + "\n"
        if len(rows) < PAGE:
            return


def _files(store: Store, account_id: str) -> list[tuple[str, str, str]]:
    found = []
    with store.read() as session:
        for folder, table in (("artifacts", artifacts), ("uploads", uploads)):
            mine = table.c.account_id == account_id
            rows = session.execute(select(table.c.key, table.c.id).where(mine))
            found += [(folder, row.key, row.id) for row in rows]
    return found
