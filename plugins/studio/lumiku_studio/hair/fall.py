"""Where loose hair falls: as combed on a leaning head, then down, off the face."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.hair.aside import Aside
from lumiku_studio.rotation import DOWN, unit

LEANT = 18.0  # degrees a head leans before its hair no longer falls straight down
BACK = 0.25  # how much hair is then combed behind the head
CHIN = 0.09  # metres below the head joint from which it falls straight down
LEAST = 0.15  # of a step that goes down, once hair falls
# Metres aside that hair keeps before a face, by metres over the eyes.
CLEAR = ((-0.17, -0.12, 0.0, 0.04, 0.09), (0.0, 0.066, 0.067, 0.052, 0.0))
# Metres before the head joint up to which hair hangs beside a face, by the same.
BESIDE = ((-0.05, 0.0, 0.05, 0.09), (0.050, 0.058, 0.085, 0.14))
BEFORE = (0.015, 0.045)
"""Metres before the head joint from which hair keeps aside, and keeps all of that."""
LEAD, INWARD = 0.9, 0.25  # how hair slides off before and behind a shoulder, and in
FRONT_OF = 0.035  # metres before the head joint of roots whose hair falls in front
BOWED, UPRIGHT = 0.55, 0.85  # cosines from the plumb line of a trunk


def off_shoulders(roots: Floats, trunk: Floats) -> Floats:
    """Where hair from roots about the head joint slides on a trunk of these axes."""
    left = unit(trunk[:, 0] * [1, 0, 1])
    front = np.cross(left, -DOWN)
    ahead = np.where(roots @ front > FRONT_OF, 1.0, -1.0)[:, None]
    aside = np.where(roots @ left > 0, 1.0, -1.0)[:, None]
    erect = np.clip((-trunk[:, 1] @ DOWN - BOWED) / (UPRIGHT - BOWED), 0, 1)
    over = ahead * front * LEAD - aside * left * INWARD
    out: Floats = over * erect + aside * left * LEAD * (1 - erect)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """How the hair of one posed head falls."""

    head: Floats
    turn: Floats
    """The head's axes: left, up, front."""
    eye_height: float
    side: Floats
    """Of each hair: +1 where it goes by the left of the face, n x 1."""
    beside: Aside | None = None
    """What hands beside the head leave for it."""

    def drawn_back(self, points: Floats) -> Floats:
        """Points behind the hands beside the head."""
        if self.beside is None:
            return points
        return self.beside.drawn_back(points, self.side)

    def down(self, points: Floats) -> Floats:
        """The way down at each point, n x 3."""
        below, behind = -self.turn[:, 1], -self.turn[:, 2]
        leant = float(np.degrees(np.arccos(np.clip(below @ DOWN, -1, 1))))
        share = min(1.0, LEANT / max(leant, 1e-6))
        kept = below * (1 - share) + DOWN * share
        kept = unit(kept + behind * (BACK * (share < 1)))
        low = np.clip((points - self.head) @ below / CHIN, 0, 1)[:, None]
        out: Floats = unit(kept * (1 - low) + DOWN * low)
        return out

    def falling(self, points: Floats, way: Floats) -> Floats:
        """Ways that no longer rise."""
        down = self.down(points)
        short = np.maximum(LEAST - (way * down).sum(axis=1, keepdims=True), 0)
        out: Floats = unit(way + down * short)
        return out

    def off_face(self, points: Floats) -> Floats:
        """Points with those before the face brought to their side of it."""
        local = (points - self.head) @ self.turn
        wanted = np.interp(local[:, 1] - self.eye_height, *CLEAR)
        wanted *= np.clip((local[:, 2] - BEFORE[0]) / (BEFORE[1] - BEFORE[0]), 0, 1)
        short = np.maximum(wanted - local[:, 0] * self.side[:, 0], 0)
        over = np.maximum(
            local[:, 2] - np.interp(local[:, 1] - self.eye_height, *BESIDE), 0
        )
        over *= local[:, 1] - self.eye_height > CLEAR[0][0]
        aside = (short * self.side[:, 0])[:, None] * self.turn[:, 0]
        out: Floats = points + aside - over[:, None] * self.turn[:, 2]
        return out
