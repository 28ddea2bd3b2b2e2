"""Bags that hang from hands and arms, and laptops."""

import numpy as np

from lumiku_contracts.scene import Contact, Hand, Held, Hold, Prop
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.props import furniture, shapes
from lumiku_studio.props.hands import SKIN, front, upright
from lumiku_studio.props.inhand import InHand
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Stuff

TAPE = written("#e6c9a0")
DARK = written("#23252a")
GREY = written("#b9bcc2")
CLOSED = frozenset({Hand.GRIP, Hand.FIST, Hand.CUP})
LEVEL = -0.4  # how far the rise of a forearm may fall short for a bag to stay on it


def _bag(held: InHand, half: Floats, drop: float, stuff: Stuff) -> list[Part]:
    """A bag that hangs from a hand, or from the forearm of a bent arm."""
    own = held.palm()
    side, sign = ("L", 1.0) if held.hold is Hold.LEFT else ("R", -1.0)
    grip = own.centre + own.facing * SKIN
    if _on_forearm(held):
        grip = own.elbow * 0.6 + own.wrist * 0.4 + shapes.UP * 0.042
    out = held.posed.placed.turn("root")[:, 0] * [sign, 0, sign]
    face = unit(0.8 * front(held.posed) + 0.6 * unit(out))
    if held.hold is Hold.BOTH:
        grip = np.mean([one.centre for one in held.palms()], axis=0)
        out = face = front(held.posed)
    frame = upright(face)
    centre = grip - shapes.UP * (drop + half[1])
    skin = np.unique(template().faces["body"])
    body = held.posed.points[skin]
    near = np.abs((body - centre) @ frame) < half + np.array([0, 0, 0.03])
    arm = template().influence("upperarm", "lowerarm", "wrist", "finger", side=side)
    inside = near.all(axis=1) & (arm[skin] < 0.3)
    if inside.any():
        gap = (body[inside] - centre) @ unit(out)
        reach = np.abs(frame.T @ unit(out)) @ half
        centre = centre + unit(out) * min(float(gap.max() + reach + 0.015), 0.16)
    solid = shapes.box(centre, half, frame, 0.006)
    face_at = centre + frame[:, 2] * half[2]
    part = held.faced(solid, frame, face_at, half)
    top = centre + shapes.UP * half[1]
    swing = np.linspace(-1, 1, 9)
    cords = []
    for ahead in (-0.6, 0.6):
        aside = frame[:, 2] * (half[2] * ahead)
        line = [
            top + aside + frame[:, 0] * (half[0] * 0.45 * s)
            + (grip - top) * (1 - s * s) ** 0.6 - aside * (1 - s * s)
            for s in swing
        ]  # fmt: skip
        cords.append(shapes.bent(np.array(line), 0.0045))
    strap = held.plain(shapes.merged(cords), held.colour * 0.55)
    return [
        Part(part.points, part.triangles, part.colour, stuff, part.segment,
             uv=part.uv, print=part.print), strap,
    ]  # fmt: skip


def _on_forearm(held: InHand) -> bool:
    """Whether a bag hangs from a level forearm whose hand holds nothing."""
    own = held.palm()
    arm = held.pose.left_arm if held.hold is Hold.LEFT else held.pose.right_arm
    level = own.wrist[1] - own.elbow[1] > LEVEL * np.linalg.norm(own.wrist - own.elbow)
    return bool(level) and arm.hand not in CLOSED


def shopping_bag(held: InHand) -> list[Part]:
    """A paper bag on two cords."""
    return _bag(held, np.array([0.13, 0.155, 0.05]), 0.11, Stuff.PROP)


def handbag(held: InHand) -> list[Part]:
    """A small bag on a strap."""
    return _bag(held, np.array([0.125, 0.09, 0.045]), 0.13, Stuff.SHOE)


def laptop(held: InHand) -> list[Part]:
    """Open on a desk or a lap, open between two hands, or closed under one."""
    kinds = {p.prop if isinstance(p, Held) else p for p in held.pose.props}
    half = np.array([0.165, 0.009, 0.115])
    left, right = held.palms()
    ahead = front(held.posed)
    if held.hold is not Hold.BOTH:
        own = held.palm()
        frame = np.stack([own.across, -own.along, own.facing], axis=1)
        centre = own.centre + own.facing * (SKIN + 0.012) - own.along * 0.085
        solid = shapes.box(centre, half[[0, 2, 1]], frame)
        face = centre + frame[:, 2] * half[1]
        return [held.faced(solid, frame, face, half[[0, 2]])]
    middle = (left.centre + right.centre) / 2
    if Prop.DESK in kinds:
        base = middle * [1, 0, 1] + ahead * 0.05
        base[1] = furniture.desk_top(held.posed) + half[1]
    elif held.pose.contact is Contact.SEATED:
        base = furniture.lap(held.posed) + shapes.UP * half[1]
    else:
        base = middle + shapes.UP * (half[1] + 0.02) + ahead * 0.02
    frame = upright(ahead)
    parts = [held.plain(shapes.box(base, half, frame))]
    keys = base + shapes.UP * half[1] - ahead * 0.01
    parts.append(
        held.plain(shapes.box(keys, np.array([0.15, 0.001, 0.07]), frame, 0.0005), DARK)
    )
    lean = unit(shapes.UP + 0.32 * ahead)
    back = unit(ahead - (ahead @ lean) * lean)
    lid_frame = np.stack([np.cross(lean, back), lean, back], axis=1)
    hinge = base + ahead * half[2] + shapes.UP * half[1]
    lid_half = np.array([half[0], half[2], 0.004])
    lid_at = hinge + lean * half[2]
    lid = shapes.box(lid_at, lid_half, lid_frame)
    parts.append(held.faced(lid, lid_frame, lid_at + back * 0.004, lid_half))
    turned = lid_frame * [-1, 1, -1]
    glass_at, glass_half = lid_at - back * 0.004, np.array([0.155, 0.105, 0.0006])
    glass = shapes.box(glass_at, glass_half, turned, 0.0002)
    face = glass_at - back * 0.0006
    shown = held.faced(glass, turned, face, glass_half)
    dark = held.plain(glass, written("#5b6f8c"))
    parts.append(dark if held.thing.decal is None else shown)
    return parts
