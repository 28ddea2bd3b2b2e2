"""The vocabulary of bodies: legs, trunks, and how a pose is put together.

Angles are degrees and lengths metres, as in `lumiku_contracts.pose`.
"""

from typing import Any

from lumiku_contracts.scene import (
    Arm,
    Camera,
    Contact,
    Framing,
    Gaze,
    Head,
    Held,
    Hold,
    Leg,
    Pelvis,
    Pose,
    Prop,
    Torso,
)

Legs = tuple[Leg, Leg]
Arms = tuple[Arm, Arm]
Bent = tuple[float, float, float]


def pose(
    arms: Arms,
    legs: Legs,
    *,
    torso: Bent = (0, 0, 0),
    head: Bent = (0, 0, 0),
    pelvis: Bent = (0, 0, 0),
    gaze: tuple[float, float] = (0, 0),
    contact: Contact = Contact.STANDING,
    props: tuple[Prop | Held, ...] = (),
    lift: float | None = None,
) -> Pose:
    """A pose from (left, right) limbs.

    `torso` is (bend, side, twist), `head` (turn, tilt, nod), `pelvis` (turn, side,
    tilt), `gaze` (turn, lift).
    """
    more: dict[str, Any] = {} if lift is None else {"lift": lift}
    return Pose(
        left_arm=arms[0],
        right_arm=arms[1],
        left_leg=legs[0],
        right_leg=legs[1],
        torso=Torso(bend=torso[0], side=torso[1], twist=torso[2]),
        head=Head(turn=head[0], tilt=head[1], nod=head[2]),
        pelvis=Pelvis(turn=pelvis[0], side=pelvis[1], tilt=pelvis[2]),
        gaze=Gaze(turn=gaze[0], lift=gaze[1]),
        contact=contact,
        props=props,
        **more,
    )


def mirrored(given: Pose) -> Pose:
    """The same pose with left and right exchanged."""
    torso, head, pelvis = given.torso, given.head, given.pelvis
    return given.model_copy(
        update={
            "left_arm": given.right_arm,
            "right_arm": given.left_arm,
            "left_leg": given.right_leg,
            "right_leg": given.left_leg,
            "torso": Torso(bend=torso.bend, side=-torso.side, twist=-torso.twist),
            "head": Head(turn=-head.turn, tilt=-head.tilt, nod=head.nod),
            "pelvis": Pelvis(turn=-pelvis.turn, side=-pelvis.side, tilt=pelvis.tilt),
            "gaze": Gaze(turn=-given.gaze.turn, lift=given.gaze.lift),
        }
    )


def both(arm: Arm) -> Arms:
    """Both arms alike."""
    return arm, arm


def held(prop: Prop, hold: Hold = Hold.RIGHT) -> Held:
    """A thing in a hand."""
    return Held(prop=prop, hold=hold)


def seen(yaw: float = 10, framing: Framing = Framing.FULL, pitch: float = 4) -> Camera:
    """A camera: full length from a little to the left unless told otherwise."""
    return Camera(yaw=yaw, framing=framing, pitch=pitch)


def half(yaw: float = 10) -> Camera:
    """A half-length picture."""
    return seen(yaw, Framing.HALF)


def three_quarter(yaw: float = 10) -> Camera:
    """A picture down to the knees."""
    return seen(yaw, Framing.THREE_QUARTER)


# Standing: (left, right).
STAND: Legs = (Leg(away=4, rotate=8), Leg(away=4, rotate=8))
EASY: Legs = (Leg(away=4, rotate=8), Leg(forward=6, away=4, rotate=12, knee=8))
WIDE: Legs = (Leg(away=8, rotate=12), Leg(away=9, rotate=12))
TOGETHER: Legs = (Leg(away=1, rotate=6), Leg(away=1, rotate=6))
STEP: Legs = (Leg(forward=14, away=3, rotate=6), Leg(forward=-8, away=3, rotate=14))
"""The left foot before the right."""
WEIGHT_LEFT: Legs = (
    Leg(away=-4, rotate=8, plumb=True),
    Leg(forward=18, away=11, rotate=20, knee=30, plumb=True),
)
"""The weight on the left leg, the right one bent; wants a pelvis (_, 6, 0)."""
WEIGHT_RIGHT: Legs = (WEIGHT_LEFT[1], WEIGHT_LEFT[0])
CROSSED_ANKLES: Legs = (
    Leg(away=1, rotate=6, plumb=True),
    Leg(forward=12, away=-9, rotate=12, knee=16, toe=20, plumb=True),
)
"""The right foot crosses before the left, on its toes."""
STRIDE: Legs = (
    Leg(forward=24, away=1, rotate=4, knee=4, ankle=14),
    Leg(forward=-15, away=1, rotate=5, knee=18, toe=32),
)
"""A step caught in the middle, the left foot before."""


