"""The vocabulary of arms: one side each, to be used on either."""

from lumiku_contracts.scene import Anchor, Arm, Hand, Reach, Vector

A, H = Anchor, Hand


def to(  # noqa: PLR0917  a goal reads best as one row of vectors
    anchor: Anchor,
    offset: Vector,
    elbow: Vector,
    fingers: Vector,
    palm: Vector,
    hand: Hand = Hand.RELAXED,
    *,
    up: float = 0,
    fwd: float = 0,
) -> Arm:
    """An arm led to an anchor; directions are the chest's, x away from the midline."""
    reach = Reach(to=anchor, offset=offset, elbow=elbow, fingers=fingers, palm=palm)
    return Arm(reach=reach, hand=hand, shoulder_up=up, shoulder_forward=fwd)


def turn(arm: Arm, **changed: float | Hand) -> Arm:
    """The same arm, some of it changed."""
    return arm.model_copy(update=changed)


def moved(arm: Arm, x: float = 0, y: float = 0, z: float = 0) -> Arm:
    """The same goal, some metres away, up, or forwards."""
    if arm.reach is None:
        raise ValueError(arm)
    a, b, c = arm.reach.offset
    reach = arm.reach.model_copy(update={"offset": (a + x, b + y, c + z)})
    return arm.model_copy(update={"reach": reach})


# Hanging and free.
HANG = Arm(forward=2, away=9, elbow=14)
LOOSE = Arm(forward=4, away=13, elbow=24)
BACKWARDS = Arm(forward=-22, away=8, elbow=16)
FORWARDS = Arm(forward=24, away=8, elbow=32)
ASIDE = Arm(forward=10, away=84, elbow=8, pronate=-60)
OFFERING = Arm(forward=18, away=34, rotate=40, elbow=72, pronate=-75, hand=H.OPEN)
"""The forearm to the side, the palm up."""
WELCOME = Arm(forward=20, away=46, rotate=20, elbow=28, pronate=-70, hand=H.OPEN)
WAVE = Arm(forward=20, away=70, rotate=76, elbow=112, pronate=-10, hand=H.OPEN)
WAVE_HIGH = Arm(forward=12, away=150, elbow=22, hand=H.OPEN, shoulder_up=8)
FIST_UP = Arm(forward=12, away=146, elbow=18, hand=H.FIST, shoulder_up=6)
UP = Arm(forward=170, away=-12, elbow=8, hand=H.FLAT, shoulder_up=10)
FLEX = Arm(forward=8, away=86, rotate=86, elbow=118, hand=H.FIST)
"""The upper arm level, the fist up: a strong man."""
CACTUS = Arm(forward=8, away=84, rotate=84, elbow=88, hand=H.OPEN)
RUN_FORE = Arm(forward=38, away=8, elbow=92, hand=H.FIST)
RUN_BACK = Arm(forward=-44, away=12, elbow=86, hand=H.FIST)

