"""Cutting a person out of a photograph, without a large network.

A small network says roughly where the person is, once in all of the picture and once
from nearby, and their joints say so, too; GrabCut finds the edge between what is surely
inside and surely outside; a guided filter makes it as fine as the picture is.
"""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from lumiku_contracts.images import Picture
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.matte.near import Near, near
from lumiku_studio.photo.people import Person
from lumiku_studio.photo.weights import network

SIDE = 256
LONGEST = 768
"""Pixels of the longer side at which the edge is sought."""
SURE_IN, SURE_OUT, PERHAPS = 0.9, 0.08, 0.2
ROUNDS = 4
EDGE = 1e-4
"""Variance of brightness below which the filter smooths."""
AROUND = 0.12
"""Of the person's larger side: what is looked at about them from nearby."""
FINE = 200
"""Pixels of the longer side for each of the filter's radius."""
SOFT = 0.2
"""Cover that counts as none, and what is missing to the whole that counts as whole."""
NEARBY = 0.8
"""Of the picture's area: a larger frame shows no more from nearby."""


LIMBS = (
    (13, 15, 19), (15, 17), (15, 21), (14, 16, 20), (16, 18), (16, 22),
    (27, 29), (27, 31), (28, 30), (28, 32),
)  # fmt: skip
"""Landmarks along forearms, hands and feet, which the small network misses."""
HANDS, FINGERS = ((15, 17), (15, 19), (16, 18), (16, 20)), 0.6
"""Wrists with the knuckles of little fingers and forefingers, and how much farther
fingers reach, of that way."""
THIN, SEEN = 0.02, 0.9
"""Of a person's size: how thick a limb surely is; and how surely it is seen."""


