"""Words for looks that stand for several values of a scene."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from lumiku_contracts.scene import Garment, GarmentKind, SkinTone

K = GarmentKind


class Origin(StrEnum):
    """Where a face is from."""

    SOUTHEAST_ASIAN = "southeast-asian"
    EAST_ASIAN = "east-asian"
    SOUTH_ASIAN = "south-asian"
    MIDDLE_EASTERN = "middle-eastern"
    AFRICAN = "african"
    EUROPEAN = "european"
    MELANESIAN = "melanesian"
    MIXED = "mixed"


class BodyType(StrEnum):
    """The build in a word."""

    SLIM = "slim"
    AVERAGE = "average"
    ATHLETIC = "athletic"
    MUSCULAR = "muscular"
    CURVY = "curvy"
    HEAVY = "heavy"


class AgeRange(StrEnum):
    """The age in a word."""

    YOUNG = "young"
    ADULT = "adult"
    MATURE = "mature"
    SENIOR = "senior"


class Style(StrEnum):
    """What kind of clothes."""

    CASUAL = "casual"
    FORMAL = "formal"
    SPORTY = "sporty"
    MODEST = "modest"
    ELEGANT = "elegant"
    TRADITIONAL = "traditional"


AGES: Final = {
    AgeRange.YOUNG: 24,
    AgeRange.ADULT: 36,
    AgeRange.MATURE: 52,
    AgeRange.SENIOR: 68,
}
# Shares of the body's three sources, and the skin where none is named.
ORIGINS: Final[Mapping[Origin, tuple[dict[str, float], SkinTone]]] = {
    Origin.SOUTHEAST_ASIAN: (
        {"african": 0.05, "asian": 0.9, "caucasian": 0.15},
        SkinTone.MEDIUM,
    ),
    Origin.EAST_ASIAN: ({"african": 0, "asian": 1, "caucasian": 0}, SkinTone.LIGHT),
    Origin.SOUTH_ASIAN: (
        {"african": 0.15, "asian": 0.25, "caucasian": 0.6},
        SkinTone.BROWN,
    ),
    Origin.MIDDLE_EASTERN: (
        {"african": 0.1, "asian": 0.1, "caucasian": 0.8},
        SkinTone.TAN,
    ),
    Origin.AFRICAN: ({"african": 1, "asian": 0, "caucasian": 0}, SkinTone.DARK),
    Origin.EUROPEAN: ({"african": 0, "asian": 0, "caucasian": 1}, SkinTone.FAIR),
    Origin.MELANESIAN: (
        {"african": 0.85, "asian": 0.1, "caucasian": 0.05},
        SkinTone.DARK,
    ),
    Origin.MIXED: ({"african": 0.4, "asian": 0.3, "caucasian": 0.4}, SkinTone.TAN),
}
BODIES: Final[Mapping[BodyType, dict[str, float]]] = {
    BodyType.SLIM: {"weight": 0.25, "muscle": 0.4},
    BodyType.AVERAGE: {"weight": 0.5, "muscle": 0.5},
    BodyType.ATHLETIC: {"weight": 0.38, "muscle": 0.72, "proportions": 0.9},
    BodyType.MUSCULAR: {"weight": 0.5, "muscle": 0.95, "proportions": 0.85},
    BodyType.CURVY: {"weight": 0.68, "muscle": 0.4, "proportions": 0.8},
    BodyType.HEAVY: {"weight": 0.88, "muscle": 0.45},
}


def _worn(*pieces: tuple[GarmentKind, str] | tuple[GarmentKind, str, str]) -> Any:
    return tuple(
        Garment.model_validate(
            {"kind": piece[0], "colour": piece[1]}
            | ({"pattern": piece[2]} if len(piece) > 2 else {})  # noqa: PLR2004
        )
        for piece in pieces
    )


OUTFITS: Final[Mapping[Style, tuple[Garment, ...]]] = {
    Style.CASUAL: _worn(
        (K.T_SHIRT, "#d8dde2"), (K.JEANS, "#47638a"), (K.SHOES, "#f0eee8")
    ),
    Style.FORMAL: _worn(
        (K.BLAZER, "#2a3145"), (K.TROUSERS, "#3a3d46"), (K.LOAFERS, "#2a201a")
    ),
    Style.SPORTY: _worn(
        (K.SPORT_TOP, "#2c7a86"), (K.LEGGINGS, "#1f2026"), (K.SHOES, "#ecebe6")
    ),
    Style.MODEST: _worn(
        (K.TUNIC, "#86716a"), (K.TROUSERS, "#474149"), (K.SHOES, "#d8c8b4")
    ),
    Style.ELEGANT: _worn((K.DRESS, "#7a2436"), (K.LOAFERS, "#2a1d1b")),
    Style.TRADITIONAL: _worn(
        (K.SHIRT, "#5b2f1d", "batik"), (K.TROUSERS, "#2a2a2e"), (K.LOAFERS, "#2b1d15")
    ),
}
COLOURS: Final[Mapping[GarmentKind, str]] = {
    piece.kind: piece.colour for outfit in OUTFITS.values() for piece in outfit
}
PLAIN_COLOUR: Final = "#6f7a86"
