"""What a body does, for any body; part of `lumiku.scene/1`.

Angles are anatomical degrees, lengths are metres, `left` is the person's own left.
"""

from enum import StrEnum
from typing import Any

from pydantic import Field

from lumiku_contracts.ground import Degrees, Part, Vector
from lumiku_contracts.sets import Held, Prop


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
    props: tuple[Prop | Held, ...] = ()
    """What is held or leant on; a bare `Prop` is where it usually is."""
    extensions: dict[str, Any] = Field(default_factory=dict)