def swapped(legs: Legs) -> Legs:
    """Left for right."""
    return legs[1], legs[0]


def thigh(out: float, down: float, **more: Any) -> Leg:
    """A leg whose thigh points `out` degrees from the front, `down` from the level."""
    return Leg(forward=90 - down, away=out, **more)


def on_chair(out: float = 7, knee: float = 84, down: float = 4, **more: Any) -> Leg:
    """A leg of somebody on a chair, its foot on the floor."""
    return thigh(out, down, knee=knee, rotate=more.pop("rotate", 2), **more)


def lying(forward: float = 0, knee: float = 2, **more: Any) -> Leg:
    """A leg that stands on nothing, the foot stretched."""
    stretched = {"ankle": -35, "planted": False} | more
    return Leg(forward=forward, knee=knee, **stretched)


CHAIR: Legs = (on_chair(), on_chair(knee=80))
CROSS_LEGGED: Legs = (
    thigh(40, 8, rotate=50, knee=148, ankle=-30, planted=False, laid=True),
    thigh(34, 8, rotate=60, knee=104, ankle=-30, planted=False, laid=True),
)
LEGS_CROSSED: Legs = (
    on_chair(2, 88),
    thigh(-11, -22, knee=70, rotate=-6, ankle=-20, planted=False),
)
"""On a chair, the right knee over the left."""
FIGURE_FOUR: Legs = (
    on_chair(2, 88),
    thigh(40, -6, knee=95, rotate=78, ankle=-5, planted=False),
)
"""On a chair, the right ankle on the left knee."""
MERMAID: Legs = (
    thigh(32, 8, rotate=46, knee=118, ankle=-35, planted=False, laid=True),
    thigh(22, 14, rotate=-36, knee=128, ankle=-35, planted=False, laid=True),
)
"""On the floor, both shins to the right; wants a pelvis (_, -6, -4)."""
KNEES_UP: Legs = (thigh(5, -38, knee=118), thigh(5, -38, knee=118))
"""On the floor, both feet standing; wants a pelvis (_, 0, -8)."""
ONE_LEG_LONG: Legs = (
    thigh(5, 2, knee=6, ankle=-20, planted=False, laid=True),
    thigh(5, -40, knee=95),
)
"""On the floor, the right foot standing; wants a pelvis (_, 0, -18)."""
TREE: Legs = (
    Leg(away=-2, rotate=8),
    thigh(62, 40, rotate=70, knee=138, ankle=-30, planted=False),
)
"""On the left leg, the right sole against it."""
WARRIOR: Legs = (
    Leg(away=62, rotate=10),
    Leg(forward=25, away=52, rotate=70, knee=60),
)
"""A wide lunge to the right."""
KNEELING: Legs = (
    Leg(forward=2, away=5, knee=92, ankle=-60, planted=False),
    Leg(forward=2, away=5, knee=92, ankle=-60, planted=False),
)
ON_HEELS: Legs = (
    Leg(forward=72, away=7, knee=150, ankle=-62, plumb=True, planted=False),
    Leg(forward=72, away=7, knee=150, ankle=-62, plumb=True, planted=False),
)
"""Wants a pelvis (_, 0, 8)."""
ONE_KNEE: Legs = (
    Leg(forward=88, knee=90, away=5),
    Leg(forward=-4, knee=86, ankle=20, away=4, planted=False),
)
"""The left foot stands, the right knee is on the floor."""
CROUCH: Legs = (
    Leg(forward=100, away=18, rotate=6, knee=126, toe=35, plumb=True),
    Leg(forward=100, away=18, rotate=6, knee=126, toe=35, plumb=True),
)
