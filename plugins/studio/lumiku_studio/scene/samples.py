"""Sample poses and people, from which contact sheets and tests are made."""

from collections.abc import Mapping

from lumiku_contracts.scene import (
    Anchor,
    Appearance,
    Arm,
    Contact,
    Garment,
    GarmentKind,
    HairStyle,
    Hand,
    Head,
    Headwear,
    Leg,
    Pelvis,
    Physique,
    Pose,
    Prop,
    Reach,
    SkinTone,
    Torso,
    Vector,
)


def _reach(
    to: Anchor, offset: Vector, elbow: Vector, fingers: Vector, palm: Vector
) -> Reach:
    return Reach(to=to, offset=offset, elbow=elbow, fingers=fingers, palm=palm)


ON_HIP = Arm(
    reach=_reach(
        Anchor.HIP,
        (0.062, 0.045, 0.015),
        (1, 0.1, -0.35),
        (-0.12, -0.75, 0.65),
        (-1, -0.05, -0.2),
    ),
    hand=Hand.OPEN,
)
ON_THIGH = Arm(
    reach=_reach(
        Anchor.THIGH,
        (0.02, 0.06, 0.02),
        (0.7, -0.2, -1),
        (-0.15, -0.18, 1),
        (0, -1, -0.25),
    ),
    hand=Hand.RELAXED,
)
HOLDING = Arm(
    reach=_reach(
        Anchor.CHEST, (0.128, -0.085, 0.17), (1, -1, -0.3), (0.0, 0.40, 1), (-1, 0, 0)
    ),
    hand=Hand.FLAT,
)
UP = Arm(away=146, forward=12, elbow=18, hand=Hand.FIST)
HANGING = Arm(away=9, forward=2, elbow=14)
STANDING = Leg(away=4, rotate=8)

POSES: Mapping[str, Pose] = {
    "standing-relaxed": Pose(
        left_leg=STANDING,
        right_leg=Leg(away=4, rotate=12, knee=8, forward=6),
        left_arm=HANGING,
        right_arm=Arm(away=9, forward=2, elbow=20),
        torso=Torso(side=1),
        head=Head(turn=4, tilt=2),
    ),
    "walking": Pose(
        left_leg=Leg(forward=22, knee=4, away=1, rotate=4, ankle=14),
        right_leg=Leg(forward=-14, knee=18, away=1, rotate=5, toe=32),
        left_arm=Arm(away=8, forward=-22, elbow=16),
        right_arm=Arm(away=8, forward=24, elbow=32),
        torso=Torso(twist=-8, bend=2),
        pelvis=Pelvis(turn=6),
        contact=Contact.STRIDING,
    ),
    "sitting": Pose(
        left_leg=Leg(forward=86, knee=84, away=7, rotate=2),
        right_leg=Leg(forward=86, knee=80, away=7, rotate=2),
        left_arm=ON_THIGH,
        right_arm=ON_THIGH,
        torso=Torso(bend=3),
        head=Head(nod=2, tilt=3),
        contact=Contact.SEATED,
    ),
    "arms-crossed": Pose(
        left_arm=Arm(
            reach=_reach(
                Anchor.OPPOSITE_ELBOW,
                (0.01, 0.045, 0.115),
                (1, -0.7, 0.25),
                (-0.9, 0.3, -0.4),
                (0, -0.25, -1),
            ),
            hand=Hand.FLAT,
            shoulder_forward=10,
        ),
        right_arm=Arm(
            reach=_reach(
                Anchor.OPPOSITE_ELBOW,
                (0.14, -0.03, 0.0),
                (1, -0.7, 0.25),
                (-0.85, 0.4, -0.4),
                (0, -0.2, -1),
            ),
            shoulder_forward=10,
        ),
        left_leg=Leg(away=12, rotate=10),
        right_leg=Leg(away=12, rotate=10),
        torso=Torso(bend=-2),
        head=Head(tilt=3),
    ),
    "product-chest": Pose(
        left_arm=HOLDING,
        right_arm=HOLDING,
        left_leg=STANDING,
        right_leg=Leg(away=4, rotate=10, knee=6, forward=4),
        head=Head(tilt=4, nod=2),
        props=(Prop.BOX,),
    ),
    "contrapposto": Pose(
        pelvis=Pelvis(side=7, turn=-10),
        torso=Torso(side=-11, twist=9),
        left_leg=Leg(away=-4, rotate=8, plumb=True),
        right_leg=Leg(away=12, forward=20, knee=32, rotate=20, plumb=True),
        left_arm=ON_HIP.model_copy(update={"shoulder_up": 3.0}),
        right_arm=Arm(away=17, forward=-4, elbow=26),
        head=Head(turn=16, tilt=-5, nod=2),
    ),
    "hands-on-hips": Pose(
        left_arm=ON_HIP,
        right_arm=ON_HIP,
        left_leg=Leg(away=9, rotate=12),
        right_leg=Leg(away=9, rotate=12),
        torso=Torso(bend=-3),
        head=Head(nod=-2),
    ),
    "waving": Pose(
        right_arm=Arm(
            away=70, forward=20, rotate=76, elbow=112, pronate=-10, hand=Hand.OPEN
        ),
        left_arm=Arm(away=9, elbow=14),
        torso=Torso(side=-3),
        head=Head(tilt=6, turn=-6),
        left_leg=STANDING,
        right_leg=STANDING,
    ),
    "pointing": Pose(
        left_arm=Arm(away=80, forward=14, elbow=10, pronate=-60, hand=Hand.POINT),
        right_arm=ON_HIP,
        torso=Torso(side=2, twist=6),
        head=Head(turn=26),
        left_leg=Leg(away=6, rotate=10),
        right_leg=STANDING,
    ),
    "thinking": Pose(
        right_arm=Arm(
            reach=_reach(
                Anchor.CHIN,
                (0, -0.150, 0.055),
                (0.5, -1, 0.4),
                (-0.25, 1, -0.1),
                (-0.3, 0, -1),
            ),
            hand=Hand.FIST,
        ),
        left_arm=Arm(
            reach=_reach(
                Anchor.BELLY,
                (-0.02, 0.02, 0.09),
                (1, -0.8, -0.1),
                (-1, 0.1, 0),
                (0, -0.1, -1),
            ),
            hand=Hand.FLAT,
        ),
        head=Head(tilt=-6, turn=-8, nod=4),
        left_leg=STANDING,
        right_leg=Leg(away=5, rotate=10),
    ),
    "arms-up": Pose(
        left_arm=UP.model_copy(update={"shoulder_up": 6.0}),
        right_arm=UP.model_copy(update={"shoulder_up": 6.0}),
        torso=Torso(bend=-6),
        head=Head(nod=-10),
        left_leg=Leg(away=8, rotate=10),
        right_leg=Leg(away=8, rotate=10),
    ),
    "lunge": Pose(
        left_leg=Leg(forward=72, knee=74, away=4, rotate=3),
        right_leg=Leg(forward=-24, knee=42, away=4, rotate=0, toe=48),
        left_arm=Arm(away=10, forward=-28, elbow=80, hand=Hand.FIST),
        right_arm=Arm(away=8, forward=34, elbow=84, hand=Hand.FIST),
        torso=Torso(bend=6),
        head=Head(nod=-4),
        contact=Contact.LUNGING,
    ),
}

