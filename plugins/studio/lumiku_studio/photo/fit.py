"""From the joints of a person in space to a pose of ours, for any body.

How far they are turned to the camera becomes the camera's yaw.
"""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.pose import (
    Anchor,
    Arm,
    Contact,
    Head,
    Leg,
    Pelvis,
    Pose,
    Reach,
    Torso,
)
from lumiku_contracts.senses import Doubt
from lumiku_contracts.sets import Camera, Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.photo.bearing import Bearing, borne
from lumiku_studio.photo.doubt import ERECT, doubts
from lumiku_studio.photo.frame import MARKS, NOSE, SIDES, Frame, framed
from lumiku_studio.photo.people import Person
from lumiku_studio.rotation import about_x, about_y, about_z, unit
from lumiku_studio.skeleton.posing import collarbone

NOSE_DROP = 5.5
"""Degrees that the nose lies under the ears of a head held straight, as it is seen."""
SURE_LEAN, SURE_SIDE = 25.0, 20.0
"""Degrees of a trunk's lean, and of its lean to a side, that are believed whole; of
less, less: who stands upright is seen to lean a little, either way."""
LEAST_LEAN, LEAST_SIDE = 0.2, 0.5
"""The share of the smallest lean that is believed."""
NOSE_AHEAD = 0.62
"""How far the nose is before the ears' middle, in spans from ear to ear."""
PROFILE = 65.0
"""Degrees past which a face shows one ear only."""
SEEN = 0.5
BACK_SHARE = 0.6
"""Of the trunk's lean that is the spine's; the rest is the pelvis's."""
CHORD = 0.59
"""Degrees that the shoulders go over for one that the spine is bent."""
ON_SIDE, ON_BACK, IN_LINE = 60.0, -75.0, 40.0
"""Degrees of the trunk of who lies on a side; of the pelvis of who lies on the back;
between trunk and thighs that are stretched."""
UPPER = np.array([-0.03, 0.1, 0.09])
"""What upper arms are seen too far out, down and back, for arms of length one."""
HEIGHT = 0.83
"""Metres of a leg of who is 1.75 m tall."""
DOWN = {Contact.LYING, Contact.BRACED}
LIMP = {Contact.KNEELING: -55.0, Contact.FLOOR: -30.0, Contact.BRACED: -20.0,
        Contact.LYING: -35.0}  # fmt: skip
"""Degrees of the ankle of a leg that does not stand."""


def fitted(person: Person) -> tuple[Pose, Camera, tuple[Doubt, ...]]:
    """The pose of a person, the camera that saw them so, and what is not sure."""
    frame = framed(person)
    bearing = borne(frame)
    cut = not person.visible[[*MARKS["knee"], *MARKS["ankle"]]].any()
    if cut and bearing.contact not in DOWN:
        bearing = Bearing(Contact.STANDING, frozenset("LR"))
    trunk = _trunk(frame, bearing)
    legs = {"L": Leg(), "R": Leg()}
    if not cut:
        legs = {side: _leg(frame, side, sign, trunk.root) for side, sign in SIDES}
    arms = {side: _arm(frame, side, sign, trunk.chest) for side, sign in SIDES}
    for side in bearing.hands:
        arms[side] = arms[side].model_copy(update={"reach": _on_floor(frame, side)})
    for side, leg in legs.items():
        legs[side] = leg.model_copy(update=_foot(bearing, side))
    pose = Pose(
        torso=trunk.torso,
        head=_head(frame, trunk.chest, person),
        pelvis=trunk.pelvis,
        left_arm=arms["L"],
        right_arm=arms["R"],
        left_leg=legs["L"],
        right_leg=legs["R"],
        contact=bearing.contact,
    )
    whole = max(person.visible[list(MARKS["knee"])]) > SEEN
    whole = whole or (not cut and bearing.contact not in ERECT)
    framing = Framing.FULL if whole else Framing.HALF
    camera = Camera(framing=framing, yaw=_round(-frame.facing))
    return pose, camera, doubts(frame, bearing, person)


