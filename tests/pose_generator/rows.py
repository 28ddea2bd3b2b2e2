"""A database of the app's own, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session


def migrations(connection: Connection) -> Config:
    """The app's Alembic environment on a connection, as a host would set it up."""
    config = Config()
    folder = files("lumiku_pose_generator").joinpath("migrations")
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = "pose_generator__version"
    return config


def _in_memory() -> Engine:
    return create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )


class Rows:
    """A database of the app's own, brought up by its migrations when first used."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url
        self.made: Engine | None = None

    @property
    def engine(self) -> Engine:
        """SQLite in memory, unless another was named."""
        if self.made is None:
            self.made = create_engine(self.url) if self.url else _in_memory()
            with self.made.begin() as connection:
                command.upgrade(migrations(connection), "head")
        return self.made

    @contextmanager
    def open(self) -> Iterator[Session]:
        """A transaction."""
        with Session(self.engine) as session, session.begin():
            yield session