AVATARS: Mapping[str, Appearance] = {
    "maya": Appearance(
        age=25,
        physique=Physique(
            femininity=1, height=0.55, weight=0.42, muscle=0.45, proportions=0.85,
            african=0, asian=0.85, caucasian=0.25,
        ),
        skin=SkinTone.LIGHT,
        eyes="#4a2c1a",
        hair=HairStyle.BOB,
        hair_colour="#3a241a",
        makeup=0.35,
        outfit=(
            Garment(kind=GarmentKind.T_SHIRT, colour="#93a98b"),
            Garment(kind=GarmentKind.JEANS, colour="#4a6485"),
            Garment(kind=GarmentKind.SHOES, colour="#efeeea"),
        ),
    ),
    "aisyah": Appearance(
        age=30,
        physique=Physique(
            femininity=1, height=0.5, weight=0.5, muscle=0.42, proportions=0.8,
            african=0, asian=0.9, caucasian=0.2,
        ),
        skin=SkinTone.MEDIUM,
        eyes="#3a2416",
        hair=HairStyle.NONE,
        hair_colour="#20140f",
        headwear=Headwear.HIJAB,
        headwear_colour="#d9b8a8",
        makeup=0.45,
        outfit=(
            Garment(kind=GarmentKind.TUNIC, colour="#7d5a66"),
            Garment(kind=GarmentKind.TROUSERS, colour="#4a4348"),
            Garment(kind=GarmentKind.SHOES, colour="#d8c8b4"),
        ),
    ),
    "budi": Appearance(
        age=32,
        physique=Physique(
            femininity=0, height=0.55, weight=0.48, muscle=0.55, proportions=0.75,
            african=0, asian=0.85, caucasian=0.25,
        ),
        skin=SkinTone.TAN,
        eyes="#33200f",
        hair=HairStyle.SHORT,
        hair_colour="#17110e",
        makeup=0,
        outfit=(
            Garment(kind=GarmentKind.SWEATER, colour="#e3dac6"),
            Garment(kind=GarmentKind.TROUSERS, colour="#2e3238"),
            Garment(kind=GarmentKind.SHOES, colour="#ece9e2"),
        ),
    ),
}  # fmt: skip
