"""Things in hands: each maker says where a thing is, from the hands that hold it."""

import numpy as np

from lumiku_contracts.scene import Hand, Hold
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


def _upright_in_hand(held: InHand, radius: float) -> tuple[Floats, Floats]:
    """Where a round thing is gripped, and its frame: y from little finger to index."""
    own = held.palm()
    axis = own.across if own.across[1] > -0.3 else -own.across
    facing = own.facing - (own.facing @ axis) * axis
    ahead = front(held.posed)
    ahead = unit(ahead - (ahead @ axis) * axis + own.facing * 1e-3)
    frame = np.stack([np.cross(axis, ahead), axis, ahead], axis=1)
    return own.centre + unit(facing) * (radius + SKIN), frame


def _round(held: InHand, radius: float, low: float, profile: shapes.Solid) -> Part:
    middle, frame = _upright_in_hand(held, radius)
    part = held.plain(profile)
    if held.thing.decal is None:
        return part
    return Part(
        *profile, held.colour, Stuff.PROP, Segment.PROP,
        uv=round_uv(*profile, frame, middle + frame[:, 1] * low, radius),
        print=sticker(held.pictures, held.thing.decal, (2.2 * radius, 0.10)),
    )  # fmt: skip


def bottle(held: InHand) -> list[Part]:
    """A bottle gripped at its middle."""
    start, frame = _upright_in_hand(held, 0.030)
    start = start - frame[:, 1] * 0.075
    glass = shapes.turned(
        ((0, 0), (0.028, 0), (0.031, 0.004), (0.031, 0.135), (0.026, 0.155),
         (0.013, 0.172), (0.013, 0.190)), start, frame,
    )  # fmt: skip
    cap = shapes.turned(
        ((0.0155, 0.183), (0.0155, 0.205), (0.013, 0.207), (0, 0.207)), start, frame
    )
    return [_round(held, 0.031, 0.0, glass), held.plain(cap, GREY)]


def cup(held: InHand) -> list[Part]:
    """A paper cup with a lid."""
    start, frame = _upright_in_hand(held, 0.037)
    start = start - frame[:, 1] * 0.050
    paper = shapes.turned(((0, 0), (0.031, 0), (0.042, 0.112)), start, frame)
    lid = shapes.turned(
        ((0.0435, 0.108), (0.0435, 0.116), (0.038, 0.118), (0.037, 0.124), (0, 0.124)),
        start, frame,
    )  # fmt: skip
    sleeve = shapes.turned(((0.0352, 0.035), (0.0405, 0.085)), start, frame)
    parts = [_round(held, 0.0365, 0.012, paper), held.plain(lid, DARK)]
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