# On the body.
ON_HIP = to(
    A.HIP, (0.062, 0.045, 0.015), (1, 0.1, -0.35), (-0.12, -0.75, 0.65),
    (-1, -0.05, -0.2), H.OPEN,
)  # fmt: skip
FIST_ON_HIP = to(
    A.HIP, (0.085, 0.03, 0.02), (1, 0.05, -0.4), (-0.55, -0.5, 0.65),
    (-0.75, -0.2, -0.6), H.FIST,
)  # fmt: skip
POCKET = to(
    A.HIP, (0.045, -0.10, 0.03), (0.9, -0.2, -0.7), (-0.1, -1, 0.25),
    (-1, 0, -0.1), H.FLAT,
)  # fmt: skip
"""The hand flat on the side of the hip, as in a pocket."""
CROSS_OVER = to(
    A.OPPOSITE_ELBOW, (0.01, 0.035, 0.045), (1, -0.7, 0.25), (-0.9, 0.3, -0.4),
    (0, -0.25, -1), H.FLAT, fwd=10,
)  # fmt: skip
"""The hand laid about the other upper arm."""
CROSS_UNDER = to(
    A.OPPOSITE_ELBOW, (0.11, 0.02, -0.03), (1, -0.7, 0.25), (-0.85, 0.4, -0.4),
    (0, -0.2, -1), H.RELAXED, fwd=10,
)  # fmt: skip
"""The hand tucked beneath the other arm."""
ACROSS = to(
    A.BELLY,
    (-0.02, 0.02, 0.06),
    (1, -0.8, -0.1),
    (-1, 0.1, 0),
    (0, -0.1, -1),
    H.RELAXED,
)
"""The forearm level before the belly."""
CHIN_FIST = to(
    A.CHIN, (0, -0.15, 0.055), (0.5, -1, 0.4), (-0.25, 1, -0.1), (-0.3, 0, -1), H.FIST
)
CHIN_FINGER = to(
    A.CHIN, (0.02, -0.157, 0.056), (0.6, -1, 0.3), (-0.2, 1, -0.12), (-0.4, 0, -1),
    H.POINT,
)  # fmt: skip
CHEEK = to(
    A.CHEEK, (0.03, -0.15, 0.05), (0.9, -1, 0.2), (-0.15, 1, -0.15), (-1, 0, -0.35),
    H.FLAT,
)  # fmt: skip
BOTH_CHEEKS = to(
    A.CHEEK, (0.033, -0.19, 0.045), (0.9, -1, 0.2), (-0.08, 1, -0.12), (-1, 0, -0.2),
    H.FLAT,
)  # fmt: skip
MOUTH_ASIDE = to(
    A.MOUTH, (0.135, -0.12, 0.05), (1, -0.7, 0.1), (-0.25, 1, 0.1), (-1, 0, -0.2),
    H.FLAT,
)  # fmt: skip
"""The hand beside the mouth: calling, or telling a secret."""
SALUTE = to(
    A.BROW, (0.13, -0.09, 0.03), (1, -0.2, 0.1), (-0.75, 0.6, 0.05), (0, -0.6, 0.8),
    H.FLAT,
)  # fmt: skip
SHADE = to(
    A.BROW, (0.12, 0.03, 0.075), (1, 0.0, 0.1), (-1, 0.12, 0.05), (0, -1, -0.1), H.FLAT
)
"""The hand over the eyes against the sun."""
HAIR = to(
    A.CROWN, (0.13, -0.03, 0.02), (1, 0.35, 0.05), (-0.8, 0.5, -0.3), (-0.5, -0.9, 0),
    H.RELAXED, up=6,
)  # fmt: skip
NAPE = to(
    A.NAPE, (0.14, 0.0, -0.045), (1, 0.3, 0.1), (-1, 0.1, -0.2), (0.1, 0, 1), H.RELAXED,
    up=5,
)  # fmt: skip
EAR = to(
    A.EAR, (0.06, -0.155, 0.075), (1, -0.9, 0.15), (-0.25, 1, -0.25), (-1, -0.1, -0.2),
    H.FLAT,
)  # fmt: skip
"""A telephone at the ear."""
LAPEL = to(
    A.HEART, (0.03, -0.03, 0.05), (1, -0.8, -0.1), (-0.8, 0.55, 0.1), (-0.1, 0, -1),
    H.PINCH,
)  # fmt: skip
ON_HEART = to(
    A.HEART, (0.03, -0.03, 0.045), (1, -0.7, -0.05), (-0.95, 0.25, -0.1), (0, 0, -1),
    H.FLAT,
)  # fmt: skip
SHOULDER = to(
    A.OPPOSITE_SHOULDER, (-0.02, -0.05, 0.10), (0.5, -1, 0.7), (-0.7, 0.6, -0.4),
    (-0.3, -0.5, -0.8), H.RELAXED, fwd=8,
)  # fmt: skip
PRAYER = to(
    A.CHEST, (0.046, -0.02, 0.16), (0.5, -1, -0.2), (0, 1, 0.6), (-1, 0, 0), H.PRAYER
)
"""The palms together before the chest: a salam."""
CLASPED = to(
    A.BELLY, (0.055, -0.09, 0.075), (1, -0.3, -0.5), (-0.8, -0.55, 0.1),
    (-0.3, 0, -1), H.RELAXED,
)  # fmt: skip
"""One hand laid on the other before the belly; the other is `CLASPED_OVER`."""
CLASPED_OVER = moved(CLASPED, x=-0.025, y=0.01, z=0.04)
FIG_LEAF = moved(CLASPED, x=0.005, y=-0.09, z=0.0)
FIG_LEAF_OVER = moved(FIG_LEAF, x=-0.02, y=0.012, z=0.04)
BEHIND = to(
    A.BACK, (0.045, -0.06, -0.05), (1, -0.2, -0.8), (-0.8, -0.6, 0), (0.1, 0, -1),
    H.RELAXED,
)  # fmt: skip
BEHIND_OVER = moved(BEHIND, x=-0.01, y=0.01, z=-0.045)
STEEPLE = to(
    A.CHEST, (0.092, -0.155, 0.21), (0.8, -1, -0.3), (-0.3, 0.8, 0.65), (-1, 0, 0.1),
    H.OPEN,
)  # fmt: skip

