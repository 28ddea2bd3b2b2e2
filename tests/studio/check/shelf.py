"""The library's poses as joints in space, to be found again from joints in a picture.

They are solved once, on a body of the library's gates; how a camera sees them is
computed here.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from tests.studio.check.drawn import store
from tests.studio.check.witness import COCO, Seen

from lumiku_contracts.scene import Camera, Expression
from lumiku_pose_generator.library import library
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.skeleton.distinct import spread
from lumiku_studio.skeleton.gates import BODIES, SOLE
from lumiku_studio.skeleton.keypoints import joints
from lumiku_studio.skeleton.posing import solve

LEAST: Final = 6
"""Joints that have to be seen at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Every pose of the library."""

    names: tuple[str, ...]
    joints: Any
    """n x 18 x 3 in metres, COCO-18 order."""
    spreads: Any
    """n x 15 x 3, as the gates of the library measure them."""

    def ranked(self, seen: Seen | None, camera: Camera, sure: float) -> list[str]:
        """The poses that look most like what was seen, best first."""
        if seen is None or (chosen := seen.sure >= sure).sum() < LEAST:
            return []
        here = _shape(seen.joints[chosen][None])
        there = _shape(seen_from(self.joints[:, COCO][:, chosen], camera))
        apart = np.linalg.norm(there - here, axis=2).mean(axis=1)
        return [self.names[n] for n in np.argsort(apart)]


def _shape(points: Any) -> Any:
    """Points (n x k x 2) about their middle, at the same size."""
    middle = points - points.mean(axis=1, keepdims=True)
    return middle / np.sqrt((middle**2).sum(axis=2).mean(axis=1))[:, None, None]


def seen_from(points: Any, camera: Camera) -> Any:
    """Where a camera sees points (n x k x 3), up to size and place: n x k x 2."""
    yaw, pitch = np.radians(camera.yaw), np.radians(camera.pitch)
    right = np.array([np.cos(yaw), 0, -np.sin(yaw)])
    towards = np.array(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
    )
    up = np.cross(towards, right)
    middle = points - points.mean(axis=1, keepdims=True)
    tall = np.ptp(middle @ up, axis=1).max(initial=1.0)
    far = tall / 2 / np.tan(np.radians(camera.lens / 2)) - middle @ towards
    return np.stack([middle @ right, -(middle @ up)], axis=2) / far[..., None]


def shelf() -> Shelf:
    """The whole library, solved unless it is there."""
    kept = store() / "shelf.npz"
    entries = library()
    digests = [entry.digest for entry in entries.values()]
    if kept.is_file():
        found = np.load(kept)
        if found["digests"].tolist() == digests:
            return Shelf(tuple(entries), found["joints"], found["spreads"])
    body = rest_shape(next(iter(BODIES.values())), Expression.NEUTRAL)
    posed = [solve(body, entry.pose, sole=SOLE) for entry in entries.values()]
    places = np.array([joints(one.placed, one.points) for one in posed])
    spreads = np.array([spread(one) for one in posed])
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.savez(kept, digests=np.array(digests), joints=places, spreads=spreads)
    return Shelf(tuple(entries), places, spreads)
