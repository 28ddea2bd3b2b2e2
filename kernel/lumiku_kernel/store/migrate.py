"""Brings a database's schema up to what each owner's code expects.

The kernel and every plugin own an Alembic environment and a version table each, so
that one owner's trouble is nobody else's.
"""

from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lumiku_kernel.errors import Problem
from lumiku_kernel.store.engine import Store
from lumiku_kernel.store.fence import fenced

KERNEL = "lumiku_kernel.store:migrations"
KERNEL_VERSIONS = "kernel_version"


def migrate_kernel(store: Store) -> list[str]:
    """Apply the kernel's pending revisions; their ids."""
    return migrate_owner(store, KERNEL, KERNEL_VERSIONS)


def migrate_owner(
    store: Store, tables: str, version_table: str, prefix: str | None = None
) -> list[str]:
    """Apply an owner's pending revisions in one transaction; their ids.

    `tables` is `package:folder` of an Alembic environment. With a `prefix`, a statement
    that touches any other table raises `OutsidePrefix`, and nothing is changed.
    """
    with store.connection() as connection:
        config = _config(tables, version_table, connection)
        lacking = _lacking(connection, config, version_table)
        with fenced(connection, prefix):
            command.upgrade(config, "head")
        return lacking


def pending(store: Store, tables: str, version_table: str) -> list[str]:
    """The revisions an owner's database still lacks, newest first."""
    with store.read() as session:
        connection = session.connection()
        config = _config(tables, version_table, connection)
        return _lacking(connection, config, version_table)


def _lacking(connection: Connection, config: Config, version_table: str) -> list[str]:
    applied = _applied(connection, version_table)
    known = [
        script.revision
        for script in ScriptDirectory.from_config(config).walk_revisions()
    ]
    if applied is None:
        return known
    if applied not in known:
        raise Problem(
            503,
            "schema-newer",
            f"The database is at revision {applied} of {version_table}, which this "
            "release does not know. Run the release that wrote it, or a newer one.",
        )
    return known[: known.index(applied)]


def prefix_of(plugin_id: str) -> str:
    """What the names of a plugin's tables begin with."""
    return f"{plugin_id.replace('-', '_')}__"


def version_table(plugin_id: str) -> str:
    """Where a plugin's revision is kept."""
    return f"{prefix_of(plugin_id)}version"


def _applied(connection: Connection, table: str) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": table})
    return context.get_current_revision()


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
