"""The people to begin with: package data, read and checked when first asked for."""

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_avatar_creator.persona import Persona
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Appearance, Expression

Group = Literal["professional", "casual", "sports", "fashion", "traditional"]


class Preset(BaseModel):
    """One person, told in English and (`…_id`) Indonesian."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    name: str
    category: Group
    description: str
    description_id: str
    persona: Persona
    appearance: Appearance
    expression: Expression = Expression.NEUTRAL

    @property
    def avatar(self) -> Avatar:
        """The same as the resource that other apps use."""
        return Avatar(
            id=self.id,
            name=self.name,
            appearance=self.appearance,
            expression=self.expression,
            description=self.description,
            preset=True,
            picture=f"/api/apps/avatar-creator/presets/{self.id}/thumbnail",
        )

    @property
    def digest(self) -> str:
        """SHA-256 of what decides how the person looks."""
        seen = self.model_dump(
            mode="json", exclude_defaults=True, include={"appearance", "expression"}
        )
        return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


@cache
def presets() -> dict[str, Preset]:
    """All of them by id, in the order they are shown."""
    text = files("lumiku_avatar_creator").joinpath("presets.json").read_text("utf-8")
    entries = (Preset.model_validate(entry) for entry in json.loads(text))
    return {entry.id: entry for entry in entries}


@cache
def baked() -> dict[str, dict[str, str]]:
    """By preset, the `digest` and `engine` its thumbnail was made from."""
    source = files("lumiku_avatar_creator").joinpath("thumbnails", "baked.json")
    made: dict[str, dict[str, str]] = (
        json.loads(source.read_text("utf-8")) if source.is_file() else {}
    )
    return made


def thumbnail(preset_id: str) -> bytes | None:
    """The WebP picture of a preset there is, or None before it was baked."""
    source = files("lumiku_avatar_creator").joinpath("thumbnails", f"{preset_id}.webp")
    return source.read_bytes() if source.is_file() else None
