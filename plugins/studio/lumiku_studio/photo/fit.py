"""From the joints of a person in space to a pose of ours, for any body.

The frame: x to the person's left, y up, z to their front, once they are turned to the
camera; how far they were turned becomes the camera's yaw.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from lumiku_contracts.pose import Arm, Contact, Head, Leg, Pelvis, Pose, Torso
from lumiku_contracts.sets import Camera, Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.photo.people import Person
from lumiku_studio.rotation import about_x, about_y, about_z, unit

MARKS: Final[Mapping[str, tuple[int, int]]] = {
    "shoulder": (11, 12),
    "elbow": (13, 14),
    "wrist": (15, 16),
    "hip": (23, 24),
    "knee": (25, 26),
    "ankle": (27, 28),
    "ear": (7, 8),
}
"""Landmarks of the left and the right side."""
NOSE = 0
NOSE_DROP = 5.5
"""Degrees that the nose lies under the ears of a head held straight, as it is seen."""
STOOP = 7.0
"""Degrees that the shoulders are seen before the hips of who stands upright."""
NOSE_AHEAD = 0.62
"""How far the nose is before the ears' middle, in spans from ear to ear."""
SEEN = 0.5
SITS, BENT, PLANTED = 55.0, 45.0, 0.16
"""Degrees of thigh and knee of who sits; metres over the lower ankle of who stands."""
BACK_SHARE = 0.75
"""Of the trunk's lean that is the spine's; the rest is the pelvis's."""


def fitted(person: Person) -> tuple[Pose, Camera]:
    """The pose of a person, and the camera that saw them so."""
    joint = {
        f"{name}{side}": person.world[mark]
        for name, pair in MARKS.items()
        for side, mark in zip("LR", pair, strict=True)
    } | {"nose": person.world[NOSE]}
    across = joint["hipL"] - joint["hipR"] + joint["shoulderL"] - joint["shoulderR"]
    facing = float(np.degrees(np.arctan2(-across[2], across[0])))
    turned = {name: about_y(-facing) @ place for name, place in joint.items()}
    root, chest, pelvis, torso = _trunk(turned)
    legs = {side: _leg(turned, side, sign, root) for side, sign in SIDES}
    arms = {side: _arm(turned, side, sign, chest) for side, sign in SIDES}
    seated = all(leg.forward > SITS and leg.knee > BENT for leg in legs.values())
    low = min(float(turned[f"ankle{side}"][1]) for side in "LR")
    for side, leg in legs.items():
        down = seated or float(turned[f"ankle{side}"][1]) - low < PLANTED
        legs[side] = leg.model_copy(update={"planted": down})
    shows = person.visible
    pose = Pose(
        torso=torso,
        head=_head(turned, about_y(facing) @ chest, person.points),
        pelvis=pelvis,
        left_arm=arms["L"],
        right_arm=arms["R"],
        left_leg=legs["L"],
        right_leg=legs["R"],
        contact=Contact.SEATED if seated else Contact.STANDING,
    )
    whole = min(shows[list(MARKS["knee"])]) > SEEN
    framing = Framing.FULL if whole else Framing.HALF
    return pose, Camera(framing=framing, yaw=_round(-facing))


SIDES: Final = (("L", 1.0), ("R", -1.0))


def _round(degrees: float, low: float = -180.0, high: float = 180.0) -> float:
    return round(float(np.clip(degrees, low, high)), 1)


def _angle(y: float, x: float) -> float:
    return float(np.degrees(np.arctan2(y, x)))


def _trunk(joint: dict[str, Floats]) -> tuple[Floats, Floats, Pelvis, Torso]:
    """The turns of pelvis and chest, and what says so."""
    hips = joint["hipL"] - joint["hipR"]
    shoulders = joint["shoulderL"] - joint["shoulderR"]
    up = joint["shoulderL"] + joint["shoulderR"] - joint["hipL"] - joint["hipR"]
    up = about_x(-STOOP) @ up
    lean = _angle(up[2], up[1])
    pelvis = Pelvis(
        turn=_round(_angle(-hips[2], hips[0]) * 0.6),
        side=_round(-_angle(hips[1], hips[0]), -25, 25),
        tilt=_round(lean * (1 - BACK_SHARE)),
    )
    root = about_y(pelvis.turn) @ about_z(-pelvis.side) @ about_x(pelvis.tilt)
    here, line = root.T @ up, root.T @ shoulders
    torso = Torso(
        bend=_round(_angle(here[2], here[1]), -40, 90),
        side=_round(_angle(here[0], here[1]), -45, 45),
        twist=_round(_angle(-line[2], line[0]), -50, 50),
    )
    chest = root @ about_y(torso.twist) @ about_z(-torso.side) @ about_x(torso.bend)
    return root, chest, pelvis, torso


def _head(joint: dict[str, Floats], chest: Floats, seen: Floats) -> Head:
    """Turned as the picture says, nodded and tilted as the joints in space do.

    `seen` are the landmarks in pixels: in space faces come out too frontal.
    """
    left, right = (seen[mark] for mark in MARKS["ear"])
    span = max(float(np.linalg.norm(left - right)), 1.0)
    aside = (seen[NOSE] - (left + right) / 2) @ (left - right) / span**2
    turn = _angle(aside, NOSE_AHEAD) - _angle(chest[0, 2], chest[2, 2])
    ears = chest.T @ (joint["earL"] - joint["earR"])
    front = chest.T @ (joint["nose"] - (joint["earL"] + joint["earR"]) / 2)
    ahead = float(np.hypot(front[0], front[2]))
    return Head(
        turn=_round(turn, -75, 75),
        tilt=_round(-_angle(ears[1], float(np.hypot(ears[0], ears[2]))), -35, 35),
        nod=_round(-NOSE_DROP - _angle(front[1], ahead), -45, 45),
    )


def _arm(joint: dict[str, Floats], side: str, sign: float, chest: Floats) -> Arm:
    upper = unit(joint[f"elbow{side}"] - joint[f"shoulder{side}"])
    lower = unit(joint[f"wrist{side}"] - joint[f"elbow{side}"])
    way = chest.T @ upper
    forward = float(np.degrees(np.arcsin(np.clip(way[2], -1, 1))))
    away = sign * _angle(way[0], -way[1])
    base = chest @ about_z(sign * away) @ about_x(-forward)
    way = base.T @ lower
    elbow = float(np.degrees(np.arccos(np.clip(-way[1], -1, 1))))
    rotate = sign * _angle(way[0], way[2]) if elbow > 12 else 0.0
    return Arm(
        forward=_round(forward, -60, 180),
        away=_round(away, -45, 180),
        rotate=_round(rotate, -100, 100),
        elbow=_round(elbow, 0, 145),
    )


def _leg(joint: dict[str, Floats], side: str, sign: float, root: Floats) -> Leg:
    upper = unit(joint[f"knee{side}"] - joint[f"hip{side}"])
    lower = unit(joint[f"ankle{side}"] - joint[f"knee{side}"])
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
