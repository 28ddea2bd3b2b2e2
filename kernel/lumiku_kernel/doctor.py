"""Looks at everything that can keep an app from running; each line names its cure."""

import shutil
from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.accounts import users
from lumiku_kernel.errors import Finding
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.settings import Settings, unknown_names
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.migrate import KERNEL, KERNEL_VERSIONS, pending
from lumiku_kernel.store.tables import jobs
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import evaluate
from lumiku_kernel.visibility.watch import take

LEAST_FREE = 200 * 1024 * 1024
"""Bytes below which the disk is said to be nearly full."""
OLD_SECONDS = 120.0
"""A queued job older than this is waiting for somebody who does not come."""

Check = Callable[[Settings, Store, Snapshot], Iterator[Finding]]


def examine(settings: Settings, store: Store) -> list[Finding]:
    """Every check, in the order in which a start would fail."""
    schema = list(_schema(store))
    if any(one.level == "error" for one in schema):
        return schema  # nothing else can be asked of such a database
    return schema + [
        one
        for check in (*CHEAP, *COSTLY)
        for one in check(settings, store, take(store))
    ]


def ready(settings: Settings, store: Store, snapshot: Snapshot) -> list[Finding]:
    """The cheap checks, for `/readyz`."""
    return [one for check in CHEAP for one in check(settings, store, snapshot)]


def _schema(store: Store) -> Iterator[Finding]:
    lacking = pending(store, KERNEL, KERNEL_VERSIONS)
    if lacking:
        cause = f"The database lacks the revisions {', '.join(reversed(lacking))}."
        yield Finding("schema", "error", cause, "lumiku migrate")
    else:
        yield Finding("schema", "ok", "The kernel's tables are up to date.")


def _plugins(
    _settings: Settings, _store: Store, snapshot: Snapshot
) -> Iterator[Finding]:
    plugins = snapshot.configuration.plugins.values()
    for one in plugins:
        if one.state == "rejected":
            cause = f"The plugin {one.id} was rejected: {one.code}. {one.reason}"
            yield Finding("plugin", "error", cause, f"lumiku why {one.id}")
    for one in plugins:
        if one.state == "left-out":
            yield Finding("plugin", "ok", f"{one.id} is left out: {one.reason}")
    well = [one.id for one in plugins if one.state == "ready"]
    yield Finding("plugin", "ok", f"{len(well)} plugins are ready: {', '.join(well)}.")


def _workers(
    _settings: Settings, _store: Store, snapshot: Snapshot
) -> Iterator[Finding]:
    alive = snapshot.presence.alive("worker")
    if alive:
        yield Finding("worker", "ok", f"{len(alive)} worker processes are alive.")
    else:
        cause = "No worker process is alive: jobs are refused before any charge."
        yield Finding("worker", "error", cause, "lumiku work")


def _apps(_settings: Settings, _store: Store, snapshot: Snapshot) -> Iterator[Finding]:
    told: set[str] = set()
    for tier in Tier:
        for app, verdict in evaluate(snapshot, Viewer("usr_", tier)).items():
            if snapshot.configuration.plugins[app].state == "left-out":
                continue
            if tier == Tier.FREE and verdict.visible:
                yield Finding("app", "ok", f"{app} is seen by every tier.")
            if tier == Tier.ENTERPRISE and not verdict.visible:
                first = verdict.blocking[0]
                cause = f"{app} is seen by nobody: {first.code}. {first.detail}"
                fix = first.fix.command if first.fix else f"lumiku why {app}"
                yield Finding("app", "error", cause, fix)
            for dead in verdict.dead if tier == Tier.ENTERPRISE else ():
                gate = dead.gate
                key = gate.detail if gate else ""
                if verdict.visible and f"{app} {key}" not in told:
                    told.add(f"{app} {key}")
                    same = [d for d in verdict.dead if d.gate and d.gate.detail == key]
                    cause = (
                        f"{len(same)} of {len(verdict.models)} models of {app} are "
                        f"usable by nobody: {key}"
                    )
                    fix = gate.fix.command if gate and gate.fix else f"lumiku why {app}"
                    yield Finding("models", "error", cause, fix)
    yield from _hidden_for_free(snapshot)


def _hidden_for_free(snapshot: Snapshot) -> Iterator[Finding]:
    free = evaluate(snapshot, Viewer("usr_", Tier.FREE))
    best = evaluate(snapshot, Viewer("usr_", Tier.ENTERPRISE))
    for app, verdict in free.items():
        if not verdict.visible and best[app].visible:
            first = verdict.blocking[0]
            cause = f"{app} is hidden from the tier free: {first.code}. {first.detail}"
            fix = first.fix.command if first.fix else f"lumiku why {app}"
            yield Finding("app", "warn", cause, fix)


def _models(
    _settings: Settings, _store: Store, snapshot: Snapshot
) -> Iterator[Finding]:
    for one in snapshot.configuration.plugins.values():
        declared = len(one.declaration.get("models", ()))
        stored = len(snapshot.configuration.models.get(one.id, ()))
        if one.state == "ready" and declared != stored:
            cause = f"{one.id} declares {declared} models; {stored} are stored."
            yield Finding("models", "error", cause, "lumiku seed")


def _queue(_settings: Settings, store: Store, _snapshot: Snapshot) -> Iterator[Finding]:
    old = (jobs.c.state == "queued") & (jobs.c.created_at < now() - OLD_SECONDS)
    with store.read() as session:
        count = session.execute(select(func.count()).where(old)).scalar_one()
    if count:
        cause = f"{count} jobs have been queued for more than {OLD_SECONDS:.0f} s."
        yield Finding("queue", "warn", cause, "lumiku jobs list --state queued")


def _disk(settings: Settings, _store: Store, _snapshot: Snapshot) -> Iterator[Finding]:
    folder = settings.data_dir.resolve()
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    level = "ok" if free > LEAST_FREE else "error"
    cause = f"{free // 2**20} MiB are free in {folder}."
    yield Finding(
        "disk", level, cause, "" if level == "ok" else "free some space there"
    )


def _settings_known(
    _settings: Settings, _store: Store, snapshot: Snapshot
) -> Iterator[Finding]:
    for told in unknown_names(tuple(snapshot.configuration.plugins)):
        yield Finding("settings", "warn", told, "lumiku config")


def _operator(
    _settings: Settings, store: Store, _snapshot: Snapshot
) -> Iterator[Finding]:
    with store.read() as session:
        there = users.first_operator(session)
    if there is None:
        cause = "There is no operator."
        yield Finding(
            "operator", "error", cause, "lumiku users create EMAIL --role operator"
        )
    else:
        yield Finding("operator", "ok", f"{there['email']} is an operator.")


def _invariants(
    _settings: Settings, store: Store, _snapshot: Snapshot
) -> Iterator[Finding]:
    broken = [one for one in verify(store) if one.level == "error"]
    for one in broken:
        yield Finding("verify", "error", one.cause, "lumiku verify")
    if not broken:
        yield Finding("verify", "ok", "Credits, jobs and artifacts add up.")


CHEAP: tuple[Check, ...] = (_plugins, _models, _apps, _workers, _disk)
COSTLY: tuple[Check, ...] = (_queue, _settings_known, _operator, _invariants)
