"""What is around a person: things, pictures on them, camera, backdrop.

Part of `lumiku.scene/1`. Pictures are named; the request that carries the scene
carries them.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from lumiku_contracts.ground import Colour, Degrees, Part, Unit

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""One of the pictures of a request."""


class Prop(StrEnum):
    """A thing beside the person: held, sat upon, leant on, or standing there."""

    BOX = "box"
    BOTTLE = "bottle"
    PHONE = "phone"
    CUP = "cup"
    SHOPPING_BAG = "shopping-bag"
    HANDBAG = "handbag"
    LAPTOP = "laptop"
    CARD = "card"
    """A cut-out product: a picture with its own outline."""
    MICROPHONE = "microphone"
    TRAY = "tray"
    BOUQUET = "bouquet"
    CHAIR = "chair"
    STOOL = "stool"
    DESK = "desk"
    WALL = "wall"
    POSTER = "poster"
    STANDEE = "standee"
    """A card as tall as a person's chest that stands on the floor."""


class Hold(StrEnum):
    """Where a thing is held."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


class Held(Part):
    """A thing in certain hands."""

    prop: Prop
    hold: Hold = Hold.RIGHT


class Decal(Part):
    """A picture put on a surface."""

    picture: Name
    width: Annotated[float, Field(ge=0.1, le=1)] = 0.7
    """Share of the surface that it may fill."""


class Thing(Part):
    """How a thing looks. One that the pose does not hold stands in the set."""

    prop: Prop
    colour: Colour | None = None
    """None for the thing's usual one."""
    decal: Decal | None = None
    aside: Annotated[float, Field(ge=-3, le=3)] = 0.62
    """Metres to the person's left, for what stands in the set."""


class Framing(StrEnum):
    """How much of the person is in the picture."""

    FULL = "full"
    THREE_QUARTER = "three-quarter"
    HALF = "half"
    PORTRAIT = "portrait"


class Camera(Part):
    """Where the picture is taken from."""

    framing: Framing = Framing.FULL
    yaw: Degrees = 10
    """Around the person; positive sees more of the person's left side."""
    pitch: Annotated[float, Field(ge=-30, le=45)] = 4
    """Above the horizon: how high it stands."""
    lens: Annotated[float, Field(ge=10, le=60)] = 22
    """Vertical field of view."""


class Light(Part):
    """How the light differs from the engine's usual one; zero is as usual."""

    turn: Annotated[float, Field(ge=-60, le=60)] = 0
    """The main light around the person, in degrees towards the picture's right."""
    warmth: Annotated[float, Field(ge=-1, le=1)] = 0
    """From cool to warm."""
    contrast: Annotated[float, Field(ge=-1, le=1)] = 0
    """Of the lit side to the other: from soft to hard."""


class BackdropKind(StrEnum):
    """What stands behind the person."""

    STUDIO = "studio"
    GRADIENT = "gradient"
    TRANSPARENT = "transparent"
    SET = "set"
    PICTURE = "picture"


class SetKind(StrEnum):
    """A place built behind the person, with a light of its own."""

    SHOP = "shop"
    CAFE = "cafe"
    STREET = "street"
    OFFICE = "office"
    BEACH = "beach"
    MOSQUE = "mosque"
    LIVING_ROOM = "living-room"
    GARDEN = "garden"


class Backdrop(Part):
    """What is behind the person."""

    kind: BackdropKind = BackdropKind.STUDIO
    colour: Colour = "#dbdbe0"
    second: Colour | None = None
    """Where a gradient ends, above."""
    set: SetKind = SetKind.SHOP
    """The place, of kind `set`."""
    picture: Name | None = None
    """The picture, of kind `picture`."""
    blur: Unit = 0.5
    """How far out of focus a place or picture is."""
