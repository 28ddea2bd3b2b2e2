"""Cutting a person out of a photograph, without a large network.

A small network says roughly where the person is; GrabCut finds the edge between what is
surely inside and surely outside; a guided filter makes it as fine as the picture is.
"""

import io
from typing import Any

import numpy as np
from PIL import Image

from lumiku_contracts.images import Picture
from lumiku_studio.arrays import Floats
from lumiku_studio.photo.weights import network

SIDE = 256
LONGEST = 768
"""Pixels of the longer side at which the edge is sought."""
SURE_IN, SURE_OUT = 0.9, 0.08
ROUNDS = 4
EDGE = 1e-4
"""Variance of brightness below which the filter smooths."""


def cut_out(picture: Image.Image) -> Floats:
    """Cover of each pixel by the person, from 0 to 1, height x width."""
    import cv2  # noqa: PLC0415  (the extra's)

    scale = min(1.0, LONGEST / max(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    small = np.asarray(picture.resize(size, Image.Resampling.LANCZOS))
    rough = _rough(picture, size)
    inside = _grown(cv2, small, rough)
    fine = _guided(cv2, small, inside, max(2, round(max(size) / 170)))
    edge = np.clip((fine - 0.06) / 0.88, 0, 1)
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
    square = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    made = network("selfie_segmentation.tflite")(np.asarray(square) / 255.0)
    (mask,) = made.values()
    image = Image.fromarray(mask[..., 0].astype(np.float32))
    out: Floats = np.asarray(image.resize(size, Image.Resampling.BICUBIC))
    return out


def _grown(cv2: Any, pixels: Floats, rough: Floats) -> Floats:
    """The person as GrabCut bounds them, holes filled."""
    reach = max(3, round(max(rough.shape) / 60)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    sure = cv2.erode((rough > SURE_IN).astype(np.uint8), kernel)
    out = cv2.erode((rough < SURE_OUT).astype(np.uint8), kernel)
    plan = np.where(rough > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    plan[sure > 0], plan[out > 0] = cv2.GC_FGD, cv2.GC_BGD
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