def _round(degrees: float, low: float = -180.0, high: float = 180.0) -> float:
    return round(float(np.clip(degrees, low, high)), 1)


def _angle(y: float, x: float) -> float:
    return float(np.degrees(np.arctan2(y, x)))


@dataclass(frozen=True, slots=True, eq=False)
class _Trunk:
    """Pelvis and spine, and how they turn what hangs on them."""

    pelvis: Pelvis
    torso: Torso
    root: Floats
    chest: Floats


def _trunk(frame: Frame, bearing: Bearing) -> _Trunk:
    down = bearing.contact in DOWN
    up = frame.up if down else _believed(frame.up)
    pelvis = _lying(frame, up) if down else _upright(frame, up)
    root = about_y(pelvis.turn) @ about_z(-pelvis.side) @ about_x(pelvis.tilt)
    here = root.T @ up
    line = root.T @ (frame.joint["shoulderL"] - frame.joint["shoulderR"])
    torso = Torso(
        bend=_round(_angle(here[2], here[1]) / CHORD, -40, 90),
        side=_round(_angle(here[0], here[1]) / CHORD, -40, 40),
        twist=_round(_angle(-line[2], line[0]), -50, 50),
    )
    chest = root @ about_y(torso.twist) @ about_z(-torso.side) @ about_x(torso.bend)
    return _Trunk(pelvis, torso, root, chest)


def _believed(up: Floats) -> Floats:
    """The direction of an upright trunk, nearer to the vertical."""
    lean, side = _angle(up[2], up[1]), _angle(up[0], up[1])
    lean *= float(np.clip(abs(lean) / SURE_LEAN, LEAST_LEAN, 1))
    side *= float(np.clip(abs(side) / SURE_SIDE, LEAST_SIDE, 1))
    out: Floats = about_z(-side) @ about_x(lean) @ [0.0, 1.0, 0.0]
    return out


def _upright(frame: Frame, up: Floats) -> Pelvis:
    """A pelvis that shares the trunk's lean with the spine."""
    hips = frame.joint["hipL"] - frame.joint["hipR"]
    return Pelvis(
        turn=_round(_angle(-hips[2], hips[0]) * 0.6),
        side=_round(-_angle(hips[1], hips[0]), -25, 25),
        tilt=_round(_angle(up[2], up[1]) * (1 - BACK_SHARE)),
    )


def _lying(frame: Frame, up: Floats) -> Pelvis:
    """A pelvis that lies: on a side, or with thighs that are stretched, or the back."""
    aside = _angle(up[0], float(np.hypot(up[1], up[2])))
    if abs(aside) > ON_SIDE:
        return Pelvis(side=_round(aside))
    tilt = _angle(up[2], up[1])
    thigh = frame.between("kneeL", "hipL") + frame.between("kneeR", "hipR")
    along = _angle(float(thigh[2]), float(thigh[1]))
    if abs(along - tilt) < IN_LINE:
        tilt = along
    elif tilt < 0:
        tilt = min(tilt, ON_BACK)
    return Pelvis(tilt=_round(tilt))


def _head(frame: Frame, chest: Floats, person: Person) -> Head:
    """Turned as picture and space say, nodded and tilted as the joints in space do."""
    joint = frame.joint
    ears = chest.T @ (joint["earL"] - joint["earR"])
    front = chest.T @ (joint["nose"] - (joint["earL"] + joint["earR"]) / 2)
    ahead = float(np.hypot(front[0], front[2]))
    seen = about_y(frame.facing) @ chest
    turn = _turned(person) - _angle(seen[0, 2], seen[2, 2])
    turn = (turn + 180) % 360 - 180
    return Head(
        turn=_round(turn, -75, 75),
        tilt=_round(-_angle(ears[1], float(np.hypot(ears[0], ears[2]))), -35, 35),
        nod=_round(-NOSE_DROP - _angle(front[1], ahead), -45, 45),
    )


