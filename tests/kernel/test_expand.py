"""Migrations only add what processes of the release before can live with."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from lumiku_kernel.store import Store
from lumiku_kernel.store.expand import Shapes, faults, shapes
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    _config,
    floor,
    heads_table,
    version_table,
)

OURS = Path(__file__).parents[2] / "plugins"
OWNERS = {"kernel": (KERNEL, KERNEL_VERSIONS)} | {
    folder.parent.name: (
        f"{folder.parent.name}:migrations",
        version_table(folder.parents[1].name),
    )
    for folder in sorted(OURS.glob("*/*/migrations"))
}
BEFORE = """
CREATE TABLE other (id INTEGER PRIMARY KEY);
CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, size INTEGER,
                    made FLOAT DEFAULT 0 NOT NULL)
"""


def revisions(connection: Connection, owner: str) -> list[Script]:
    """Every one, the oldest first."""
    tables, versions = OWNERS[owner]
    scripts = ScriptDirectory.from_config(_config(tables, versions, connection))
    return list(scripts.walk_revisions())[::-1]


@pytest.mark.parametrize("owner", OWNERS)
def test_no_migration_breaks_processes_of_the_release_before(
    owner: str, bare: Store
) -> None:
    tables, versions = OWNERS[owner]
    with bare.connection() as connection:
        for one in revisions(connection, owner):
            before = shapes(connection)
            config = _config(tables, heads_table(versions), connection)
            command.upgrade(config, one.revision)
            release = getattr(one.module, "release", None)
            drops = getattr(one.module, "drops", None)
            found = faults(before, shapes(connection), release=release, drops=drops)

            assert release is not None, f"{one.revision} says no release"
            # Before the first release there were no processes to break.
            assert release == "0.1" or found == [], f"{one.revision}: {found}"


def test_what_a_process_must_know_is_what_the_release_before_knew() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(
            _config(KERNEL, KERNEL_VERSIONS, connection)
        )

        assert floor(scripts) == "0004"
    engine.dispose()


def after(change: str) -> tuple[Shapes, Shapes]:
    """The tables before and after statements."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for statement in BEFORE.split(";"):
            connection.execute(text(statement))
        was = shapes(connection)
        for statement in change.split(";"):
            connection.execute(text(statement))
        now = shapes(connection)
    engine.dispose()
    return was, now


RENEWED = "DROP TABLE thing; CREATE TABLE thing (id INTEGER PRIMARY KEY, {})"
REST = "size INTEGER, made FLOAT DEFAULT 0 NOT NULL"
HARMLESS = {
    "a table": "CREATE TABLE more (id INTEGER NOT NULL)",
    "a column that may be null": "ALTER TABLE thing ADD COLUMN note TEXT",
    "a column with a default": "ALTER TABLE thing ADD COLUMN n INT DEFAULT 0 NOT NULL",
    "an index": "CREATE INDEX by_name ON thing (name)",
    "a longer text": RENEWED.format(f"name VARCHAR(40) NOT NULL, {REST}"),
    "a wider number": RENEWED.format(
        "name VARCHAR(20) NOT NULL, size BIGINT, made FLOAT DEFAULT 0 NOT NULL"
    ),
    "null where it was refused": RENEWED.format(f"name VARCHAR(20), {REST}"),
}
HARMFUL = {
    "DROP TABLE thing": "the table thing is dropped or renamed",
    "ALTER TABLE thing RENAME TO matter": "the table thing is dropped or renamed",
    "ALTER TABLE thing DROP COLUMN size": "thing.size is dropped or renamed",
    "ALTER TABLE thing RENAME COLUMN name TO title": "thing.name is dropped or renamed",
    RENEWED.format("name VARCHAR(20) NOT NULL, size INTEGER NOT NULL, made FLOAT"): (
        "thing.size must not be null any more"
    ),
    RENEWED.format(f"name INTEGER NOT NULL, {REST}"): "becomes INTEGER",
    RENEWED.format(f"name VARCHAR(10) NOT NULL, {REST}"): "becomes VARCHAR(10)",
    RENEWED.format(f"name VARCHAR(20) NOT NULL, need INT NOT NULL, {REST}"): (
        "thing.need is added, must not be null and has no default"
    ),
    RENEWED.format("name VARCHAR(20) NOT NULL, size INTEGER, made FLOAT NOT NULL"): (
        "thing.made has no default any more"
    ),
    "CREATE UNIQUE INDEX once ON thing (name)": "gets a unique index over name",
    RENEWED.format(f"name VARCHAR(20) NOT NULL, {REST}, CHECK (size > 0)"): (
        "gets the check size > 0"
    ),
    RENEWED.format(f"name VARCHAR(20) NOT NULL REFERENCES other (id), {REST}"): (
        "gets a foreign key over name"
    ),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_what_only_adds_is_allowed(change: str) -> None:
    assert faults(*after(HARMLESS[change]), release="0.2") == []


@pytest.mark.parametrize(("change", "words"), HARMFUL.items())
def test_what_takes_something_away_is_refused_in_words(change: str, words: str) -> None:
    (told, *_) = faults(*after(change), release="0.2")

    assert words in told
    assert "do it a release after the last that needs thing" in told


@pytest.mark.parametrize(
    ("release", "drops", "words"),
    [
        ("0.3", {"thing.size": "0.2"}, None),
        ("1.0", {"thing.size": "0.9.3"}, None),
        ("0.3", {"thing.size": "0.3"}, "is unneeded since 0.3 only, and this is 0.3"),
        (None, {"thing.size": "0.2"}, "this is of no release"),
        ("0.3", {"thing.name": "0.2"}, "thing.size is dropped"),
        ("0.3", {"thing.size": "0.2", "other": "0.1"}, "other is said to be dropped"),
    ],
)
def test_what_a_release_did_not_need_may_go_in_the_next(
    release: str | None, drops: dict[str, str], words: str | None
) -> None:
    change = after("ALTER TABLE thing DROP COLUMN size")

    found = faults(*change, release=release, drops=drops)

    assert (found == []) is (words is None)
    assert words is None or any(words in one for one in found)


def _module(release: str | None) -> Any:
    return type("Revision", (), {} if release is None else {"release": release})


class History:
    """Revisions of an owner, the newest first."""

    def __init__(self, *said: tuple[str, str | None]) -> None:
        self._said = said

    def walk_revisions(self) -> list[Any]:
        """As Alembic gives them."""
        made = [(ident, _module(release)) for ident, release in self._said]
        return [
            type("One", (), {"revision": ident, "module": module})
            for ident, module in made
        ]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([("b", "0.2"), ("a", "0.1")], "a"),
        ([("c", "0.2.1"), ("b", "0.2"), ("a", "0.1")], "a"),
        ([("c", "0.3"), ("b", "0.2"), ("a", "0.1")], "b"),
        ([("a", "0.1")], "a"),
        ([("b", None), ("a", "0.1")], "b"),
        ([("c", "0.2"), ("b", None), ("a", "0.1")], "b"),
        ([("b", "1.0"), ("a", "0.9")], "a"),
    ],
)
def test_processes_of_one_minor_release_before_may_go_on(
    history: list[tuple[str, str | None]], expected: str
) -> None:
    made: Any = History(*history)

    assert floor(made) == expected
