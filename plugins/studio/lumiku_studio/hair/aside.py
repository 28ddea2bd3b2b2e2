"""Hair tucked behind hands and forearms that are held beside a head."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Mask

NEAR = 0.19  # metres about the head's upright within which a limb parts hair
HEIGHTS = np.arange(-0.32, 0.145, 0.01)
"""Metres over the eyes at which it is told how far forwards hair may hang."""
ROOM = 0.016  # metres that hair keeps behind a limb
BEHIND = -0.045  # metres before the head joint to which hair is drawn back at most
HIGHEST = 0.045  # metres over the eyes above which a limb is over the hair
SLOPE = 2.0  # metres forwards for each metre of height, away from a limb
FREE = 0.15  # metres before the head joint where no hair hangs
ACROSS = 0.02  # metres that a limb of one side reaches over the middle


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """How far forwards hair may hang beside one posed head."""

    head: Floats
    turn: Floats
    eye_height: float
    limits: Floats
    """Metres before the head joint, on the left and on the right, 2 x heights."""

    def tucked(self, side: Floats) -> Mask:
        """Whether hair of each side (+1 left, n x 1) is drawn back anywhere."""
        back = self.limits.min(axis=1) < 0.05
        out: Mask = np.where(side[:, 0] > 0, back[0], back[1])
        return out

    def drawn_back(self, points: Floats, side: Floats) -> Floats:
        """Points with those before a limb of their side brought behind it."""
        local = (points - self.head) @ self.turn
        rise = local[:, 1] - self.eye_height
        left, right = (np.interp(rise, HEIGHTS, one) for one in self.limits)
        over = np.maximum(local[:, 2] - np.where(side[:, 0] > 0, left, right), 0)
        out: Floats = points - over[:, None] * self.turn[:, 2]
        return out


def aside(limbs: Floats, head: Floats, turn: Floats, eye_height: float) -> Aside | None:
    """What forearms and hands at `limbs` leave for hair, or none where they are far."""
    local = (limbs - head) @ turn
    local[:, 1] -= eye_height
    near = np.hypot(local[:, 0], local[:, 2]) < NEAR
    near &= (local[:, 1] > HEIGHTS[0]) & (local[:, 1] < HIGHEST)
    local = local[near]
    limits = np.full((2, len(HEIGHTS)), FREE)
    for row, sign in enumerate((1, -1)):
        mine = local[local[:, 0] * sign > -ACROSS]
        rank = np.searchsorted(HEIGHTS, mine[:, 1]) - 1
        for k in (0, 1):
            np.minimum.at(limits[row], rank + k, mine[:, 2] - ROOM)
    away = np.abs(HEIGHTS[:, None] - HEIGHTS) * SLOPE
    limits = np.maximum((limits[:, None] + away).min(axis=2), BEHIND)
    if limits.min() > FREE - ROOM:
        return None
    return Aside(head, turn, eye_height, limits)