def _turned(person: Person) -> float:
    """Degrees that a face is turned to the picture's right.

    In space faces come out too frontal, and in the picture a face in profile shows one
    ear only: near the front both are asked, past `PROFILE` the joints in space alone.
    """
    places = [person.points[mark] for mark in MARKS["ear"]]
    span = max(float(np.linalg.norm(places[0] - places[1])), 1.0)
    aside = person.points[NOSE] - (places[0] + places[1]) / 2
    flat = _angle(float(aside @ (places[0] - places[1])) / span**2, NOSE_AHEAD)
    left, right = (person.world[mark] for mark in MARKS["ear"])
    ahead = person.world[NOSE] - (left + right) / 2
    deep = _angle(ahead[0], ahead[2])
    if abs(deep) > PROFILE:
        return deep
    across = left - right
    return flat / 2 + deep / 4 + _angle(-across[2], across[0]) / 4


def _arm(frame: Frame, side: str, sign: float, chest: Floats) -> Arm:
    upper = chest.T @ frame.between(f"shoulder{side}", f"elbow{side}")
    upper = unit(upper + UPPER * [sign, 1, 1])
    lower = chest.T @ frame.between(f"elbow{side}", f"wrist{side}")
    forward, away = _swung(upper, sign)
    # The collarbone follows a raised arm, whose angles are measured from it.
    for _ in range(4):
        shoulder = collarbone(max(away, abs(forward)), sign)
        forward, away = _swung(shoulder.T @ upper, sign)
    base = shoulder @ about_z(sign * away) @ about_x(-forward)
    way = base.T @ lower
    elbow = float(np.degrees(np.arccos(np.clip(-way[1], -1, 1))))
    rotate = sign * _angle(way[0], way[2]) if elbow > 12 else 0.0
    return Arm(
        forward=_round(forward, -60, 180),
        away=_round(away, -45, 180),
        rotate=_round(rotate, -100, 100),
        elbow=_round(elbow, 0, 145),
    )


def _swung(way: Floats, sign: float) -> tuple[float, float]:
    """How far an arm is swung forwards and away, in degrees."""
    forward = float(np.degrees(np.arcsin(np.clip(way[2], -1, 1))))
    return forward, sign * _angle(way[0], -way[1])


def _on_floor(frame: Frame, side: str) -> Reach:
    """A hand laid flat where it is, seen from under the shoulder."""
    apart = (frame.joint[f"wrist{side}"] - frame.joint[f"shoulder{side}"]) / frame.leg
    across = apart[0] if side == "L" else -apart[0]
    offset = (float(across) * HEIGHT, 0.0, float(apart[2]) * HEIGHT)
    return Reach(
        to=Anchor.FLOOR,
        offset=(round(offset[0], 3), 0.0, round(offset[2], 3)),
        elbow=(1, 0, -1),
        fingers=(0.25, 0, 1),
        palm=(0, -1, 0),
    )


def _leg(frame: Frame, side: str, sign: float, root: Floats) -> Leg:
    upper = frame.between(f"hip{side}", f"knee{side}")
    lower = frame.between(f"knee{side}", f"ankle{side}")
    way = root.T @ upper
    # A thigh is swung forwards first and spread within that plane; an arm is not.
    forward = _angle(way[2], -way[1])
    away = sign * float(np.degrees(np.arcsin(np.clip(way[0], -1, 1))))
    base = root @ about_x(-forward) @ about_z(sign * away)
    way = base.T @ lower
    knee = float(np.degrees(np.arccos(np.clip(-way[1], -1, 1))))
    rotate = sign * _angle(-way[0], -way[2]) if knee > 25 else 6.0
    return Leg(
        forward=_round(forward, -40, 130),
        away=_round(away, -25, 80),
        rotate=_round(rotate, -35, 60),
        knee=_round(knee, 0, 150),
    )


def _foot(bearing: Bearing, side: str) -> dict[str, float | bool]:
    """What a leg's foot does, by what bears the body."""
    down = side in bearing.planted
    found: dict[str, float | bool] = {"planted": down, "laid": side in bearing.laid}
    if not down and bearing.contact in LIMP:
        found["ankle"] = LIMP[bearing.contact]
    return found
