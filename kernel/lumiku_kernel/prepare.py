"""Brings a database up to this release: tables, plugins' tables, models, seeds."""

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from lumiku_contracts import Tier
from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.catalogue.models import Change, reconcile
from lumiku_kernel.catalogue.seeds import plant
from lumiku_kernel.ledger.post import grant, open_purses
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.plugins.prepare import (
    behind,
    forgive,
    migrate_plugins,
    record,
    tell,
)
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, sentinel
from lumiku_kernel.store.copies import KEPT, copy_aside
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    migrate_kernel,
    standing,
)

OPERATOR = "operator@lumiku.local"
OPERATOR_CREDITS = 1000


@dataclass(slots=True)
class Prepared:
    """What was done."""

    registry: Registry
    copy: Path | None = None
    revisions: list[str] = field(default_factory=list)
    models: list[Change] = field(default_factory=list)
    seeds: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def migrate(settings: Settings, store: Store) -> Prepared:
    """Migrate the kernel, then each plugin apart, and record what was found.

    A SQLite database is copied first, if its schema is about to change.
    """
    release = version("lumiku-kernel")
    copy = None
    if standing(store, KERNEL, KERNEL_VERSIONS).lacking:
        copy = copy_aside(store, release)
    revisions = migrate_kernel(store)
    found = load(settings, store)
    if copy is None and not revisions and behind(store, found):
        copy = copy_aside(store, release)
    registry = migrate_plugins(store, found)
    record(store, registry.found, waits=True)
    sentinel.settle(store, settings.data_dir.resolve())
    return Prepared(registry, copy, revisions)


def how_to_go_back(copy: Path) -> str:
    """What to say of a copy that was made before tables changed."""
    return (
        f"before its tables changed the database was copied to {copy} (the newest "
        f"{KEPT} are kept); processes of one minor release before may go on as they "
        f"are; to go back to the copy, stop all and run: lumiku restore {copy} --force"
    )


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
