"""The table of avatars. Import it where rows are used, not to declare the plugin."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, DateTime
from sqlmodel import Field, SQLModel

from lumiku_contracts.tables import base

if TYPE_CHECKING:
    Base = SQLModel  # what `base()` makes, in words that the type checker knows
else:
    Base = base()


class AvatarRow(Base, table=True):
    """One viewer's avatar; the documents are JSON of the contract's own shapes."""

    __tablename__ = "avatar_creator__avatar"

    id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(index=True, max_length=64)
    name: str = Field(max_length=100)
    description: str = Field(max_length=500)
    expression: str = Field(max_length=20)
    preset: str | None = Field(default=None, max_length=64)
    persona: dict[str, Any] = Field(sa_type=JSON)
    appearance: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
