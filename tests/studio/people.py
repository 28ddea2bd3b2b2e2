"""Sample people, changed as a test wants them, and each posed only once."""

from functools import cache
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Appearance, Scene
from lumiku_studio.body.mesh import normals
from lumiku_studio.scene.figure import Figure, figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment

MOVING = ("contrapposto", "arms-up", "sitting")
"""Poses that move hair and what covers it: upright, arms lifted, seated."""


def look(who: str = "maya", **changed: Any) -> Appearance:
    """How a sample person looks with some of it changed."""
    return Appearance.model_validate(AVATARS[who].model_dump() | changed)


@cache
def posed(who: str, pose: str, **changed: Any) -> Figure:
    """A sample person, changed, in a sample pose."""
    return figure(Scene(pose=POSES[pose], appearance=look(who, **changed)))


def pierced(points: Any, person: Figure, deeper: float, *into: Segment) -> float:
    """The share of points deeper than some metres within what the person shows."""
    solid = [part for part in person.parts if part.segment in into]
    places = np.concatenate([part.points for part in solid])
    outward = np.concatenate([normals(part.points, part.triangles) for part in solid])
    away, near = cKDTree(places).query(points)
    inside = ((points - places[near]) * outward[near]).sum(axis=1) < -deeper
    return float((inside & (away < 0.04)).mean())
