"""What a body does, for any body; part of `lumiku.scene/1`.

Angles are anatomical degrees, lengths are metres, `left` is the person's own left.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from lumiku_contracts.ground import Degrees, Part, Vector
from lumiku_contracts.sets import Held, Prop


class Anchor(StrEnum):
    """A place that a hand can be led to; `own` is the side of the hand itself."""

    HIP = "hip"
    CHEST = "chest"
    BELLY = "belly"
    HEART = "heart"
    BACK = "back"
    """The small of the back."""
    SHOULDER = "shoulder"
    OPPOSITE_SHOULDER = "opposite-shoulder"
    CHIN = "chin"
    MOUTH = "mouth"
    CHEEK = "cheek"
    BROW = "brow"
    EAR = "ear"
    CROWN = "crown"
    NAPE = "nape"
    LAP = "lap"
    """Between the thighs, on top."""
    KNEE = "knee"
    OPPOSITE_KNEE = "opposite-knee"
    THIGH = "thigh"
    SHIN = "shin"
    FOOT = "foot"
    OPPOSITE_FOOT = "opposite-foot"
    OPPOSITE_ELBOW = "opposite-elbow"
    FLOOR = "floor"
    """Under the shoulder; directions then are the room's, turned with the pelvis."""


class Hand(StrEnum):
    """The shape of a hand."""

    RELAXED = "relaxed"
    OPEN = "open"
    FLAT = "flat"
    PRAYER = "prayer"
    """Flat and closed, as two palms laid together for a greeting."""
    FIST = "fist"
    GRIP = "grip"
    CUP = "cup"
    """Round a bottle or a cup."""
    PINCH = "pinch"
    POINT = "point"
    VICTORY = "victory"
    THUMBS_UP = "thumbs-up"
    OK = "ok"
    HEART = "heart"
    """Thumb and forefinger crossed."""
    CALL = "call"
    """Thumb and little finger spread, as for a telephone."""


class Contact(StrEnum):
    """Which part of the body carries the weight."""

    STANDING = "standing"
    """Still, on the planted feet, and balanced over them."""
    STRIDING = "striding"
    """On the planted feet, caught in motion: not balanced."""
    LUNGING = "lunging"
    CROUCHING = "crouching"
    LEANING = "leaning"
    """On the planted feet and against a wall or a desk."""
    SEATED = "seated"
    """On a seat: as high as the planted feet ask, or as `lift` says."""
    FLOOR = "floor"
    """Seated on the floor."""
    KNEELING = "kneeling"
    """On one knee or both; a planted foot stands on the floor."""
    BRACED = "braced"
    """On hands and feet or knees, as in a plank."""
    LYING = "lying"
    """On the back, a side, or the front, as the pelvis is turned."""
    JUMPING = "jumping"
    """On nothing; `lift` says how high."""


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


class Gaze(Part):
    """Where the eyes look from a head that is straight: to the left, and up."""

    turn: Annotated[float, Field(ge=-35, le=35)] = 0
    lift: Annotated[float, Field(ge=-25, le=25)] = 0


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
    laid: bool = False
    """Whether this leg lies on the floor; the hip then gives way as it must."""


class Pose(Part):
    """What the body does, for any body."""

    torso: Torso = Torso()
    head: Head = Head()
    pelvis: Pelvis = Pelvis()
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    gaze: Gaze = Gaze()
    contact: Contact = Contact.STANDING
    lift: Annotated[float, Field(ge=0, le=1.5)] = 0.3
    """Metres for a body of 1.75 m: of a seat, if no foot is planted, or of a jump."""
    props: tuple[Prop | Held, ...] = ()
    """What is held or leant on; a bare `Prop` is where it usually is."""
    extensions: dict[str, Any] = Field(default_factory=dict)
