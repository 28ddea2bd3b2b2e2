"""Schemas are made, brought up to date, copied before, and refused when too new."""
# ruff: noqa: S608 (statements of our own, as somebody would write them by hand)

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import select, text
from tests.kernel.by_hand import FLAG, SettingsOf, address, by_hand, dump, only_on

from lumiku_kernel.doctor import examine
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import how_to_go_back, migrate, prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.copies import KEPT, copy_aside
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    _config,
    heads_table,
    migrate_kernel,
    pending,
)
from lumiku_kernel.store.tables import flags, metadata

OURS = {KERNEL_VERSIONS, heads_table(KERNEL_VERSIONS)}
"""The tables of Alembic's that say which revision is applied."""


def test_migrations_make_the_tables_that_the_code_expects(store: Store) -> None:
    with store.connection() as connection:
        options = {"include_name": lambda name, *_: name not in OURS}
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, **options}
        )

        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    before = dump(store)

    assert migrate_kernel(store) == []

    assert dump(store) == before
    assert pending(store, KERNEL, KERNEL_VERSIONS) == []


@pytest.fixture
def settings_of(tmp_path: Path) -> SettingsOf:
    """The settings of a process on a database."""

    def made(store: Store) -> Settings:
        secret = None if store.is_sqlite else SecretStr(address(store))
        return Settings(data_dir=tmp_path, plugins="none-at-all", database_url=secret)

    return made


def test_preparing_twice_changes_nothing(bare: Store, settings_of: SettingsOf) -> None:
    settings = settings_of(bare)
    prepare(settings, bare)
    before = dump(bare)

    again = prepare(settings, bare)

    assert (again.revisions, again.models, again.seeds) == ([], [], 0)
    assert dump(bare) == before


OPENERS: dict[str, Callable[[Settings, Store], object]] = {
    "migrate": lambda _, store: migrate_kernel(store),
    "pending": lambda _, store: pending(store, KERNEL, KERNEL_VERSIONS),
    "server": lambda settings, _: Host(settings, "server").store.close(),
    "worker": lambda settings, _: Host(settings, "worker").store.close(),
}


@pytest.mark.parametrize("opener", OPENERS)
def test_a_database_of_a_much_newer_release_is_refused(
    opener: str, store: Store, settings_of: SettingsOf
) -> None:
    for table in OURS:
        by_hand(store, f"UPDATE {table} SET version_num = 'from-2031'")
    before = dump(store)

    with pytest.raises(Problem) as told:
        OPENERS[opener](settings_of(store), store)

    assert told.value.code == "schema-newer"
    assert "from-2031" in told.value.detail
    assert dump(store) == before


@pytest.mark.parametrize("opener", OPENERS)
def test_a_database_of_the_next_release_is_used_as_it_is(
    opener: str, store: Store, settings_of: SettingsOf
) -> None:
    head = heads_table(KERNEL_VERSIONS)
    by_hand(
        store,
        f"UPDATE {head} SET version_num = 'of-the-next'",
        "ALTER TABLE flag ADD COLUMN more TEXT",
    )

    OPENERS[opener](settings_of(store), store)

    assert "of-the-next" in str(dump(store))
    told, *_ = (f for f in examine(settings_of(store), store) if f.check == "D02")
    assert (told.level, told.evidence) == ("warn", {"revision": "of-the-next"})


def test_the_release_before_0_2_finds_the_revision_it_knows(bare: Store) -> None:
    with bare.connection() as connection:
        command.upgrade(_config(KERNEL, KERNEL_VERSIONS, connection), "0004")
    by_hand(bare, FLAG)

    assert pending(bare, KERNEL, KERNEL_VERSIONS) == ["0005"]
    assert migrate_kernel(bare) == ["0005"]

    with bare.read() as session:
        said = {
            table: session.execute(text(f"SELECT version_num FROM {table}")).scalar()
            for table in OURS
        }
        assert session.execute(select(flags)).one()
    assert said == {"kernel_version": "0004", "kernel_head": "0005"}


def test_of_two_that_prepare_at_once_one_waits(
    bare: Store, settings_of: SettingsOf
) -> None:
    settings = settings_of(bare)
    others = [Store(bare.url) for _ in range(4)]

    with ThreadPoolExecutor(len(others)) as pool:
        done = list(pool.map(lambda one: prepare(settings, one), others))

    assert sorted(len(one.revisions) for one in done)[:3] == [0, 0, 0]
    assert pending(bare, KERNEL, KERNEL_VERSIONS) == []
    for one in others:
        one.close()


def test_a_server_refuses_a_database_that_is_not_migrated(
    bare: Store, settings_of: SettingsOf
) -> None:
    with pytest.raises(Problem) as told:
        Host(settings_of(bare), "server")

    assert (told.value.code, told.value.fix) == ("migration-pending", "lumiku migrate")


@only_on("sqlite")
def test_a_database_is_copied_before_its_schema_changes_while_others_write(
    bare: Store, settings_of: SettingsOf
) -> None:
    by_hand(bare, "CREATE TABLE mine (a)", "INSERT INTO mine VALUES (1)")
    writer = sqlite3.connect(str(bare.path), isolation_level=None)
    writer.execute("INSERT INTO mine VALUES (2)")  # is in the log, not in the file

    done = migrate(settings_of(bare), bare)

    assert done.copy is not None
    assert done.copy.parent.name == "backups"
    kept = Store(f"sqlite:///{done.copy}")
    assert "account" not in " ".join(dump(kept))
    for one in (1, 2):
        assert f'INSERT INTO "mine" VALUES({one})' in " ".join(dump(kept))
    assert f"lumiku restore {done.copy}" in how_to_go_back(done.copy)
    kept.close()
    writer.close()


@only_on("sqlite")
def test_nothing_is_copied_on_the_first_start(
    bare: Store, settings_of: SettingsOf
) -> None:
    assert migrate(settings_of(bare), bare).copy is None
    assert bare.path is not None
    assert not (bare.path.parent / "backups").exists()


@only_on("sqlite")
def test_copies_make_way_for_newer_ones(bare: Store) -> None:
    by_hand(bare, "CREATE TABLE mine (a)")

    made = [copy_aside(bare, f"0.{n}.0") for n in range(KEPT + 2)]

    assert [one for one in made if one and one.exists()] == made[-KEPT:]
