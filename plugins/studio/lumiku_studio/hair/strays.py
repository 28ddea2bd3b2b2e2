"""Strays: hairs that leave all others, which look like scratches or loose flecks."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask

CELL = 0.009  # metres about a point within which others are its company
COMPANY = 2600  # of so many hairs, one has to be near
FROM = 0.3  # share of its length from which a hair must have company
ALONE = 0.25  # share of that which may be alone: its tip


def in_company(strands: Floats) -> Mask:
    """Which strands (n x k x 3) have others about them all along, roots aside."""
    count, steps = strands.shape[:2]
    least = 1 + max(1, round(count / COMPANY))
    points = strands.reshape(-1, 3) / CELL
    points = points - points.min(axis=0)
    most = np.zeros(len(points), int)
    for shift in (0.0, 0.5):  # a point at the edge of one cell is within the other
        most = np.maximum(most, _together(points + shift))
    alone = most.reshape(count, steps)[:, round(FROM * steps) :] < least
    out: Mask = alone.mean(axis=1) < ALONE
    return out


def _together(points: Floats) -> Ints:
    """How many points are in the unit cell of each."""
    cell = points.astype(np.int64)
    x, y, z = cell.max(axis=0) + 1
    flat = np.ravel_multi_index(tuple(cell.T), (x, y, z))
    out: Ints = np.bincount(flat)[flat]
    return out
