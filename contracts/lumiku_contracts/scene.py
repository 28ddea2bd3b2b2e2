"""The document `lumiku.scene/1`: one person in a pose, before a camera.

It is what an app hands to an image provider when the picture is of a person. A
renderer draws it as it stands; a diffusion provider may use its control maps only.
Angles are anatomical degrees, lengths are metres, `left` is the person's own left.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from lumiku_contracts.ground import Colour, Degrees, Part, Unit, Vector
from lumiku_contracts.pose import (
    Anchor,
    Arm,
    Contact,
    Gaze,
    Hand,
    Head,
    Leg,
    Pelvis,
    Pose,
    Reach,
    Torso,
)
from lumiku_contracts.sets import (
    Backdrop,
    BackdropKind,
    Camera,
    Decal,
    Framing,
    Held,
    Hold,
    Prop,
    SetKind,
    Thing,
)
from lumiku_contracts.wardrobe import Garment, GarmentKind, Pattern

__all__ = [
    "Anchor",
    "Appearance",
    "Arm",
    "Backdrop",
    "BackdropKind",
    "Camera",
    "Colour",
    "Contact",
    "Decal",
    "Degrees",
    "Expression",
    "Framing",
    "Garment",
    "GarmentKind",
    "Gaze",
    "HairStyle",
    "Hand",
    "Head",
    "Headwear",
    "Held",
    "Hold",
    "Leg",
    "Part",
    "Pattern",
    "Pelvis",
    "Physique",
    "Pose",
    "Prop",
    "Reach",
    "Scene",
    "SetKind",
    "SkinTone",
    "Thing",
    "Torso",
    "Unit",
    "Vector",
]


class SkinTone(StrEnum):
    """From light to dark."""

    FAIR = "fair"
    LIGHT = "light"
    MEDIUM = "medium"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


class HairStyle(StrEnum):
    """How the hair is worn."""

    NONE = "none"
    SHORT = "short"
    BOB = "bob"
    LONG = "long"


class Headwear(StrEnum):
    """What covers the hair."""

    NONE = "none"
    HIJAB = "hijab"


class Expression(StrEnum):
    """The face; neutral is friendly."""

    NEUTRAL = "neutral"
    SMILE = "smile"
    SERIOUS = "serious"


class Physique(Part):
    """The body, each value between the ends that its name spans."""

    femininity: Unit = 0.5
    height: Unit = 0.5
    weight: Unit = 0.5
    muscle: Unit = 0.5
    proportions: Unit = 0.5
    """From unusual (0) to ideal (1)."""
    african: Unit = 0.33
    asian: Unit = 0.33
    caucasian: Unit = 0.33


class Appearance(Part):
    """Who is in the picture."""

    age: Annotated[int, Field(ge=18, le=90)] = 28
    """Years; there are only adults."""
    physique: Physique = Physique()
    skin: SkinTone = SkinTone.MEDIUM
    eyes: Colour = "#51341f"
    hair: HairStyle = HairStyle.SHORT
    hair_colour: Colour = "#1d1512"
    headwear: Headwear = Headwear.NONE
    headwear_colour: Colour = "#d8c9b5"
    makeup: Unit = 0.3
    outfit: tuple[Garment, ...] = ()
    extensions: dict[str, Any] = Field(default_factory=dict)


class Scene(Part):
    """One picture of one person."""

    version: Literal["lumiku.scene/1"] = "lumiku.scene/1"
    pose: Pose = Pose()
    appearance: Appearance = Appearance()
    expression: Expression = Expression.NEUTRAL
    camera: Camera = Camera()
    backdrop: Backdrop = Backdrop()
    things: tuple[Thing, ...] = ()
    extensions: dict[str, Any] = Field(default_factory=dict)
