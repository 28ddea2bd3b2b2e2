"""Hems that hang near level, however the legs under them stand."""

import numpy as np

from lumiku_studio.arrays import Floats

TILT = 0.25  # share of its slant that a hem keeps
MOST = 0.02  # metres that it may be off level by it
LONGER = 0.5  # metres by which a side may be let down


def levelled(shape: Floats, pinned: int) -> Floats:
    """Rings of cloth (k x n x 3) let down or taken up to a near level hem.

    Each side is cut, or goes on plumb, where the hem shall be; its points are spread
    along it anew below the first `pinned` rings, which stay.
    """
    hem = shape[-1, :, 1]
    low = (hem.mean() + hem.min()) / 2
    goal = low + np.clip((hem - low) * TILT, -MOST, MOST)
    drop = np.array([0, -LONGER, 0])
    sides = np.concatenate([shape[pinned - 1 :], shape[-1:] + drop])
    steps = np.linalg.norm(np.diff(sides, axis=0), axis=2)
    length = np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)])
    out = shape.copy()
    for side in range(shape.shape[1]):
        fall = np.minimum.accumulate(sides[:, side, 1])
        end = np.interp(-goal[side], -fall, length[:, side])
        share = length[:-1, side] * (end / length[-2, side])
        for axis in range(3):
            out[pinned - 1 :, side, axis] = np.interp(
                share, length[:, side], sides[:, side, axis]
            )
    return out
