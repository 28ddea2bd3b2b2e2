"""Hair drawn back over the head to one place: a ponytail or a bun."""

import numpy as np

from lumiku_contracts.scene import HairStyle
from lumiku_studio.arrays import Floats
from lumiku_studio.hair.scalp import Ground, Scalp
from lumiku_studio.rotation import unit

TIES = {HairStyle.PONYTAIL: (0.42, -1.0), HairStyle.BUN: (0.30, -1.0)}
"""The way from the skull's middle to the tie: up, and forwards."""
STEPS = 14
GAP = (0.0025, 0.0085)
KNOT, KNOT_STRANDS = 0.037, 2200


def gathered(scalp: Scalp, style: HairStyle, ground: Ground) -> Floats:
    """Strands at rest from everywhere to the tie, in the head bone's frame."""
    middle, way = _middle(scalp), way_to(style)
    rng = np.random.default_rng(4)
    roots = scalp.drawn
    start = unit(roots - middle)
    angle = np.arccos(np.clip(start @ way, -1, 1))[:, None, None]
    share = np.linspace(0, 1, STEPS)[None, :, None]
    sine = np.maximum(np.sin(angle), 1e-3)
    around = (
        np.sin((1 - share) * angle) / sine * start[:, None]
        + np.sin(share * angle) / sine * way
    )
    radius = np.linalg.norm(roots - middle, axis=1)[:, None, None]
    tie = np.linalg.norm(tied(scalp, style, ground) - middle)
    points = middle + around * (radius * (1 - share) + tie * share)
    points += rng.normal(0, 0.0035, (len(points), 1, 3)) * np.sin(share * np.pi * 0.8)
    _, near = ground.tree.query(points.reshape(-1, 3))
    over = ((points.reshape(-1, 3) - ground.points[near]) * ground.outward[near]).sum(1)
    gap = rng.uniform(*GAP, (len(points), 1)) * np.minimum(share[..., 0] * 5, 1)
    push = np.maximum(gap.ravel() - over, np.minimum(0.003 - over, 0) * 0.7)
    out: Floats = points + (ground.outward[near] * push[:, None]).reshape(points.shape)
    out[:, 0] = roots
    return out


def combed(scalp: Scalp, style: HairStyle) -> Floats:
    """The way hair runs at each point of the cap, in the head bone's frame."""
    away = unit(scalp.cap - _middle(scalp))
    to = way_to(style) - away * (away @ way_to(style))[:, None]
    return unit(to)


def tied(scalp: Scalp, style: HairStyle, ground: Ground) -> Floats:
    """Where the hair is tied, in the head bone's frame."""
    middle, way = _middle(scalp), way_to(style)
    along = (ground.points - middle) @ way
    aside = np.linalg.norm(ground.points - middle - along[:, None] * way, axis=1)
    out: Floats = middle + way * (along[aside < 0.02].max() + 0.008)
    return out


def knot(scalp: Scalp, ground: Ground) -> Floats:
    """A bun's strands, wound about the way to the tie, in the head bone's frame."""
    way = way_to(HairStyle.BUN)
    rng = np.random.default_rng(6)
    centre = tied(scalp, HairStyle.BUN, ground) + way * KNOT * 0.62
    side = np.array([1.0, 0, 0])
    up = np.cross(way, side)
    count = KNOT_STRANDS // scalp.every
    tilt = rng.normal(0, 0.38, (count, 1, 2))
    height = rng.uniform(-0.75, 1, (count, 1, 1))
    begin = rng.uniform(0, 2 * np.pi, (count, 1, 1))
    angle = begin + np.linspace(0, 2.6, STEPS)[None, :, None]
    ring = np.sqrt(np.maximum(1 - height**2, 0.02))
    rise = height + tilt[..., :1] * np.cos(angle) + tilt[..., 1:] * np.sin(angle)
    ball = unit(ring * (np.cos(angle) * side + np.sin(angle) * up) + rise * way)
    size = KNOT * rng.uniform(0.9, 1.03, (count, 1, 1))
    out: Floats = centre + ball * size * (1 - 0.18 * np.abs(ball @ way)[..., None])
    return out


def _middle(scalp: Scalp) -> Floats:
    low, high = scalp.cap[:, 2].min(), scalp.cap[:, 2].max()
    return np.array(
        [0, scalp.eye_height + scalp.crown * 0.25, low + (high - low) * 0.46]
    )


def way_to(style: HairStyle) -> Floats:
    """The way from the skull's middle to a style's tie, in the head bone's frame."""
    rise, ahead = TIES[style]
    return unit(np.array([0, rise, ahead]))