# Seated, and on the floor.
ON_THIGH = to(
    A.THIGH, (0.02, 0.06, 0.02), (0.7, -0.2, -1), (-0.15, -0.18, 1), (0, -1, -0.25)
)
ON_KNEE = to(
    A.KNEE, (0.01, 0.02, -0.115), (0.9, -0.2, -0.8), (-0.1, -0.35, 1), (0, -1, -0.3)
)
IN_LAP = to(A.LAP, (0.06, 0.05, 0.02), (1, -0.2, -0.6), (-0.9, -0.1, 0.45), (0, -1, 0))
IN_LAP_OVER = moved(IN_LAP, x=-0.02, y=0.035)
OVER_KNEE = to(
    A.KNEE,
    (-0.03, 0.03, 0.10),
    (1, -0.1, -0.6),
    (-0.45, -0.75, 0.5),
    (-0.2, -0.6, -0.8),
)
"""The forearm laid over the knee, the hand hanging before it."""
ROUND_KNEE = to(
    A.OPPOSITE_KNEE, (0.06, -0.02, 0.07), (1, -0.3, -0.2), (-0.9, -0.2, -0.3),
    (-0.2, 0, -1),
)  # fmt: skip
ROUND_SHIN = to(
    A.SHIN, (0.07, -0.012, 0.034), (1, -0.36, 0.19), (-1, -0.1, 0.1), (-0.2, 0, -1)
)
"""Round a drawn-up leg, before the shin."""
FLOOR = to(A.FLOOR, (0.02, 0, 0), (1, 0, -1), (0.25, 0, 1), (0, -1, 0), H.FLAT)
ON_DESK_BEHIND = to(
    A.HIP, (0.07, -0.10, -0.20), (0.5, 0.2, -1), (0.9, -0.05, 0.4), (0, -1, 0), H.FLAT
)
FLOOR_ASIDE = to(
    A.FLOOR, (0.14, 0, -0.12), (0.6, 0, -1), (1, 0, -0.3), (0, -1, 0), H.FLAT
)
FLOOR_BEHIND = to(
    A.FLOOR, (0.06, 0, -0.24), (0.4, 0, -1), (0.5, 0, -1), (0, -1, 0), H.FLAT
)

