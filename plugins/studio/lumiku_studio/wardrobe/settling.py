"""How a skirt comes to rest on a lap, a seat, or the floor.

Cloth sinks by its weight, gives way to what is under it, and does not stretch: some
rounds of each on a coarse net, as in position-based dynamics (Müller et al. 2007).
"""

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.rotation import unit
from lumiku_studio.wardrobe.layering import Solids

ROUNDS, LOOK_EVERY = 84, 3
SINK = 0.005  # metres that cloth sinks in the first round; less in each that follows
EASE = 1.02  # of the lengths at the start that cloth may reach
DRAWN = 3  # times in a round that its lengths are kept
GATHERED, SHORTENED = 0.80, 0.96
"""Shares of its lengths around and along that cloth keeps."""
EVEN = 0.22  # share of the way to its neighbours' mean that cloth goes in a round
NEAR = 0.09  # metres beyond which nothing is touched
OFF = 0.007  # metres between cloth and what it lies on
FLOOR = 0.004
RING_STEP, TURN_STEP = 3, 2
FACING_DOWN = (-0.75, -0.25)  # cloth that faces down is sat upon, and does not sink
LAST_ROUNDS = 3


def settled(shape: Floats, solids: Solids, pinned: int) -> Floats:
    """Rings of cloth (k x n x 3) at rest; the first `pinned` of them stay."""
    net = shape[::RING_STEP, ::TURN_STEP]
    tree = cKDTree(solids.points)
    start, held = net.copy(), -(-pinned // RING_STEP)
    around = _lengths(net, np.roll(net, -1, axis=1)) * EASE
    down = _lengths(net[:-1], net[1:]) * EASE
    free = np.clip((np.arange(len(net)) - held + 1) / 2, 0, 1)[:, None, None]
    found: Ints | None = None
    for step in range(ROUNDS):
        weight = np.clip(np.interp(outward(net)[..., 1], FACING_DOWN, (0, 1)), 0, 1)
        net = net - free * (weight * SINK * (1 - step / ROUNDS))[..., None] * [0, 1, 0]
        net = net + free * EVEN * (_mean(net) - net)
        for _ in range(DRAWN):
            net = _kept_long(net, around, down, free)
        if step % LOOK_EVERY == 0 or found is None:
            found = tree.query(net.reshape(-1, 3))[1]
        net = _out(net, solids, found)
        net[:held] = start[:held]
    return _finished(net, shape, pinned)


def _finished(net: Floats, shape: Floats, pinned: int) -> Floats:
    """The net made fine again."""
    rows, columns = len(shape), shape.shape[1]
    wrapped = np.concatenate([net, net[:, :1]], axis=1)
    turn = np.arange(0, columns + 1, TURN_STEP)
    fine = CubicSpline(turn, wrapped, axis=1, bc_type="periodic")(np.arange(columns))
    ring = np.arange(0, rows, RING_STEP)
    fine = CubicSpline(ring, fine, axis=0)(np.arange(rows))
    fine[:pinned] = shape[:pinned]
    out: Floats = fine
    return out


def cleared(shape: Floats, solids: Solids) -> Floats:
    """Rings of cloth (k x n x 3) out of all that they have come to be in."""
    tree = cKDTree(solids.points)
    for _ in range(LAST_ROUNDS):
        shape = _out(shape, solids, tree.query(shape.reshape(-1, 3))[1])
    return shape


def _lengths(one: Floats, other: Floats) -> Floats:
    out: Floats = np.linalg.norm(other - one, axis=-1)
    return out


def _mean(net: Floats) -> Floats:
    """The mean of each point's neighbours; the hem has them along itself only."""
    beside = (np.roll(net, 1, axis=1) + np.roll(net, -1, axis=1)) / 2
    along = beside.copy()
    along[1:-1] = (net[:-2] + net[2:]) / 2
    out: Floats = (beside + along) / 2
    return out


def outward(net: Floats) -> Floats:
    """Unit vectors out of a tube of rings, at each of their points."""
    along = np.gradient(net, axis=0)
    across = np.roll(net, -1, axis=1) - np.roll(net, 1, axis=1)
    return unit(np.cross(along, across))


def _kept_long(net: Floats, around: Floats, down: Floats, free: Floats) -> Floats:
    """Draw together what has been drawn apart, and part what has shrunk."""
    pull = _excess(net, np.roll(net, -1, axis=1), around, GATHERED)
    net = net + free * 0.5 * (pull - np.roll(pull, 1, axis=1))
    pull = _excess(net[:-1], net[1:], down, SHORTENED)
    step = np.zeros_like(net)
    step[:-1] += 0.5 * pull
    step[1:] -= 0.5 * pull
    out: Floats = net + free * step
    return out


def _excess(one: Floats, other: Floats, most: Floats, least: float) -> Floats:
    """How far apart points are beyond `most`, or nearer than its share `least`."""
    way = other - one
    length = np.linalg.norm(way, axis=-1)
    share = (length - np.clip(length, most * least, most)) / np.maximum(length, 1e-9)
    out: Floats = way * share[..., None]
    return out


def _out(net: Floats, solids: Solids, found: Ints) -> Floats:
    """What has sunk into the nearest solid, back out of it, and over the floor."""
    flat = net.reshape(-1, 3)
    away = flat - solids.points[found]
    facing = solids.outward[found]
    over = (away * facing).sum(axis=1)
    near = np.linalg.norm(away, axis=1) < NEAR
    flat = flat + facing * (np.clip(OFF - over, 0, NEAR) * near)[:, None]
    flat[:, 1] = np.maximum(flat[:, 1], FLOOR)
    out: Floats = flat.reshape(net.shape)
    return out
