"""The eighteen COCO joints of a posed body, in space."""

from functools import lru_cache

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.skeleton.rig import Placed

NAMES = (
    "nose", "neck", "right-shoulder", "right-elbow", "right-wrist", "left-shoulder",
    "left-elbow", "left-wrist", "right-hip", "right-knee", "right-ankle", "left-hip",
    "left-knee", "left-ankle", "right-eye", "left-eye", "right-ear", "left-ear",
)  # fmt: skip
BONES = {
    "shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist",
    "hip": "upperleg01",
    "knee": "lowerleg01", "ankle": "foot", "eye": "eye",
}  # fmt: skip
FACE = frozenset({"nose", "right-eye", "left-eye", "right-ear", "left-ear"})


@lru_cache(maxsize=1)
def _landmarks() -> dict[str, int]:
    """Template vertices of the nose's tip and the ears."""
    body = template()
    skin = np.unique(body.faces["body"])
    points = body.base[skin]
    eye = body.base[body.count + body.bone("eye.L")]
    level = (np.abs(points[:, 0]) < 0.01) & (
        np.abs(points[:, 1] - eye[1] + 0.03) < 0.03
    )
    nose = np.flatnonzero(level)[points[level][:, 2].argmax()]
    beside = np.flatnonzero(
        (np.abs(points[:, 1] - eye[1] + 0.01) < 0.03) & (np.abs(points[:, 0]) < 0.12)
    )
    across = points[beside][:, 0]
    return {
        "nose": int(skin[nose]),
        "left-ear": int(skin[beside[across.argmax()]]),
        "right-ear": int(skin[beside[across.argmin()]]),
    }


def joints(placed: Placed, points: Floats) -> Floats:
    """18 x 3, in the order of `NAMES`; `points` are all template vertices, posed."""
    marks = _landmarks()
    found = []
    for name in NAMES:
        if name in marks:
            found.append(points[marks[name]])
        elif name == "neck":
            left, right = placed.at("upperarm01.L"), placed.at("upperarm01.R")
            found.append((left + right) / 2 + [0, 0.01, 0])
        else:
            side, joint = name.split("-")
            found.append(placed.at(f"{BONES[joint]}.{side[0].upper()}"))
    return np.array(found)
