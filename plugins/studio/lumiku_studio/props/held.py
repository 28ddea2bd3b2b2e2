"""Things in hands: each maker says where a thing is, from the hands that hold it."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Anchor, Hand, Hold
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.props import shapes
from lumiku_studio.props.hands import SKIN, front
from lumiku_studio.props.inhand import InHand
from lumiku_studio.props.stickers import (
    round_uv,
    sticker,
)
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff

TAPE = written("#e6c9a0")
DARK = written("#23252a")
GREY = written("#b9bcc2")
HOLLOW = 0.007  # metres that a palm stands off a round thing, its heel touching
LEVEL = 0.8  # how far a palm faces up from which things stand on it
TIPPED = -0.7  # how far down a round thing's top may point before it is turned round


def box(held: InHand) -> list[Part]:
    """A carton between the hands, as wide as the room that they leave."""
    left, right = held.palms()
    across = unit(left.centre - right.centre)
    up = unit(shapes.UP - across * across[1])
    frame = np.stack([across, up, np.cross(across, up)], axis=1)
    centre = (left.centre + right.centre) / 2 + up * 0.012
    half = np.array([0.0, 0.080, 0.062])
    inner = []
    body = template()
    for side, sign in (("L", 1.0), ("R", -1.0)):
        hand = body.influence("finger", "metacarpal", "wrist", side=side) > 0.5
        local = (held.posed.points[hand] - centre) @ frame
        beside = (np.abs(local[:, 1:]) < half[1:] + 0.004).all(axis=1)
        edge = local[beside if beside.any() else slice(None), 0] * sign
        inner.append(float(edge.min()))
    centre = centre + across * (inner[0] - inner[1]) / 2
    half[0] = max((inner[0] + inner[1]) / 2 - 0.001, 0.02)
    solid = shapes.box(centre, half, frame)
    face = centre + frame[:, 2] * half[2]
    carton = held.faced(solid, frame, face, half)
    if held.thing.decal is not None:
        return [carton]
    band = half * [0.16, 1, 1] + [0, 0.0012, 0.0012]
    return [carton, held.plain(shapes.box(centre, band, frame), TAPE)]


def upright_in_hand(held: InHand, radius: float, grip: float) -> tuple[Floats, Floats]:
    """Where the foot of a round thing is that a hand grips `grip` metres above it.

    And its frame: y from little finger to index, or up from a palm that it stands on.
    """
    own = held.palm()
    ahead = front(held.posed)
    if own.facing[1] > LEVEL:
        ahead = unit(ahead - (ahead @ own.facing) * own.facing)
        frame = np.stack([np.cross(own.facing, ahead), own.facing, ahead], axis=1)
        return own.centre + own.facing * SKIN, frame
    axis = own.across if own.across[1] > TIPPED else -own.across
    facing = own.facing - (own.facing @ axis) * axis
    ahead = unit(ahead - (ahead @ axis) * axis + own.facing * 1e-3)
    frame = np.stack([np.cross(axis, ahead), axis, ahead], axis=1)
    return own.centre + unit(facing) * (radius + SKIN + HOLLOW) - axis * grip, frame


def _labelled(held: InHand) -> bool:
    """Whether a thing is larger and gripped low, so that its label is not in the hand.

    One that is being drunk from stays as it is.
    """
    arm = held.pose.left_arm if held.hold is Hold.LEFT else held.pose.right_arm
    drunk = arm.reach is not None and arm.reach.to is Anchor.MOUTH
    return held.thing.decal is not None and not drunk


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """Where a label is on a turned thing: its middle, and how tall it may be."""

    middle: Floats
    frame: Floats
    radius: float
    tall: float


def _round(held: InHand, label: Label, profile: shapes.Solid) -> Part:
    part = held.plain(profile)
    if held.thing.decal is None:
        return part
    return Part(
        *profile, held.colour, Stuff.PROP, Segment.PROP,
        uv=round_uv(*profile, label.frame, label.middle, label.radius),
        print=sticker(
            held.pictures, held.thing.decal, (2.2 * label.radius, label.tall)
        ),
    )  # fmt: skip


def bottle(held: InHand) -> list[Part]:
    """A bottle gripped at its middle; one with a label lower."""
    labelled = _labelled(held)
    more, grip, high = (0.060, 0.045, 0.139) if labelled else (0.0, 0.075, 0.075)
    start, frame = upright_in_hand(held, 0.031, grip)
    glass = shapes.turned(
        ((0, 0), (0.028, 0), (0.031, 0.004), (0.031, 0.135 + more),
         (0.026, 0.155 + more), (0.013, 0.172 + more), (0.013, 0.190 + more)),
        start, frame,
    )  # fmt: skip
    cap = shapes.turned(
        ((0.0155, 0.183 + more), (0.0155, 0.205 + more), (0.013, 0.207 + more),
         (0, 0.207 + more)), start, frame,
    )  # fmt: skip
    label = Label(start + frame[:, 1] * high, frame, 0.031, 0.10)
    return [_round(held, label, glass), held.plain(cap, GREY)]


def cup(held: InHand) -> list[Part]:
    """A paper cup with a lid; one with a label is larger, and gripped low."""
    labelled = _labelled(held)
    more, grip, high = (0.043, 0.042, 0.116) if labelled else (0.0, 0.050, 0.062)
    start, frame = upright_in_hand(held, 0.037, grip)
    paper = shapes.turned(((0, 0), (0.031, 0), (0.042, 0.112 + more)), start, frame)
    lid = shapes.turned(
        ((0.0435, 0.108 + more), (0.0435, 0.116 + more), (0.038, 0.118 + more),
         (0.037, 0.124 + more), (0, 0.124 + more)), start, frame,
    )  # fmt: skip
    sleeve = shapes.turned(((0.0352, 0.035), (0.0405, 0.085)), start, frame)
    tall = 0.068 if labelled else 0.10
    label = Label(start + frame[:, 1] * high, frame, 0.0365, tall)
    parts = [_round(held, label, paper), held.plain(lid, DARK)]
    if held.thing.decal is None:
        parts.append(held.plain(sleeve, written("#a8794f")))
    return parts


def _on_fingers(held: InHand, centre: Floats, frame: Floats, half: Floats) -> float:
    """How far a flat thing is lifted from a palm to lie on outstretched fingers."""
    left = held.hold is Hold.LEFT
    arm = held.pose.left_arm if left else held.pose.right_arm
    if arm.hand not in {Hand.FLAT, Hand.OPEN}:
        return 0.0
    names = (f"finger{number}" for number in range(2, 6))
    own = template().influence(*names, side="L" if left else "R") > 0.5
    local = (held.posed.points[own] - centre) @ frame
    under = (np.abs(local[:, :2]) < half[:2] + 0.004).all(axis=1)
    highest = float(local[under, 2].max(initial=-half[2])) + half[2]
    return float(np.clip(highest + 0.001, 0.0, 0.03))


def phone(held: InHand) -> list[Part]:
    """A phone on the palm, its screen away from it."""
    own = held.palm()
    tall = own.along if abs(own.along[1]) > abs(own.across[1]) else own.across
    frame = np.stack([np.cross(tall, own.facing), tall, own.facing], axis=1)
    centre = own.centre + own.facing * (SKIN + 0.007) + tall * 0.025
    half = np.array([0.0365, 0.076, 0.0042])
    centre = centre + own.facing * _on_fingers(held, centre, frame, half)
    body = held.plain(shapes.box(centre, half, frame, 0.003))
    glass_half = np.array([0.034, 0.0725, 0.0003])
    face = centre + frame[:, 2] * half[2]
    glass = shapes.box(face, glass_half, frame, 0.0001)
    lit = held.plain(glass, written("#3d4656"))
    if held.thing.decal is not None:
        lit = held.faced(glass, frame, face + frame[:, 2] * 0.0003, glass_half)
    lens = shapes.box(
        centre + frame[:, 1] * 0.055 - frame[:, 0] * 0.018 - frame[:, 2] * 0.0045,
        np.array([0.011, 0.011, 0.0015]), frame, 0.001,
    )  # fmt: skip
    return [body, lit, held.plain(lens, DARK)]
