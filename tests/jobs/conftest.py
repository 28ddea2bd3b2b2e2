"""Rooms: a fresh database for each test, copied from one that was prepared once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.room import Room, app_on_path, settings_in

from lumiku_kernel.prepare import prepare
from lumiku_kernel.store import Store


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and the app's models."""
    settings = settings_in(tmp_path_factory.mktemp("prepared"))
    store = Store(settings.database)
    with app_on_path():
        prepare(settings, store)
    with store.read() as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    assert store.path is not None
    return store.path


@pytest.fixture
def room(prepared: Path, tmp_path: Path) -> Iterator[Room]:
    """A database of the test's own."""
    shutil.copy(prepared, tmp_path / prepared.name)
    opened = Room.open(settings_in(tmp_path))
    yield opened
    opened.store.close()
