"""Who is in a photograph, and where their joints are.

Two networks, as MediaPipe Pose runs them: one finds hips and size of each person, the
other 33 landmarks in a square about each. Their shapes are those of its model cards.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from PIL import Image

from lumiku_studio.arrays import Floats
from lumiku_studio.photo.weights import network

FOUND, PRESENT = 0.5, 0.5
SIDE, CROP, ZOOM = 224, 256, 1.25
STRIDES: Final = ((8, 2), (16, 2), (32, 6))
"""Pixels from cell to cell, and anchors in each."""
OVERLAP = 0.3
MOST = 4
"""People that are looked at more closely."""
NEARER = 0.55
"""Of the longer side: what is looked at once more from nearby."""
HEAD = [0, 2, 5, 7, 8]
INSIDE, HIDDEN, HEADLESS = 0.75, 0.7, 0.9
"""Shares: of joints in another's frame, and of what is seen of that other, and where
its head would be at the other's hips."""
HIPS, AT_HIPS = [23, 24], 0.1
"""Joints, and of a person's size: a head that is nearer is none."""
APART = 0.2
"""Of a person's size: the head of another is farther away."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person; the landmarks are numbered as MediaPipe does (0 nose … 32 toes)."""

    points: Floats
    """33 x 2, in pixels."""
    visible: Floats
    """33, from 0 to 1; none is that lies outside the picture."""
    world: Floats
    """33 x 3 in metres from between the hips: picture's right, up, to the camera."""
    score: float
    size: float
    """Pixels from the hips to the end of the body."""


def people(picture: Image.Image) -> list[Person]:
    """Everybody in an RGB picture, the largest first."""
    found: list[Person] = []
    for box in _views(picture.size):
        part = picture if box is None else picture.crop(box)
        corner = np.zeros(2) if box is None else np.array(box[:2], float)
        for hips, end, _ in _detected(part)[:MOST]:
            one = _looked_at(picture, hips + corner, end + corner)
            if one is not None and not any(_same(one, other) for other in found):
                found.append(one)
    whole = [one for one in found if not any(_limb_of(one, other) for other in found)]
    return sorted(whole, key=lambda one: -one.size)


def _views(size: tuple[int, int]) -> list[tuple[int, int, int, int] | None]:
    """The whole picture, and what is left and right in it: the network likes one."""
    side = min(round(NEARER * max(size)), size[0])
    tall = min(side, size[1])
    top = (size[1] - tall) // 3
    starts = sorted({0, (size[0] - side) // 2, size[0] - side})
    return [None, *((left, top, left + side, top + tall) for left in starts)]


def _same(one: Person, other: Person) -> bool:
    """Whether two findings are one person: their heads are in one place."""
    apart = np.linalg.norm(one.points[HEAD] - other.points[HEAD], axis=1).mean()
    return bool(apart < APART * max(one.size, other.size))


def _limb_of(one: Person, other: Person) -> bool:
    """Whether one is a limb of the other, taken for a person.

    Its joints lie in the other's frame, and most are told as hidden; fewer need be
    where its head would be at a hip, as when a raised thigh is taken for a trunk.
    """
    low, high = other.points.min(axis=0), other.points.max(axis=0)
    inside = ((one.points >= low) & (one.points <= high)).all(axis=1).mean()
    head = one.points[HEAD].mean(axis=0)
    apart = np.linalg.norm(other.points[HIPS] - head, axis=1).min()
    most = HEADLESS if apart < AT_HIPS * other.size else HIDDEN
    return bool(inside > INSIDE and one.visible.mean() < most * other.visible.mean())


@cache
def _anchors() -> Floats:
    places = []
    for stride, count in STRIDES:
        cells = SIDE // stride
        y, x = np.mgrid[:cells, :cells]
        cell = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) / cells
        places.append(np.repeat(cell, count, axis=0))
    return np.concatenate(places)


def _detected(picture: Image.Image) -> list[tuple[Floats, Floats, float]]:
    """Mid-hips and end of the body of each person, in pixels, and the score."""
    whole = max(picture.size)
    shift = (whole - np.array(picture.size)) / 2
    square = Image.new("RGB", (whole, whole))
    square.paste(picture, (int(shift[0]), int(shift[1])))
    small = square.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    made = network("pose_detection.tflite")(np.asarray(small) / 127.5 - 1)
    scores = _chance(made["Identity_1"][:, 0])
    good = np.flatnonzero(scores > FOUND)
    good = good[np.argsort(-scores[good])]
    raw, anchors = made["Identity"][good] / SIDE, _anchors()[good]
    centres, sides = raw[:, :2] + anchors, raw[:, 2:4]
    marks = raw[:, 4:8].reshape(-1, 2, 2) + anchors[:, None]
    out, left = [], list(range(len(good)))
    while left:
        best = left[0]
        same = [n for n in left if _overlap(centres, sides, best, n) > OVERLAP]
        weight = scores[good[same]]
        mean = (marks[same] * weight[:, None, None]).sum(axis=0) / weight.sum()
        hips, end = mean * whole - shift
        out.append((hips, end, float(scores[good[best]])))
        left = [n for n in left if n not in same]
    return out


def _chance(raw: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-np.clip(raw, -60, 60)))
    return out


def _overlap(centres: Floats, sides: Floats, a: int, b: int) -> float:
    low = np.maximum(centres[a] - sides[a] / 2, centres[b] - sides[b] / 2)
    high = np.minimum(centres[a] + sides[a] / 2, centres[b] + sides[b] / 2)
    both = float(np.prod(np.maximum(high - low, 0)))
    return both / max(float(sides[a].prod() + sides[b].prod()) - both, 1e-9)


def _looked_at(picture: Image.Image, hips: Floats, end: Floats) -> Person | None:
    """The landmarks of the person with these hips, looked at twice, if one is there."""
    for _ in range(2):
        made = _landmarks(picture, hips, end)
        if made is None:
            return None
        person, hips, end = made
    return person


def _landmarks(
    picture: Image.Image, hips: Floats, end: Floats
) -> tuple[Person, Floats, Floats] | None:
    """The landmarks in the square about hips and end, and where both really are."""
    way = end - hips
    size = float(np.linalg.norm(way))
    if size < 1:
        return None
    up = way / size
    right = np.array([-up[1], up[0]])
    # Columns: what one pixel of the crop to the right and down is in the picture.
    scale = 2 * size * ZOOM / CROP
    axes = np.stack([right, -up], axis=1) * scale
    corner = hips - axes @ [CROP / 2, CROP / 2]
    affine = (*axes[0], corner[0], *axes[1], corner[1])
    wide = Image.Resampling.BILINEAR
    crop = picture.transform(
        (CROP, CROP), Image.Transform.AFFINE, tuple(map(float, affine)), wide
    )
    made = network("pose_landmark_full.tflite")(np.asarray(crop) / 255.0)
    score = float(made["Identity_1"][0])
    if score < PRESENT:
        return None
    flat = made["Identity"].reshape(39, 5)
    points = flat[:, :2] @ axes.T + corner
    turn = np.eye(3)
    turn[:2, :2] = np.stack([right, -up], axis=1)
    world = made["Identity_4"].reshape(39, 3)[:33] @ turn.T * [1, -1, -1]
    inside = ((points[:33] >= 0) & (points[:33] <= picture.size)).all(axis=1)
    visible = _chance(flat[:33, 3]) * inside
    person = Person(points[:33], visible, world, score, size)
    return person, points[33], points[34]
