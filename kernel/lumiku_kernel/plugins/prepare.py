"""Brings plugins' tables and the kernel's record of them up to date."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from lumiku_contracts import Plugin
from lumiku_kernel.plugins import quarantine
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.registry import Registry, commit
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.migrate import (
    migrate_owner,
    pending,
    prefix_of,
    standing,
    version_table,
)
from lumiku_kernel.store.tables import plugins, processes

_DECLARATION = TypeAdapter(Plugin)
WORKING_SECONDS = 15.0
"""A worker process that was seen so lately runs."""
log = logging.getLogger(__name__)


def migrate_plugins(store: Store, registry: Registry) -> Registry:
    """Migrate each ready plugin apart; one that fails is rejected, alone."""

    def migrated(one: Loaded) -> Loaded:
        if one.state != "ready" or one.plugin is None or one.plugin.tables is None:
            return one
        try:
            migrate_owner(
                store, one.plugin.tables, version_table(one.id), prefix_of(one.id)
            )
        except Exception as error:
            return one.rejected("MIGRATION_FAILED", f"{type(error).__name__}: {error}")
        return one

    return commit([migrated(one) for one in registry.found])


def behind(store: Store, registry: Registry) -> bool:
    """Whether a ready plugin's tables, that are there already, are about to change."""
    for ident, plugin in registry.ready.items():
        if plugin.tables is None:
            continue
        try:
            found = standing(store, plugin.tables, version_table(ident))
        except Exception as error:  # `migrate_plugins` says so of the plugin
            log.debug("the revisions of %s: %s", ident, error)
            continue
        if found.applied is not None and found.lacking:
            return True
    return False


def checked(store: Store, registry: Registry) -> Registry:
    """Reject plugins whose tables are not migrated; nothing is changed."""

    def current(one: Loaded) -> Loaded:
        if one.state != "ready" or one.plugin is None or one.plugin.tables is None:
            return one
        try:
            missing = pending(store, one.plugin.tables, version_table(one.id))
        except Exception as error:
            return one.rejected("MIGRATION_FAILED", f"{type(error).__name__}: {error}")
        if not missing:
            return one
        reason = f"Revisions not applied: {', '.join(reversed(missing))}."
        return one.rejected("MIGRATION_PENDING", reason)

    return commit([current(one) for one in registry.found])


LIVE = frozenset({"SETUP_FAILED", "SETUP_RETRY", "HOOK_SWITCHED_OFF"})
"""Codes that server processes say of plugins while they run."""


def tell(
    store: Store, ident: str, state: str, code: str | None, reason: str | None
) -> None:
    """Write down what has become of a plugin since it was found."""
    mine = plugins.c.id == ident
    values = {"state": state, "code": code, "reason": reason}
    with store.write() as session:
        row = session.execute(select(plugins).where(mine)).mappings().first()
        if row is None or row["state"] == "quarantined":
            return
        if any(row[name] != value for name, value in values.items()):
            _update(session, ident, values)


def forgive(store: Store, planted: Collection[str]) -> None:
    """Take back that seeds have failed, of plugins whose seeds are planted now."""
    mine = plugins.c.id.in_(list(planted)) & (plugins.c.code == "SEED_FAILED")
    with store.write() as session:
        for ident in session.execute(select(plugins.c.id).where(mine)).scalars().all():
            _update(session, ident, {"state": "ready", "code": None, "reason": None})


def record(
    store: Store,
    found: Iterable[Loaded],
    *,
    keep: Collection[str] = (),
    waits: bool = False,
) -> None:
    """Write down what was found, so that others know it without importing.

    Only rows that differ are written: an unchanged start raises no epoch. A code in
    `keep` is for others to take back, as long as the version is the same. What is in
    quarantine is said to be. With `waits` a plugin's version is that of the worker
    processes that run, until one has the new one: servers of the release before send
    jobs to workers of the version that is written down only.
    """
    with store.write() as session:
        held = [_held(session, one) for one in found]
        wanted = {one.id: _row(one) for one in held}
        rows = session.execute(select(*(plugins.c[name] for name in _COLUMNS)))
        stored = {row["id"]: dict(row) for row in rows.mappings()}
        running = _running(session) if waits else {}
        for ident, row in wanted.items():
            if row["code"] == "DISABLED" and ident in stored:
                row["declaration"] = stored[ident]["declaration"]
            if ident not in stored:
                session.execute(insert(plugins).values(**row, seen_at=now()))
                continue
            if row["state"] == "missing":  # what it was stays known
                lasting = ("dist", "version", "declaration")
                row |= {name: stored[ident][name] for name in lasting}
            row["version"] = _settled(stored[ident], row, running.get(ident, ()))
            if stored[ident] != row:
                same = stored[ident]["version"] == row["version"]
                if not (same and _stays(stored[ident]["code"], row["code"], keep)):
                    _update(session, ident, row)
        for ident in stored.keys() - wanted.keys():
            if stored[ident]["dist"] == "?":  # it was never here, only expected
                session.execute(delete(plugins).where(plugins.c.id == ident))
            elif stored[ident]["code"] != "NOT_INSTALLED":
                reason = f"The distribution {stored[ident]['dist']} is gone."
                gone = {"state": "missing", "code": "NOT_INSTALLED", "reason": reason}
                _update(session, ident, gone)


def _running(session: Session) -> dict[str, set[str]]:
    """The versions of each plugin that living worker processes have."""
    alive = (processes.c.role == "worker") & (
        processes.c.seen_at > now() - WORKING_SECONDS
    )
    found: dict[str, set[str]] = {}
    for having in session.execute(select(processes.c.plugins).where(alive)).scalars():
        for ident, version in having.items():
            found.setdefault(ident, set()).add(version)
    return found


def _settled(
    stored: dict[str, Any], row: dict[str, Any], running: Collection[str]
) -> str:
    """The version to write: what runs, as long as nobody runs the new one."""
    old: str = stored["version"]
    new: str = row["version"]
    return old if old in running and new not in running else new


def _update(session: Session, ident: str, values: dict[str, Any]) -> None:
    mine = update(plugins).where(plugins.c.id == ident)
    session.execute(mine.values(**values, seen_at=now()))


def _stays(stored: str | None, fresh: str | None, keep: Collection[str]) -> bool:
    """Whether what is stored says more than what was found now."""
    if fresh == "MIGRATION_PENDING":
        return stored == "MIGRATION_FAILED"
    return fresh is None and stored in keep


def _held(session: Session, one: Loaded) -> Loaded:
    until = quarantine.until(session, quarantine.Version.of(one))
    if one.state != "ready" or until is None:
        return one
    reason = quarantine.reason(until)
    return replace(one, state="quarantined", code="QUARANTINED", reason=reason)


_COLUMNS = ("id", "dist", "version", "state", "code", "reason", "declaration")


def _row(one: Loaded) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _COLUMNS if name != "declaration"}
    document = (
        None
        if one.plugin is None
        else _DECLARATION.dump_python(one.plugin, mode="json")
    )
    return {**row, "declaration": document}
