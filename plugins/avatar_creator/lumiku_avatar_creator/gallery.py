"""The routes of the presets."""

from pydantic import BaseModel, ConfigDict

from lumiku_avatar_creator import presets as people
from lumiku_avatar_creator.persona import Persona
from lumiku_avatar_creator.presets import Group, Preset
from lumiku_contracts import Call, File, NotFound, Refused
from lumiku_contracts.scene import Appearance, Expression

MOUNT = "/api/apps/avatar-creator"
DAY = 86_400


class PresetQuery(BaseModel):
    """Which presets; all without a category."""

    model_config = ConfigDict(extra="forbid")

    category: Group | None = None


class PresetCard(BaseModel):
    """A preset in a list."""

    id: str
    name: str
    category: Group
    description: str
    description_id: str
    persona: Persona
    thumbnail_url: str


class PresetPage(BaseModel):
    """All presets asked for; there is never a next page."""

    items: tuple[PresetCard, ...]
    next_cursor: None = None


class PresetDetail(PresetCard):
    """A preset with all its looks."""

    appearance: Appearance
    expression: Expression


def list_presets(call: Call, query: PresetQuery) -> PresetPage:
    """The presets, in the order they are shown."""
    del call
    return PresetPage(
        items=tuple(
            PresetCard(**_card(preset))
            for preset in people.presets().values()
            if query.category in (None, preset.category)
        )
    )


def show_preset(call: Call, preset_id: str) -> PresetDetail:
    """One preset, or raise `NotFound`."""
    del call
    preset = _preset(preset_id)
    return PresetDetail(
        **_card(preset), appearance=preset.appearance, expression=preset.expression
    )


def show_thumbnail(call: Call, preset_id: str) -> File:
    """The picture of a preset, 240 x 320; refuses where it was not baked."""
    del call
    content = people.thumbnail(_preset(preset_id).id)
    if content is None:
        detail = f"The preset “{preset_id}” has no thumbnail yet."
        raise Refused("thumbnail-missing", detail, status=404)
    return File(content, "image/webp", cache_seconds=DAY)


def _preset(preset_id: str) -> Preset:
    preset = people.presets().get(preset_id)
    if preset is None:
        raise NotFound("preset", preset_id)
    return preset


def _card(preset: Preset) -> dict[str, object]:
    own = preset.model_dump(include=set(PresetCard.model_fields) - {"thumbnail_url"})
    return own | {"thumbnail_url": f"{MOUNT}/presets/{preset.id}/thumbnail"}
