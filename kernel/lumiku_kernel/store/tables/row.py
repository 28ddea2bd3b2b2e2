"""What the kernel's rows have in common."""

from typing import Any

from sqlalchemy import JSON, Column, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Row(SQLModel, registry=registry()):
    """The base of the kernel's rows, with metadata of its own."""

    metadata = MetaData()


def json_column(*, nullable: bool = False) -> Any:
    """A column of JSON."""
    return Field(sa_column=Column(JSON, nullable=nullable))
