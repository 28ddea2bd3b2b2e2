"""Brings a database up to this release: tables, plugins' tables, models, seeds."""

import shutil
from dataclasses import dataclass, field
from importlib.metadata import version

from lumiku_contracts import Tier
from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.catalogue.models import Change, reconcile
from lumiku_kernel.catalogue.seeds import plant
from lumiku_kernel.ledger.post import grant, open_purses
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.plugins.prepare import forgive, migrate_plugins, record, tell
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, sentinel
from lumiku_kernel.store.migrate import KERNEL, KERNEL_VERSIONS, migrate_kernel, pending

OPERATOR = "operator@lumiku.local"
OPERATOR_CREDITS = 1000


@dataclass(slots=True)
class Prepared:
    """What was done."""

    registry: Registry
    revisions: list[str] = field(default_factory=list)
    models: list[Change] = field(default_factory=list)
    seeds: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def migrate(settings: Settings, store: Store) -> Prepared:
    """Migrate the kernel, then each plugin apart, and record what was found.

    A SQLite database is copied first, if its schema is about to change.
    """
    _back_up(store)
    revisions = migrate_kernel(store)
    registry = migrate_plugins(store, load(settings, store))
    record(store, registry.found)
    sentinel.settle(store, settings.data_dir.resolve())
    return Prepared(registry, revisions)


def prepare(settings: Settings, store: Store) -> Prepared:
    """Migrate, reconcile models and plant seeds; idempotent, and one process at a time.

    503 `preparing-elsewhere` if another takes for ever.
    """
    with store.alone():
        return seed(store, migrate(settings, store))


def seed(store: Store, done: Prepared, *, dry_run: bool = False) -> Prepared:
    """Reconcile models and plant seeds; a seed that raises stops its plugin only."""
    versions = [
        (plugin, done.registry.version(plugin.id))
        for plugin in done.registry.ready.values()
    ]
    done.models = reconcile(store, versions, dry_run=dry_run)
    planted = []
    for one in done.registry.found:
        if one.state != "ready" or one.plugin is None:
            continue
        try:
            done.seeds += plant(store, one.plugin, dry_run=dry_run)
        except Exception as error:
            done.failed[one.id] = f"{type(error).__name__}: {error}"
        else:
            planted.append(one.id)
    if not dry_run:
        for ident, reason in done.failed.items():
            tell(store, ident, "rejected", "SEED_FAILED", reason)
        forgive(store, planted)
    return done


def first_operator(settings: Settings, store: Store) -> str | None:
    """On a first start: make an operator, and a link that signs it in once."""
    with store.write() as session:
        if users.first_operator(session) is not None:
            return None
        ident = users.create(
            session, OPERATOR, name="Operator", role="operator", tier=Tier.ENTERPRISE
        )
        open_purses(session, ident)
        grant(session, ident, OPERATOR_CREDITS, actor="kernel", reason="first operator")
        token = sessions.sign_in_token(session, ident)
    return f"{settings.url}/sign-in/{token}"


def _back_up(store: Store) -> None:
    if store.path is None or not store.path.exists():
        return
    if not pending(store, KERNEL, KERNEL_VERSIONS):
        return
    copy = store.path.with_suffix(f".before-{version('lumiku-kernel')}.db")
    with store.read() as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(store.path, copy)
