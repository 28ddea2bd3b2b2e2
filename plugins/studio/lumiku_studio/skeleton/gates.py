"""The gates of a pose library: every pose is believable and unlike all others."""

from collections.abc import Iterator, Mapping

import numpy as np

from lumiku_contracts.scene import Appearance, Expression, Physique, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.skeleton.distinct import distances, spread
from lumiku_studio.skeleton.limits import strains
from lumiku_studio.skeleton.posing import solve
from lumiku_studio.skeleton.validity import faults, measure

SOLE = 0.02
APART = 0.03
RESERVE = 6.0  # degrees that head, trunk, and free arms sway when pictures vary
SWAYING = ("torso", "head")
BODIES: Mapping[str, Appearance] = {
    "a slight woman": Appearance(
        physique=Physique(femininity=1, height=0.5, weight=0.42, muscle=0.45)
    ),
    "a sturdy man": Appearance(
        physique=Physique(femininity=0, height=0.6, weight=0.58, muscle=0.6)
    ),
}


def refusals(poses: Mapping[str, Pose]) -> list[str]:
    """Why poses are refused, a line for each reason; empty for a sound library."""
    rests = {
        name: rest_shape(look, Expression.NEUTRAL) for name, look in BODIES.items()
    }
    found = [
        line for name, pose in poses.items() for line in _unsound(name, pose, rests)
    ]
    first = next(iter(rests.values()))
    spreads = [spread(solve(first, pose, sole=SOLE)) for pose in poses.values()]
    return found + list(_alike(list(poses), distances(np.array(spreads))))


def _unsound(name: str, pose: Pose, rests: Mapping[str, Rest]) -> Iterator[str]:
    for body, rest in rests.items():
        posed = solve(rest, pose, sole=SOLE)
        for fault in faults(pose, measure(posed, pose, SOLE)):
            yield f"{name}, {body}: {fault.code}: {fault.detail}"
    for strain in strains(pose, reserve=RESERVE):
        if strain.joint.startswith(SWAYING):
            yield f"{name}: joint-limits: no room to vary: {strain}"


def _alike(names: list[str], apart: Floats) -> Iterator[str]:
    for a, b in zip(*np.nonzero(np.triu(apart) < APART), strict=True):
        if a < b:
            yield f"{names[a]} and {names[b]}: too-alike: {apart[a, b]:.4f} apart"
