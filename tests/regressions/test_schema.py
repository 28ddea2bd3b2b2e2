"""A table or column in the code and not in the database (class B).

Rows that do not apply: the generated client (“prisma undefined”) and the committed
development database have nothing here that corresponds to them; the emergency script
with a list of its own is the doctor's D03, whose list is the code's own tables.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from tests.kernel.shop import Shop, good
from tests.regressions.house import app, opened

from lumiku_kernel.doctor import examine
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import metadata

KERNEL = Path(examine.__code__.co_filename).parent.parent


def test_migrations_are_in_the_package_and_make_every_table(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        there = inspect(room.store.engine)

        assert set(metadata.tables) <= set(there.get_table_names())
        assert room.found("D03") == []


def test_a_missing_column_is_named_before_anybody_misses_it(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop) as room:
        with room.store.connection() as connection:
            connection.exec_driver_sql("ALTER TABLE account DROP COLUMN name")

        (told,) = room.found("D03")

        assert "The column `name` of table account is missing." in told.cause


def test_a_server_on_an_old_schema_does_not_start(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=None)

    with pytest.raises(Problem) as refused:
        Host(settings, "server")

    assert (refused.value.code, refused.value.fix) == (
        "migration-pending",
        "lumiku migrate",
    )


def test_one_apps_failing_migration_is_its_own_trouble(
    shop: Shop, tmp_path: Path
) -> None:
    broken = app("broken", tables="'lumiku_nowhere:migrations'")
    with opened(tmp_path, shop, broken=broken, fine=good("fine")) as room:
        assert room.verdict("broken").blocking[0].code == "MIGRATION_FAILED"
        assert room.verdict("fine").visible


def test_migrating_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, fine=good("fine")) as room:
        room.again()

        assert (room.done.revisions, room.done.models, room.done.seeds) == ([], [], 0)


def test_no_command_of_the_product_drops_a_database() -> None:
    words = re.compile(
        r"drop_all|DROP DATABASE|force.reset|accept.data.loss", re.IGNORECASE
    )

    found = [p for p in KERNEL.rglob("*.py") if words.search(p.read_text())]

    assert found == []


def test_tables_of_a_plugin_that_is_gone_are_told(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop) as room:
        with room.store.connection() as connection:
            connection.exec_driver_sql("CREATE TABLE departed__row (id INTEGER)")

        (told,) = room.found("D03")

        assert (told.level, "departed__row" in told.cause) == ("warn", True)


def test_an_unreachable_database_is_said_in_a_line(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=None)
    store = Store(settings.database)
    store.engine = create_engine(f"sqlite:///{tmp_path}/not/there.db")

    (told,) = examine(settings, store)

    assert (told.check, told.level) == ("D01", "error")
    store.close()
