"""What the app's page is told: presets to begin with, the viewer's own avatars."""

from enum import StrEnum
from typing import Any, Final

from lumiku_avatar_creator.avatars import AvatarQuery, list_avatars
from lumiku_avatar_creator.gallery import MOUNT
from lumiku_avatar_creator.outfit import BOTTOM, TOP
from lumiku_avatar_creator.presets import Preset, presets
from lumiku_avatar_creator.words import BodyType, Origin, Style
from lumiku_contracts import Call
from lumiku_contracts.scene import (
    Beard,
    Expression,
    Eyewear,
    FaceShape,
    GarmentKind,
    HairStyle,
    Headwear,
    SkinTone,
)
from lumiku_contracts.wardrobe import PELVIS, TORSO

SKIN: Final = {
    SkinTone.PORCELAIN: "#f8e4da",
    SkinTone.FAIR: "#f3d7c4",
    SkinTone.LIGHT: "#e8bf9f",
    SkinTone.MEDIUM: "#d3a07a",
    SkinTone.TAN: "#b98058",
    SkinTone.BROWN: "#8d5a3b",
    SkinTone.DARK: "#5c3a28",
    SkinTone.DEEP: "#3d271c",
}
"""Skin as its swatch shows it; a provider has its own."""
MOST: Final = 100


def load(call: Call) -> dict[str, Any]:
    """Presets, own avatars, and the words there are for looks."""
    own = list_avatars(call, AvatarQuery(limit=MOST))
    return {
        "presets": [_preset(one) for one in presets().values()],
        "avatars": own.items,
        "skins": [(tone.value, colour) for tone, colour in SKIN.items()],
        "hair": _named(HairStyle),
        "headwear": _named(Headwear),
        "beards": _named(Beard),
        "eyewear": _named(Eyewear),
        "faces": _named(FaceShape),
        "origins": _named(Origin),
        "bodies": _named(BodyType),
        "styles": _named(Style),
        "expressions": _named(Expression),
        "tops": _garments(TORSO),
        "bottoms": _garments(PELVIS - TORSO),
    }


def _preset(preset: Preset) -> dict[str, Any]:
    looks = preset.appearance
    worn = looks.outfit
    top = next((one for one in worn if one.kind in TORSO), TOP)
    bottom = next((one for one in worn if one.kind in PELVIS - TORSO), BOTTOM)
    return {
        "id": preset.id,
        "name": preset.name,
        "description": preset.description,
        "picture": f"{MOUNT}/presets/{preset.id}/thumbnail",
        "colours": {
            "attributes.hair_colour": looks.hair_colour,
            "attributes.headwear_colour": looks.headwear_colour,
            "attributes.eyes": looks.eyes,
            "attributes.outfit.0.colour": top.colour,
            "attributes.outfit.1.colour": bottom.colour,
        },
    }


def _named(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.value.replace("-", " ").capitalize()) for one in words]


def _garments(kinds: frozenset[GarmentKind]) -> list[tuple[str, str]]:
    """In the order of the contract, so that it never changes by itself."""
    return [
        (kind.value, kind.value.replace("-", " ").capitalize())
        for kind in GarmentKind
        if kind in kinds
    ]
