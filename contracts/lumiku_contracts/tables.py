"""For plugins with rows of their own: needs the extra `lumiku-contracts[tables]`."""

from typing import Any

from alembic import context
from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


def base() -> type[SQLModel]:
    """A SQLModel base with a registry and metadata of its own.

    Name tables `<id with _>__<thing>`; no foreign keys to anybody else's tables.
    """

    class Base(SQLModel, registry=registry()):
        metadata = MetaData()

    return Base


def migrate() -> None:
    """The whole of a plugin's Alembic `env.py`: runs on the kernel's connection."""
    settings: dict[str, Any] = context.config.attributes
    context.configure(
        connection=settings["connection"],
        version_table=settings["version_table"],
        render_as_batch=True,
    )
    context.run_migrations()
