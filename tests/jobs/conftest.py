"""Rooms: a fresh database for each test, copied from one that was prepared once."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.backends import DATABASES, Template
from tests.faults.house import House
from tests.jobs.receiver import Receiver, receiving
from tests.jobs.room import Room, app_on_path, settings_in

from lumiku_contracts import Viewer
from lumiku_kernel.jobs import courier, deliveries
from lumiku_kernel.prepare import prepare
from lumiku_kernel.store import Store


@pytest.fixture(scope="session", params=DATABASES)
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    """A database with all tables and the app's models; once on each kind."""
    folder = tmp_path_factory.mktemp("prepared")
    cluster = name = url = None
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        name = cluster.database()
        url = cluster.url(name)
    settings = settings_in(folder, database_url=url)
    store = Store(settings.database)
    with app_on_path():
        prepare(settings, store)
    if cluster is None:
        with store.read() as session:
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return Template(store.path, cluster, name or "")


@pytest.fixture
def room(prepared: Template, tmp_path: Path) -> Iterator[Room]:
    """A database of the test's own."""
    with prepared.copied(tmp_path) as url:
        opened = Room.open(settings_in(tmp_path, database_url=url))
        yield opened
        opened.store.close()


@pytest.fixture
def viewer(house: House) -> Viewer:
    """Somebody with credits, in the file's own house."""
    return house.room.viewer(100)


@pytest.fixture
def client(house: House, viewer: Viewer) -> Iterator[httpx.Client]:
    """Their program."""
    with house.client(viewer) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a webhook."""
    monkeypatch.setattr(courier, "SECONDS", 1.0)
    monkeypatch.setattr(courier, "EVERY", 0.02)
    monkeypatch.setattr(deliveries, "SHORTEST_REST", 600.0)
    monkeypatch.setattr(deliveries, "LONGEST_REST", 600.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes everything."""
    with receiving() as made:
        yield made
