"""The app's tables. Import it where rows are used, not to declare the plugin."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, DateTime
from sqlmodel import Field, SQLModel

from lumiku_contracts.tables import base

if TYPE_CHECKING:
    Base = SQLModel  # what `base()` makes, in words that the type checker knows
else:
    Base = base()


class TasteRow(Base, table=True):
    """What one viewer thinks of one pose; without a row, nothing."""

    __tablename__ = "pose_generator__taste"

    user_id: str = Field(primary_key=True, max_length=64)
    pose_id: str = Field(primary_key=True, max_length=80, index=True)
    favourite: bool
    stars: int | None = None
    """1-5."""
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))


class ProjectRow(Base, table=True):
    """One viewer's project; `avatar` is an `AvatarChoice` as JSON, or nobody."""

    __tablename__ = "pose_generator__project"

    id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(index=True, max_length=64)
    name: str = Field(max_length=100)
    description: str = Field(max_length=500)
    status: str = Field(max_length=10)
    avatar: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))


class PictureRow(Base, table=True):
    """One picture that was made, however often its job was tried."""

    __tablename__ = "pose_generator__picture"

    id: str = Field(primary_key=True, max_length=40)
    user_id: str = Field(index=True, max_length=64)
    job_id: str = Field(index=True, max_length=64)
    pose_id: str | None = Field(default=None, index=True, max_length=80)
    project_id: str | None = Field(default=None, index=True, max_length=40)
    model: str = Field(max_length=80)
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
