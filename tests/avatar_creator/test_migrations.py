"""The migrations make the table that the code expects, and touch nothing else."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from lumiku_avatar_creator.table import AvatarRow

Migrate = Callable[[Connection], Config]


def test_every_table_bears_the_plugins_prefix(engine: Engine) -> None:
    names = inspect(engine).get_table_names()

    assert "avatar_creator__avatar" in names
    assert all(name.startswith("avatar_creator__") for name in names)


def test_the_migrated_table_is_the_one_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, *_: name != "avatar_creator__version",
            },
        )
        changes = compare_metadata(context, AvatarRow.metadata)

    assert changes == []


def test_the_viewers_column_is_indexed(engine: Engine) -> None:
    indexes = inspect(engine).get_indexes("avatar_creator__avatar")

    assert [index["column_names"] for index in indexes] == [["user_id"]]


def test_there_is_one_head(engine: Engine, migrate: Migrate) -> None:
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrate(connection))

    assert len(scripts.get_heads()) == 1


def test_migrating_again_changes_nothing_and_back_leaves_no_table(
    engine: Engine, migrate: Migrate
) -> None:
    with engine.begin() as connection:
        command.upgrade(migrate(connection), "head")
        command.downgrade(migrate(connection), "base")

    assert inspect(engine).get_table_names() == ["avatar_creator__version"]
