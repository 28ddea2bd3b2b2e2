"""Strands between grown guides: in locks, in waves, and run together into tips."""

import numpy as np
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.hair.styles import Style
from lumiku_studio.rotation import unit

DENSE = 1.35  # how many more of a strand's points lie near its root
TIP_FROM = 0.45  # share of its length from which a strand runs towards its tip
WIDEST = 1.8  # mean distances from a tip's middle at which strands are the shortest


def between(
    roots: Floats,
    guides: Floats,
    near: Ints,
    share: Floats,
    how: Style,
    rng: np.random.Generator,
) -> Floats:
    """Every strand follows its nearest guides; their ends run together into tips."""
    offsets = guides - guides[:, :1]
    mixed = np.einsum("nk,nkij->nij", share, offsets[near])
    strands = _resampled(roots[:, None] + mixed, np.ones(len(roots)), how.points, DENSE)
    locks = _resampled(guides, np.ones(len(guides)), how.points, DENSE)
    grown = (np.linspace(0, 1, how.points) ** DENSE)[None, :, None]
    strands = strands + (locks[near[:, 0]] - strands) * how.lock * grown
    strands = strands + rng.standard_normal((len(strands), 1, 3)) * how.loose * grown
    strands = strands + _waves(strands, near[:, 0], how, rng)
    reach = rng.uniform(how.shortest, 1.0, len(strands))
    if how.tips:
        strands, reach = _tipped(strands, locks, near[:, 0], how, rng)
    return _resampled(strands, reach, how.points)


def _tipped(
    strands: Floats, guides: Floats, lock: Ints, how: Style, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Strands whose ends run together, and the share of its length that each has.

    The outermost strands of each tip are its shortest, so that it is pointed.
    """
    bend = round(TIP_FROM * (guides.shape[1] - 1))
    leaders = rng.choice(len(guides), how.tips, replace=False)
    _, led = cKDTree(guides[leaders, bend]).query(guides[:, bend])
    which = led[lock]
    lead = guides[leaders][which]
    aside = np.linalg.norm((strands - lead)[:, bend], axis=1)
    many = np.bincount(which, minlength=how.tips)
    wide = np.bincount(which, aside, how.tips) / np.maximum(many, 1) * WIDEST + 1e-4
    grown = np.linspace(0, 1, guides.shape[1])
    drawn = np.clip((grown - TIP_FROM) / (1 - TIP_FROM), 0, 1) ** 1.5 * how.drawn
    strands = strands + (lead - strands) * drawn[None, :, None]
    short = (1 - how.shortest) * 0.5
    cut = rng.uniform(0, short, how.tips)[which]
    cut += short * np.minimum(aside / wide[which], 1) * rng.uniform(0.6, 1, len(aside))
    reach: Floats = 1 - cut
    return strands, reach


def _waves(strands: Floats, lock: Ints, how: Style, rng: np.random.Generator) -> Floats:
    """Waves that locks share, or a coil of each strand's own."""
    aside, turns = how.wave
    grown = np.linspace(0, 1, strands.shape[1])[None, :, None]
    angle = grown * 2 * np.pi * turns
    count = len(strands)
    if how.coil:
        angle = angle + rng.uniform(0, 6.28, (count, 1, 1))
        first = unit(rng.standard_normal((count, 1, 3)))
        along = unit(strands[:, -1:] - strands[:, :1])
        first = unit(first - (first * along).sum(axis=-1, keepdims=True) * along)
        second = np.cross(along, first)
        wound = first * np.sin(angle) + second * np.cos(angle)
        out: Floats = wound * aside * np.minimum(grown * 4, 1)
        return out
    shared = rng.uniform(0, 6.28, lock.max() + 1)[lock][:, None, None]
    way = unit(rng.standard_normal((count, 1, 3)) * 0.25 + _level(strands))
    waved: Floats = (
        way * np.sin(angle + shared * 0.35) * aside * np.minimum(grown * 2, 1)
    )
    return waved


def _level(strands: Floats) -> Floats:
    """Across each strand, along the level, about the head's middle."""
    middle = strands[:, :1].mean(axis=0, keepdims=True)
    outward = (strands[:, -1:] - middle) * [1, 0, 1]
    out: Floats = unit(np.cross(np.array([0, 1.0, 0]), outward))
    return out


def _resampled(
    strands: Floats, share: Floats, points: int, dense: float = 1.0
) -> Floats:
    """Each strand cut to a share of its length, in that many points.

    Beyond 1, `dense` puts more of them near the root.
    """
    steps = strands.shape[1]
    at = np.linspace(0, 1, points)[None] ** dense * share[:, None] * (steps - 1)
    low = np.minimum(at.astype(int), steps - 2)
    part = (at - low)[..., None]
    row = np.arange(len(strands))[:, None]
    out: Floats = strands[row, low] * (1 - part) + strands[row, low + 1] * part
    return out
