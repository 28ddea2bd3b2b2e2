"""A pose as joints that a network might have found, each in its place."""

import numpy as np

from lumiku_contracts.pose import Pose
from lumiku_contracts.scene import Appearance, Expression
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.photo.frame import MARKS, NOSE
from lumiku_studio.photo.people import Person
from lumiku_studio.rotation import about_y
from lumiku_studio.skeleton.keypoints import NAMES, joints
from lumiku_studio.skeleton.posing import solve

SIDES = ("left", "right")
BESIDE = {"heel": "ankle", "toe": "ankle"}
"""What is not among the joints, and which is near it."""


def seen(pose: Pose, yaw: float = 0) -> Person:
    """Somebody in a pose, as a camera that is turned about them sees them."""
    posed = solve(rest_shape(Appearance(), Expression.NEUTRAL), pose)
    found = joints(posed.placed, posed.points)
    found = (found - found[[8, 11]].mean(axis=0)) @ about_y(-yaw).T
    world: Floats = np.zeros((33, 3))
    for name, pair in MARKS.items():
        for side, mark in zip(SIDES, pair, strict=True):
            world[mark] = found[NAMES.index(f"{side}-{BESIDE.get(name, name)}")]
            world[mark] -= [0, 0.05 * (name in BESIDE), 0]
    world[NOSE] = found[0]
    # Pixels grow downwards.
    points = 300 + world[:, :2] * [200, -200]
    return Person(points, np.ones(33), world, 1.0, 300.0)
