"""Rows that plugins need are planted, kept as the operator left them, and missed."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import JSON, Column, delete, select
from sqlmodel import Field
from tests.kernel.shop import Shop, good

from lumiku_contracts import Model, Plugin, Seed
from lumiku_contracts.tables import base
from lumiku_kernel.catalogue.seeds import plant
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import Prepared, prepare, seed
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.watch import take

CHEAP = Model("cheap", price=1)
Base = base()


class Thing(Base, table=True):  # type: ignore[call-arg, misc, valid-type]
    """A row that a plugin needs."""

    __tablename__ = "app__thing"
    slug: str = Field(primary_key=True)
    name: str
    liked: int = 0


def plugin(*seeds: Seed) -> Plugin:
    return Plugin("app", name="App", models=(CHEAP,), seeds=seeds)


ROWS = (
    {"slug": "a", "name": "First", "liked": 0},
    {"slug": "b", "name": "Second", "liked": 0},
)
SEEDED = plugin(Seed(Thing, ("slug",), ROWS, owns=("name",)))
things = Base.metadata.tables["app__thing"]


class Tagged(Base, table=True):  # type: ignore[call-arg, misc, valid-type]
    """A row with a column of JSON."""

    __tablename__ = "app__tagged"
    slug: str = Field(primary_key=True)
    tags: list[str] = Field(sa_column=Column(JSON))


@pytest.fixture
def seeded(store: Store) -> Store:
    with store.connection() as connection:
        Base.metadata.create_all(connection)
    plant(store, SEEDED)
    return store


def planted(store: Store) -> list[tuple[str, str, int]]:
    with store.read() as session:
        rows = session.execute(select(things).order_by(things.c.slug)).all()
    return [(one.slug, one.name, one.liked) for one in rows]


def test_seeds_are_planted_once(seeded: Store) -> None:
    assert planted(seeded) == [("a", "First", 0), ("b", "Second", 0)]

    assert plant(seeded, SEEDED) == 0


def test_only_what_the_author_owns_is_written_again(seeded: Store) -> None:
    with seeded.write() as session:
        session.execute(things.update().values(name="mine", liked=9))

    assert plant(seeded, SEEDED) == 2

    assert planted(seeded) == [("a", "First", 9), ("b", "Second", 9)]


def test_a_seed_deleted_by_hand_comes_back(seeded: Store) -> None:
    with seeded.write() as session:
        session.execute(delete(things).where(things.c.slug == "a"))

    assert plant(seeded, SEEDED, dry_run=True) == 1
    assert len(planted(seeded)) == 1
    assert plant(seeded, SEEDED) == 1
    assert len(planted(seeded)) == 2


def test_a_dry_run_fails_where_the_other_would(seeded: Store) -> None:
    wrong = plugin(Seed(Thing, ("slug",), ({"slug": "d", "name": None},)))
    twice = plugin(Seed(Thing, ("slug",), (ROWS[0], ROWS[0])))

    with pytest.raises(Exception, match=r"(?i)not.null"):
        plant(seeded, wrong, dry_run=True)
    with pytest.raises(ValueError, match="two rows of app__thing have the key"):
        plant(seeded, twice, dry_run=True)

    assert len(planted(seeded)) == 2


def test_a_tuple_in_a_seed_is_a_list_in_its_column(store: Store) -> None:
    with store.connection() as connection:
        Base.metadata.create_all(connection)
    row = {"slug": "a", "tags": ("x", "y")}
    tagged = plugin(Seed(Tagged, ("slug",), (row,), owns=("tags",)))

    assert plant(store, tagged) == 1
    assert plant(store, tagged) == 0


def test_a_seed_that_fails_plants_nothing_of_its_plugin(seeded: Store) -> None:
    rows = ({"slug": "c", "name": "Third"}, {"slug": "d", "name": None})
    wrong = plugin(Seed(Thing, ("slug",), rows))

    with pytest.raises(Exception, match=r"(?i)not.null"):
        plant(seeded, wrong)

    assert len(planted(seeded)) == 2


SEEDY = """
    from sqlmodel import Field
    from lumiku_contracts.tables import base

    class Row(base(), table=True):
        __tablename__ = "{table}__row"
        id: str = Field(primary_key=True)

    @hookimpl
    def lumiku_plugin() -> Plugin:
        seeds = (Seed(Row, ("id",), ({{"id": "a"}},)),)
        return declared("seedy", seeds=seeds)
"""


def test_seeds_that_fail_are_told_and_stay_told(
    shop: Shop, bare: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop.install("seedy", SEEDY.format(table="seedy"))
    shop.install("healthy", good("healthy"))
    monkeypatch.setenv("LUMIKU_PLUGINS", "seedy,healthy")
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(bare.url))

    done = prepare(settings, bare)
    host = Host(settings, "server")

    facts = take(bare).configuration.plugins
    host.store.close()
    assert list(done.failed) == ["seedy"]
    assert facts["seedy"].code == "SEED_FAILED"
    assert "seedy__row" in (facts["seedy"].reason or "")
    assert (facts["healthy"].state, facts["healthy"].code) == ("ready", None)


def test_a_seed_that_no_longer_fails_is_told_too(
    shop: Shop, bare: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop.install("seedy", SEEDY.format(table="seedy"))
    monkeypatch.setenv("LUMIKU_PLUGINS", "seedy")
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(bare.url))
    done = prepare(settings, bare)
    with bare.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE seedy__row (id TEXT PRIMARY KEY)")

    again = seed(bare, Prepared(done.registry))

    assert (list(done.failed), again.failed) == (["seedy"], {})
    assert take(bare).configuration.plugins["seedy"].code is None
