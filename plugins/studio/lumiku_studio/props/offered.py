"""What is spoken into, served on, and carried to a wedding."""

import numpy as np

from lumiku_contracts.scene import Hold
from lumiku_studio.arrays import Floats
from lumiku_studio.colour import written
from lumiku_studio.props import shapes
from lumiku_studio.props.hands import SKIN, front, upright
from lumiku_studio.props.held import GREY, upright_in_hand
from lumiku_studio.props.inhand import InHand
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part

MESH = written("#6d7076")
LEAF = written("#5f7d4f")
BLOOMS = tuple(map(written, ("#f3e3df", "#e9b9b4", "#f6f1e6")))
FLOWERS = 26
GOLDEN = np.pi * (3 - np.sqrt(5))


def microphone(held: InHand) -> list[Part]:
    """A microphone in a fist, its ball beyond the forefinger."""
    start, frame = upright_in_hand(held, 0.015, 0.075)
    stem = ((0, 0), (0.012, 0.002), (0.0135, 0.06), (0.018, 0.155), (0.016, 0.158))
    ring = ((0.016, 0.156), (0.0265, 0.158), (0.0265, 0.164), (0.02, 0.166))
    return [
        held.plain(shapes.turned(stem, start, frame)),
        held.plain(shapes.turned(ring, start, frame), GREY),
        held.plain(_ball(start + frame[:, 1] * 0.182, 0.0255), MESH),
    ]


def tray(held: InHand) -> list[Part]:
    """A round tray on a raised palm, two cups on it."""
    own = held.palm()
    frame = upright(front(held.posed))
    start = own.centre + shapes.UP * (SKIN + 0.004)
    rim = (
        (0, 0),
        (0.165, 0),
        (0.175, 0.014),
        (0.170, 0.014),
        (0.162, 0.004),
        (0, 0.004),
    )
    parts = [held.plain(shapes.turned(rim, start, frame))]
    for across, ahead in ((-0.06, 0.03), (0.055, -0.02)):
        foot = start + frame @ np.array([across, 0.004, ahead])
        paper = (
            (0, 0),
            (0.027, 0),
            (0.036, 0.088),
            (0.033, 0.088),
            (0.031, 0.075),
            (0, 0.075),
        )
        parts.append(held.plain(shapes.turned(paper, foot, frame), written("#f3efe8")))
    return parts


def bouquet(held: InHand) -> list[Part]:
    """Flowers on a bound stem between the hands, or in one."""
    left, right = held.palms()
    own = (left.centre + right.centre) / 2
    if held.hold is not Hold.BOTH:
        palm = held.palm()
        own = palm.centre + palm.facing * SKIN
    axis = unit(shapes.UP + 0.45 * front(held.posed))
    frame = np.stack([np.cross(axis, front(held.posed)), axis, [0, 0, 0.0]], axis=1)
    frame[:, 0] = unit(frame[:, 0])
    frame[:, 2] = np.cross(frame[:, 0], axis)
    foot = own - axis * 0.09
    stem = ((0, 0), (0.013, 0), (0.012, 0.09), (0.04, 0.17), (0.075, 0.205))
    heart = foot + axis * 0.20
    blooms: tuple[list[shapes.Solid], ...] = ([], [], [])
    for number in range(FLOWERS):
        rise = 1 - 1.05 * number / FLOWERS
        flat = np.sqrt(1 - rise * rise)
        turn = number * GOLDEN
        way = frame @ np.array([flat * np.cos(turn), rise, flat * np.sin(turn)])
        size = 0.026 + 0.007 * ((number * 7) % 5) / 4
        blooms[number % 3].append(_rose(heart + way * 0.078, way, size))
    return [
        held.plain(shapes.turned(stem, foot, frame), LEAF),
        *(
            held.plain(shapes.merged(solids), colour)
            for solids, colour in zip(blooms, BLOOMS, strict=True)
        ),
    ]


def _ball(centre: Floats, radius: float) -> shapes.Solid:
    angle = np.linspace(0, np.pi, 13)
    rings = zip(radius * np.sin(angle), -radius * np.cos(angle), strict=True)
    profile = tuple((float(out), float(high)) for out, high in rings)
    return shapes.turned(profile, centre, np.eye(3))


def _rose(centre: Floats, way: Floats, radius: float) -> shapes.Solid:
    """A bloom: petals about a heart, open to `way`."""
    aside = unit(np.cross(way, [0.31, 0.2, 0.93]))
    frame = np.stack([aside, way, np.cross(aside, way)], axis=1)
    cup = (
        (0, -0.5),
        (0.55, -0.4),
        (0.95, 0.05),
        (1.0, 0.35),
        (0.86, 0.45),
        (0.72, 0.2),
    )
    heart = (
        (0.70, 0.1),
        (0.66, 0.5),
        (0.52, 0.62),
        (0.42, 0.4),
        (0.30, 0.62),
        (0, 0.7),
    )
    return shapes.turned(
        tuple((out * radius, high * radius) for out, high in cup + heart), centre, frame
    )
