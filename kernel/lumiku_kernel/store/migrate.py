"""Brings a database's schema up to what each owner's code expects.

The kernel and every plugin own an Alembic environment and two tables, so that one
owner's trouble is nobody else's. `…head` has the revision that is applied; `…version`
the one that a process must know to use the database: that of one minor release before,
whose processes may still run. A migration says by `release = "0.2"` which release adds
it; one that says nothing must be known by everybody.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from packaging.version import Version
from sqlalchemy import Connection

from lumiku_kernel.errors import Problem
from lumiku_kernel.store.engine import Store
from lumiku_kernel.store.fence import fenced

KERNEL = "lumiku_kernel.store:migrations"
KERNEL_VERSIONS = "kernel_version"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a database stands to this release's revisions of an owner."""

    applied: str | None = None
    lacking: tuple[str, ...] = ()
    """What is not applied yet, newest first."""
    beyond: str | None = None
    """What a release one minor newer has applied, and we do not know."""


def migrate_kernel(store: Store) -> list[str]:
    """Apply the kernel's pending revisions; their ids."""
    return migrate_owner(store, KERNEL, KERNEL_VERSIONS)


def migrate_owner(
    store: Store,
    tables: str,
    version_table: str,
    prefix: str | None = None,
    *,
    to: str = "head",
) -> list[str]:
    """Apply an owner's pending revisions, up to one, in one transaction; their ids.

    `tables` is `package:folder` of an Alembic environment. With a `prefix`, a statement
    that touches any other table raises `OutsidePrefix`, and nothing is changed.
    """
    with store.connection() as connection:
        config = _config(tables, heads_table(version_table), connection)
        scripts = ScriptDirectory.from_config(config)
        standing = _standing(connection, scripts, version_table)
        with fenced(connection, prefix):
            if standing.lacking:
                _stamp_as_before(connection, scripts, version_table)
                command.upgrade(config, to)
            if standing.beyond is None:
                _tell(connection, scripts, version_table)
    return list(standing.lacking)


def pending(store: Store, tables: str, version_table: str) -> list[str]:
    """The revisions an owner's database still lacks, newest first."""
    return list(standing(store, tables, version_table).lacking)


def standing(store: Store, tables: str, version_table: str) -> Standing:
    """What lacks, or what is beyond us; 503 `schema-newer` if it is too far beyond."""
    with store.read() as session:
        connection = session.connection()
        config = _config(tables, heads_table(version_table), connection)
        scripts = ScriptDirectory.from_config(config)
        return _standing(connection, scripts, version_table)


def knows(store: Store, tables: str, revision: str) -> bool:
    """Whether this release has an owner's revision."""
    with store.read() as session:
        config = _config(tables, KERNEL_VERSIONS, session.connection())
        scripts = ScriptDirectory.from_config(config)
        return revision in {one.revision for one in scripts.walk_revisions()}


def require(store: Store) -> Standing:
    """The kernel's standing; 503 `migration-pending` if it lacks a revision."""
    found = standing(store, KERNEL, KERNEL_VERSIONS)
    if found.lacking:
        detail = f"The database lacks the revisions {', '.join(found.lacking[::-1])}."
        raise Problem(503, "migration-pending", detail, fix="lumiku migrate")
    return found


def _standing(
    connection: Connection, scripts: ScriptDirectory, version_table: str
) -> Standing:
    known = [script.revision for script in scripts.walk_revisions()]
    needed = _said(connection, version_table)
    current = applied(connection, version_table)
    if current is None:
        return Standing(None, tuple(known))
    if needed is not None and needed not in known:
        whose = "" if version_table == KERNEL_VERSIONS else f" ({version_table})"
        detail = (
            "The database is newer than this program: a release more than one minor "
            f"newer has migrated it{whose}. Its revision {needed} is unknown here."
        )
        fix = "install the release that migrated it"
        raise Problem(503, "schema-newer", detail, fix=fix)
    if current not in known:
        return Standing(current, beyond=current)
    return Standing(current, tuple(known[: known.index(current)]))


def _stamp_as_before(
    connection: Connection, scripts: ScriptDirectory, version_table: str
) -> None:
    """Releases before 0.2 wrote one table, where the revision is that was applied."""
    before = _said(connection, version_table)
    if before is not None and _said(connection, heads_table(version_table)) is None:
        _context(connection, heads_table(version_table)).stamp(scripts, before)


def _tell(connection: Connection, scripts: ScriptDirectory, version_table: str) -> None:
    """Say which revision others must know; what was said is never taken back."""
    known = [script.revision for script in scripts.walk_revisions()]
    said, needed = _said(connection, version_table), floor(scripts)
    current = _said(connection, heads_table(version_table))
    if current is not None and known.index(needed) < known.index(current):
        needed = current  # this has gone a part of the way only
    if said is None or known.index(needed) < known.index(said):
        _context(connection, version_table).stamp(scripts, needed)


def floor(scripts: ScriptDirectory) -> str:
    """The newest revision of a release before the head's; else the head itself."""
    revisions = list(scripts.walk_revisions())
    newest = _minor(getattr(revisions[0].module, "release", None))
    for one in revisions if newest else ():
        minor = _minor(getattr(one.module, "release", None))
        if minor is None or minor < (newest or ()):
            return str(one.revision)
    return str(revisions[0].revision)


def _minor(release: str | None) -> tuple[int, int] | None:
    if release is None:
        return None
    read = Version(release)
    return read.major, read.minor


def heads_table(version_table: str) -> str:
    """Where the revision is kept that is applied."""
    return version_table.removesuffix("version") + "head"


def prefix_of(plugin_id: str) -> str:
    """What the names of a plugin's tables begin with."""
    return f"{plugin_id.replace('-', '_')}__"


def version_table(plugin_id: str) -> str:
    """Where a plugin's revision is kept."""
    return f"{prefix_of(plugin_id)}version"


def applied(connection: Connection, version_table: str) -> str | None:
    """The revision of an owner that is applied."""
    head = _said(connection, heads_table(version_table))
    return head or _said(connection, version_table)


def _said(connection: Connection, table: str) -> str | None:
    return _context(connection, table).get_current_revision()


def _context(connection: Connection, table: str) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": table})


def _config(tables: str, version_table: str, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder(tables)))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    return config


def _folder(tables: str) -> Path:
    package, _, folder = tables.partition(":")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0]) / (folder or "migrations")
