"""A database brought up by the app's own migrations, and callers who share it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlmodel import Session

from lumiku_avatar_creator.models import MODELS
from lumiku_avatar_creator.request import Generate
from lumiku_contracts import Viewer
from lumiku_contracts.testing import FakeResources, FakeTask

VERSIONS = "avatar_creator__version"


def migrations(connection: Connection) -> Config:
    """The app's Alembic environment on a connection, as a host would set it up."""
    config = Config()
    folder = files("lumiku_avatar_creator").joinpath("migrations")
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSIONS
    return config


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file with nothing in it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'rows.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """The same, migrated."""
    with empty.begin() as connection:
        command.upgrade(migrations(connection), "head")
    return empty


@pytest.fixture
def migrate() -> Callable[[Connection], Config]:
    """How to set up the app's Alembic environment."""
    return migrations


@dataclass
class Caller:
    """A call by one viewer, on the migrated database."""

    engine: Engine
    viewer: Viewer
    settings: Any = None
    request_id: str = "req_test"

    def flag(self, key: str) -> bool:
        """Off."""
        del key
        return False

    def resource(self, kind: str) -> FakeResources:
        """This app uses nobody's."""
        return FakeResources(kind, {})

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self.engine) as session, session.begin():
            yield session

    def session(self) -> AbstractContextManager[Session]:
        """Commits, or rolls back on an error."""
        return self._transaction()

    def read(self) -> AbstractContextManager[Session]:
        """Likewise."""
        return self._transaction()


@pytest.fixture
def caller(engine: Engine) -> Callable[[str], Caller]:
    """Makes a caller with a viewer's id."""
    return lambda user_id: Caller(engine, Viewer(user_id))


@pytest.fixture
def task_for(engine: Engine) -> Callable[..., FakeTask[Generate]]:
    """Makes a task of the app by a viewer, for one model and the given input."""

    def make(
        wanted: Mapping[str, Any],
        *,
        model: str = "studio",
        user_id: str | None = "usr_test",
        key: str = "job_test:0",
    ) -> FakeTask[Generate]:
        (chosen,) = (each for each in MODELS if each.id == model)
        return FakeTask(
            Generate.model_validate(wanted),
            key=key,
            model=chosen,
            viewer=Viewer(user_id),
            open_session=Caller(engine, Viewer(user_id)).session,
        )

    return make