def cut_out(picture: Image.Image, person: Person | None = None) -> Floats:
    """Cover of each pixel by the person, from 0 to 1, height x width.

    The hands and feet of a `person` who was found in the picture are kept.
    """
    import cv2  # noqa: PLC0415  (the extra's)

    scale = min(1.0, LONGEST / max(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    small = np.asarray(picture.resize(size, Image.Resampling.LANCZOS))
    rough = _rough(picture, size)
    limbs = _limbs(cv2, person, scale, rough.shape)
    where = None if person is None else near(cv2, person, scale, rough.shape)
    inside = _grown(cv2, small, _Guess(rough, limbs, where))
    fine = _guided(cv2, small, inside, max(2, round(max(size) / FINE)))
    edge = np.clip((fine - SOFT) / (1 - 2 * SOFT), 0, 1)
    whole = np.asarray(picture.convert("L"), np.float32) / 255
    large = cv2.resize(edge, picture.size, interpolation=cv2.INTER_LINEAR)
    if scale < 1:
        radius = max(2, round(max(picture.size) / 400))
        large = _guided_by(cv2, whole, large, radius)
    out: Floats = np.clip(large, 0, 1)
    return out


def grey(cover: Floats) -> Picture:
    """Cover as a grey PNG."""
    out = io.BytesIO()
    image = Image.fromarray((cover * 255 + 0.5).astype(np.uint8))
    image.save(out, "PNG")
    return Picture(out.getvalue(), "image/png", image.width, image.height)


def _rough(picture: Image.Image, size: tuple[int, int]) -> Floats:
    """What the network takes for the person, at the working size."""
    whole = _told(picture, size)
    box = _about(whole > 0.5)
    if box is None:
        return whole
    factor = picture.width / size[0]
    left, top, right, bottom = (round(side * factor) for side in box)
    near = (box[2] - box[0], box[3] - box[1])
    whole[box[1] : box[3], box[0] : box[2]] = _told(
        picture.crop((left, top, right, bottom)), near
    )
    return whole


def _about(inside: Mask) -> tuple[int, int, int, int] | None:
    """The frame about somebody, if it is much smaller than the picture."""
    rows, columns = np.nonzero(inside)
    if not len(rows):
        return None
    height, width = inside.shape
    room = round(AROUND * max(np.ptp(rows), np.ptp(columns))) + 2
    left, right = max(0, columns.min() - room), min(width, columns.max() + room)
    top, bottom = max(0, rows.min() - room), min(height, rows.max() + room)
    small = (right - left) * (bottom - top) < NEARBY * width * height
    return (int(left), int(top), int(right), int(bottom)) if small else None


def _limbs(
    cv2: Any, person: Person | None, scale: float, shape: tuple[int, ...]
) -> Mask:
    """Where forearms, hands and feet surely are, at the working size."""
    drawn = np.zeros(shape, np.uint8)
    if person is not None:
        width = max(1, round(person.size * scale * THIN))
        ends = person.points.copy()
        for wrist, knuckle in HANDS:  # fingers go on beyond the knuckles
            ends[knuckle] += FINGERS * (ends[knuckle] - ends[wrist])
        places = np.round(ends * scale).astype(int).tolist()
        for a, b in (pair for limb in LIMBS for pair in pairwise(limb)):
            if min(person.visible[a], person.visible[b]) > SEEN:
                cv2.line(drawn, places[a], places[b], 1, width)
    sure: Mask = drawn > 0
    return sure


def _told(picture: Image.Image, size: tuple[int, int]) -> Floats:
    """What the network says of a picture, at another size."""
    square = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    made = network("selfie_segmentation.tflite")(np.asarray(square) / 255.0)
    (mask,) = made.values()
    image = Image.fromarray(mask[..., 0].astype(np.float32))
    return np.array(image.resize(size, Image.Resampling.BICUBIC))


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    """Where the network sees the person, where thin limbs are, and what bones say."""

    rough: Floats
    limbs: Mask
    near: Near | None


def _grown(cv2: Any, pixels: Floats, guess: _Guess) -> Floats:
    """The person as GrabCut bounds them, holes filled."""
    rough, limbs = guess.rough, guess.limbs
    reach = max(3, round(max(rough.shape) / 60)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    sure = cv2.erode((rough > SURE_IN).astype(np.uint8), kernel)
    out = cv2.erode((rough < SURE_OUT).astype(np.uint8), kernel)
    plan = np.where(rough > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    if guess.near is not None:
        sure = sure * guess.near.inner
        plan[~guess.near.outer] = cv2.GC_PR_BGD
        plan[(rough > PERHAPS) & guess.near.inner] = cv2.GC_PR_FGD
    plan[sure > 0], plan[out > 0] = cv2.GC_FGD, cv2.GC_BGD
    reached = cv2.dilate(limbs.astype(np.uint8), kernel) > 0
    plan[reached & (plan == cv2.GC_BGD)] = cv2.GC_PR_BGD
    plan[limbs] = cv2.GC_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(1)
    cv2.grabCut(
        np.ascontiguousarray(pixels[..., ::-1]),
        plan,
        None,
        *models,
        ROUNDS,
        cv2.GC_INIT_WITH_MASK,
    )
    inside = np.isin(plan, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    filled: Floats = _largest(cv2, inside).astype(np.float32)
    return filled


def _largest(cv2: Any, inside: Floats) -> Floats:
    """The largest piece, and those a twentieth its size, without small holes."""
    for wanted in (1, 0):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            (inside == wanted).astype(np.uint8)
        )
        areas = stats[1:, cv2.CC_STAT_AREA]
        if count > 1:
            least = areas.max() / 20 if wanted else inside.size / 2000
            small = 1 + np.flatnonzero(areas < least)
            inside = np.where(np.isin(labels, small), 1 - wanted, inside)
    return inside.astype(np.uint8)


def _guided(cv2: Any, pixels: Floats, mask: Floats, radius: int) -> Floats:
    guide = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return _guided_by(cv2, guide, mask, radius)


def _guided_by(cv2: Any, guide: Floats, mask: Floats, radius: int) -> Floats:
    """He, Sun and Tang's guided filter: the mask as a line of the picture, locally."""
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Floats) -> Floats:
        out: Floats = cv2.blur(values, window)
        return out

    centre, level = mean(guide), mean(mask)
    slope = (mean(guide * mask) - centre * level) / (
        mean(guide * guide) - centre * centre + EDGE
    )
    out: Floats = mean(slope) * guide + mean(level - slope * centre)
    return out
