"""The ground of the scene's documents: frozen parts, angles, shares, colours."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Degrees = Annotated[float, Field(ge=-180, le=180)]
Unit = Annotated[float, Field(ge=0, le=1)]
Vector = tuple[float, float, float]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
"""sRGB, written `#rrggbb`."""


class Part(BaseModel):
    """The common ground of every piece of a scene: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
