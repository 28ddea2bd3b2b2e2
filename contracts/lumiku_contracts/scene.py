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
    Light,
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
    "Beard",
    "Camera",
    "Colour",
    "Contact",
    "Decal",
    "Degrees",
    "Expression",
    "Eyewear",
    "FaceShape",
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
    "Light",
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

    PORCELAIN = "porcelain"
    FAIR = "fair"
    LIGHT = "light"
    MEDIUM = "medium"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"
    DEEP = "deep"


class HairStyle(StrEnum):
    """How the hair is worn."""

    NONE = "none"
    BUZZ = "buzz"
    SHORT = "short"
    SIDE_PART = "side-part"
    CURLY = "curly"
    AFRO = "afro"
    BOB = "bob"
    LONG = "long"
    WAVY = "wavy"
    PONYTAIL = "ponytail"
    BUN = "bun"


class Beard(StrEnum):
    """Hair of the face."""

    NONE = "none"
    STUBBLE = "stubble"
    MOUSTACHE = "moustache"
    GOATEE = "goatee"
    FULL = "full"


class Headwear(StrEnum):
    """What covers the hair."""

    NONE = "none"
    HIJAB = "hijab"
    """A square, pinned below the chin, its point on the chest."""
    PASHMINA = "pashmina"
    """A long scarf laid about the neck, one end over the shoulder."""
    KHIMAR = "khimar"
    """A long veil over shoulders and chest."""
    SPORT_HIJAB = "sport-hijab"
    """Close to head and neck."""
    PECI = "peci"
    """A stiff cap without a brim."""


class Eyewear(StrEnum):
    """What is worn before the eyes."""

    NONE = "none"
    ROUND = "round"
    SQUARE = "square"
    SUNGLASSES = "sunglasses"


class FaceShape(StrEnum):
    """The outline of the face."""

    OVAL = "oval"
    ROUND = "round"
    SQUARE = "square"
    HEART = "heart"
    LONG = "long"


class Expression(StrEnum):
    """The face; neutral is friendly."""

    NEUTRAL = "neutral"
    SMILE = "smile"
    LAUGH = "laugh"
    SERIOUS = "serious"
    SURPRISED = "surprised"
    THOUGHTFUL = "thoughtful"
    WINK = "wink"
    CALM = "calm"
    """The eyes closed."""


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
    face: FaceShape = FaceShape.OVAL
    features: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Picks the small differences of a face; 0 has none."""
    skin: SkinTone = SkinTone.MEDIUM
    eyes: Colour = "#51341f"
    hair: HairStyle = HairStyle.SHORT
    hair_colour: Colour = "#1d1512"
    beard: Beard = Beard.NONE
    eyewear: Eyewear = Eyewear.NONE
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
    light: Light = Light()
    things: tuple[Thing, ...] = ()
    extensions: dict[str, Any] = Field(default_factory=dict)