# With things, and signs.
HOLD_BOX = to(
    A.CHEST, (0.128, -0.085, 0.17), (1, -1, -0.3), (0, 0.4, 1), (-1, 0, 0), H.FLAT
)
HOLD_CUP = to(
    A.CHEST, (0.09, -0.10, 0.17), (0.9, -1, -0.2), (-0.55, 0.15, 0.8), (-1, 0, 0.1),
    H.CUP,
)  # fmt: skip
SIP = to(
    A.MOUTH, (0.075, -0.10, 0.10), (1, -0.8, 0.1), (-0.7, 0.45, 0.1), (-0.85, 0, -0.4),
    H.CUP,
)  # fmt: skip
SHOW = to(
    A.CHEEK, (0.17, -0.13, 0.08), (1, -1, 0), (-0.3, 0.6, 0.6), (-1, 0, 0.1), H.CUP
)
"""A thing held beside the face."""
SHOW_FRONT = to(
    A.CHEST, (0.12, 0.04, 0.36), (1, -1, -0.2), (-0.5, 0.35, 0.8), (-1, 0, 0.1), H.CUP
)
"""A thing held out to the viewer."""
SHOW_SCREEN = to(
    A.CHEST, (0.15, 0.03, 0.27), (1, -1, -0.2), (-0.1, 1, 0.15), (0.1, -0.15, 1), H.FLAT
)
"""A screen on the palm, to the viewer."""
PHONE_BELOW = to(
    A.CHEST, (0.05, -0.06, 0.24), (1, -1, -0.2), (-0.35, 0.75, 0.45),
    (-0.75, 0.2, -0.8),
    H.FLAT,
)  # fmt: skip
"""Reading a telephone."""
TAP = to(
    A.CHEST, (0.15, -0.05, 0.24), (1, -0.8, -0.1), (-0.85, 0.45, 0.25),
    (-0.2, -0.8, 0.1), H.POINT,
)  # fmt: skip
SELFIE = to(
    A.SHOULDER, (0.10, 0.06, 0.42), (0.9, -0.8, 0), (-0.3, 1, 0.35), (-0.25, 0.25, -1),
    H.FLAT,
)  # fmt: skip
"""A telephone at arm's length, its screen to the face."""
CARRY = Arm(forward=4, away=12, elbow=10, hand=H.GRIP)
"""A bag at the end of the arm."""
FOREARM_BAG = to(
    A.BELLY, (0.13, 0.13, 0.15), (1, -0.8, -0.4), (-0.4, 0.45, 0.8), (-0.6, 0.6, 0),
    H.RELAXED,
)  # fmt: skip
TRAY = to(
    A.SHOULDER, (0.14, -0.08, 0.20), (0.8, -1, -0.2), (0.1, 0.1, 1), (0, 1, -0.1),
    H.FLAT,
)  # fmt: skip
PALM_UP = to(
    A.CHEST, (0.12, -0.12, 0.22), (0.9, -1, -0.3), (-0.15, 0.1, 1), (-0.1, 1, 0), H.OPEN
)
STOP = to(
    A.SHOULDER, (0.02, -0.04, 0.36), (0.9, -0.8, -0.2), (0, 1, 0.1), (0, 0, 1), H.FLAT
)
MIC = to(
    A.MOUTH, (0.085, -0.15, 0.12), (0.8, -1, 0.1), (-1, 0.15, 0.1), (0, -0.55, -0.85),
    H.GRIP,
)  # fmt: skip
"""A microphone before the mouth."""
POINT_UP = to(
    A.CHEEK, (0.14, -0.02, 0.10), (1, -1, 0), (0, 1, 0.05), (0, 0, 1), H.POINT
)
POINT_FRONT = to(
    A.SHOULDER, (-0.02, -0.06, 0.42), (0.9, -0.8, 0), (-0.1, 0.05, 1), (-0.8, -0.6, 0),
    H.POINT,
)  # fmt: skip
POINT_ACROSS = to(
    A.CHEST, (-0.02, 0.02, 0.16), (1, -0.6, 0), (-1, 0.25, 0.1), (0, -0.5, -0.85),
    H.POINT,
)  # fmt: skip
POINT_DOWN = to(
    A.BELLY, (0.06, -0.02, 0.20), (1, 0.1, -0.4), (-0.2, -1, 0.3), (-0.3, 0, -1),
    H.POINT,
)  # fmt: skip
THUMB = to(
    A.CHEST, (0.12, -0.03, 0.18), (0.9, -1, -0.2), (-0.85, 0.1, 0.5), (-0.35, 0, -0.9),
    H.THUMBS_UP,
)  # fmt: skip
VICTORY = to(
    A.CHEEK, (0.10, -0.11, 0.07), (1, -1, 0), (0.05, 1, 0), (-0.1, 0, 1), H.VICTORY
)
OKAY = to(A.SHOULDER, (0.10, 0.02, 0.18), (1, -1, 0), (0, 1, 0.1), (-0.1, 0, 1), H.OK)
CALL = to(
    A.EAR, (0.035, -0.105, 0.01), (1, -0.9, 0.0), (-0.15, 0.8, 0.6), (-1, -0.1, 0),
    H.CALL,
)  # fmt: skip
FINGER_HEART = to(
    A.CHEEK, (0.09, -0.12, 0.09), (1, -1, 0), (-0.2, 1, 0.1), (-0.3, 0, 0.9), H.HEART
)
GUARD = to(
    A.CHIN, (0.10, -0.17, 0.15), (0.6, -1, 0), (-0.25, 0.9, 0.3), (-0.8, 0, -0.4),
    H.FIST,
)  # fmt: skip
"""A boxer's fist before the chin."""
PUNCH = to(
    A.SHOULDER, (-0.06, -0.03, 0.60), (1, -0.3, 0), (-0.15, 0, 1), (-0.1, -1, 0), H.FIST
)
CHAMBERED = to(
    A.HIP, (0.03, 0.12, 0.02), (0.5, -0.1, -1), (0, 0.05, 1), (0, 1, 0), H.FIST
)
"""A fist at the side, ready to strike."""
TYPE = to(
    A.BELLY, (0.10, 0.23, 0.27), (1, -0.6, -0.5), (-0.2, 0.05, 1), (0, -1, 0.1),
    H.RELAXED,
)  # fmt: skip
