"""The document `lumiku.scene/1`: one person in a pose, before a camera.

It is what an app hands to an image provider when the picture is of a person. A
renderer draws it as it stands; a diffusion provider may use its control maps only.
Angles are anatomical degrees, lengths are metres, `left` is the person's own left.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Degrees = Annotated[float, Field(ge=-180, le=180)]
Unit = Annotated[float, Field(ge=0, le=1)]
Vector = tuple[float, float, float]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
"""sRGB, written `#rrggbb`."""


class Part(BaseModel):
    """The common ground of every piece of a scene: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Anchor(StrEnum):
    """A place on the body that a hand can be led to."""

    HIP = "hip"
    CHEST = "chest"
    BELLY = "belly"
    HEART = "heart"
    CHIN = "chin"
    CHEEK = "cheek"
    EAR = "ear"
    CROWN = "crown"
    NAPE = "nape"
    KNEE = "knee"
    THIGH = "thigh"
    OPPOSITE_ELBOW = "opposite-elbow"


class Hand(StrEnum):
    """The shape of a hand."""

    RELAXED = "relaxed"
    OPEN = "open"
    FLAT = "flat"
    FIST = "fist"
    GRIP = "grip"
    POINT = "point"
    VICTORY = "victory"
    THUMBS_UP = "thumbs-up"


class Contact(StrEnum):
    """Which part of the body carries the weight."""

    STANDING = "standing"
    SEATED = "seated"
    LUNGING = "lunging"


class Prop(StrEnum):
    """A thing the person holds; its place follows from the hands."""

    BOX = "box"


class Torso(Part):
    """The spine, from the pelvis up: forwards, to the left, turned to the left."""

    bend: Degrees = 0
    side: Degrees = 0
    twist: Degrees = 0


class Head(Part):
    """The neck and head: turned to the left, tilted to the left, nodded down."""

    turn: Degrees = 0
    tilt: Degrees = 0
    nod: Degrees = 0


class Pelvis(Part):
    """The pelvis in the room: turned and dropped to the left, tipped forwards."""

    turn: Degrees = 0
    side: Degrees = 0
    tilt: Degrees = 0


class Reach(Part):
    """A goal for a hand: an anchor and a way to come to it."""

    to: Anchor
    offset: Vector = (0, 0, 0)
    """Metres for a body of 1.75 m, in the chest's frame, x away from the midline."""
    elbow: Vector = (1, -0.6, -0.5)
    """The direction in which the elbow points."""
    fingers: Vector | None = None
    """The direction of the fingers."""
    palm: Vector | None = None
    """The direction the palm faces."""


class Arm(Part):
    """One arm: angles, or a goal that overrides those of shoulder and elbow.

    At zero it hangs straight down, the palm to the thigh.
    """

    forward: Degrees = 0
    """Swung to the front."""
    away: Degrees = 8
    """Raised to the side."""
    rotate: Degrees = 0
    """Turned about its own length, the elbow's hollow outwards."""
    elbow: Degrees = 15
    pronate: Degrees = 0
    """Of the forearm, the thumb inwards."""
    wrist: Degrees = 0
    """Bent towards the palm."""
    deviate: Degrees = 0
    """Bent towards the thumb."""
    reach: Reach | None = None
    hand: Hand = Hand.RELAXED
    shoulder_up: Degrees = 0
    shoulder_forward: Degrees = 0


class Leg(Part):
    """One leg; at zero it stands straight down.

    A planted foot keeps the place over the floor that these angles give it; the
    knee's angle gives way, so that it touches.
    """

    forward: Degrees = 0
    away: Degrees = 3
    rotate: Degrees = 5
    """The toes turned out."""
    knee: Degrees = 2
    ankle: Degrees = 0
    """Toes up; of a planted foot measured from the floor."""
    toe: Degrees = 0
    """How far the heel of a planted foot is raised, the toes staying flat."""
    plumb: bool = False
    """Measured from the vertical instead of from the pelvis."""
    planted: bool = True
    """Whether this foot stands on the floor; the knee then gives way as it must."""


class Pose(Part):
    """What the body does, for any body."""

    torso: Torso = Torso()
    head: Head = Head()
    pelvis: Pelvis = Pelvis()
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    contact: Contact = Contact.STANDING
    props: tuple[Prop, ...] = ()
    extensions: dict[str, Any] = {}


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


class GarmentKind(StrEnum):
    """What can be worn."""

    T_SHIRT = "t-shirt"
    SWEATER = "sweater"
    SHIRT = "shirt"
    TUNIC = "tunic"
    ABAYA = "abaya"
    TROUSERS = "trousers"
    JEANS = "jeans"
    SHOES = "shoes"


class Expression(StrEnum):
    """The face; neutral is friendly."""

    NEUTRAL = "neutral"
    SMILE = "smile"
    SERIOUS = "serious"


class Garment(Part):
    """One piece of clothing."""

    kind: GarmentKind
    colour: Colour


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
    extensions: dict[str, Any] = {}


class Framing(StrEnum):
    """How much of the person is in the picture."""

    FULL = "full"
    HALF = "half"


class Camera(Part):
    """Where the picture is taken from."""

    framing: Framing = Framing.FULL
    yaw: Degrees = 10
    """Around the person; positive sees more of the person's left side."""
    pitch: Annotated[float, Field(ge=-30, le=45)] = 4
    """Above the horizon."""
    lens: Annotated[float, Field(ge=10, le=60)] = 22
    """Vertical field of view."""


class BackdropKind(StrEnum):
    """What stands behind the person."""

    STUDIO = "studio"
    GRADIENT = "gradient"
    TRANSPARENT = "transparent"


class Backdrop(Part):
    """What is behind the person."""

    kind: BackdropKind = BackdropKind.STUDIO
    colour: Colour = "#dbdbe0"


class Scene(Part):
    """One picture of one person."""

    version: Literal["lumiku.scene/1"] = "lumiku.scene/1"
    pose: Pose = Pose()
    appearance: Appearance = Appearance()
    expression: Expression = Expression.NEUTRAL
    camera: Camera = Camera()
    backdrop: Backdrop = Backdrop()
    extensions: dict[str, Any] = {}
