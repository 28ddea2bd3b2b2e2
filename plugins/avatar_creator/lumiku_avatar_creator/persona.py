"""Who an avatar is meant to be, beside the looks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
"""What an avatar is called, without spaces around it."""


class Persona(BaseModel):
    """A character; `age` in years, adults only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: int | None = Field(None, ge=18, le=90)
    personality: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = Field(
        (), max_length=10
    )
    background: str = Field("", max_length=500)
