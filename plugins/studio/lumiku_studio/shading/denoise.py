"""From few samples to a clean picture: OIDN, or a guided filter where it is missing."""

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from scipy.ndimage import (
    binary_dilation,
    distance_transform_edt,
    gaussian_filter,
    uniform_filter,
)

from lumiku_contracts.images import Quality
from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.shading.film import Film
from lumiku_studio.shading.stage import Segment

BORDER = 6
FADE = 8.0  # pixels over which the frame around the person fades into the backdrop
FRAME = 8  # pixels
SPREAD = 6.0
PLAIN = 0.02  # change of a colour from pixel to pixel up to which a backdrop is plain
TALL = 384  # pixels of height from which every fourth shows all of a soft shadow
RADIUS = 3
EPSILON = 2e-3
WINDOW = 5  # pixels in which hairs run together, or all ways
# Share of hairs' own light that is kept, by how much their ways differ (0-1).
KEPT = ((0.12, 0.27), (0.2, 0.8))
MOST = 0.03  # linear light that is given back: on fair hair more would glitter
WITHOUT = "Denoised by a plain guided filter, since OIDN is not installed: less smooth."


def develop(film: Film, behind: Mask, quality: Quality) -> str | None:
    """Clean a film's light in place; may return a warning.

    Where `behind`, only every other row and column was exposed: the sweep changes
    slowly, so it is cleaned at half size and spread out. The person is cleaned then,
    in a frame around them, which fades into the sweep. The larger network is for many
    rays a pixel: of few, it takes the noise of soft shadows on white cloth for a weave.
    """
    sweep, warning = _sweep(film, behind)
    rows, columns = np.nonzero(binary_dilation(~behind, iterations=BORDER))
    if not len(rows):
        return warning
    span = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    planes = (film.light[span], film.albedo[span], film.normal[span])
    light, warning = clean(*planes, quick=quality is not Quality.HIGH)
    if quality is not Quality.PREVIEW:
        keep_hairs(light, *planes[::2], film.segment[span])
    if sweep is not None:
        inside = distance_transform_edt(~behind[span])
        share = np.where(film.person[span], 1, np.clip(inside / FADE, 0, 1))
        light = sweep[span] + (light - sweep[span]) * share[..., None]
    film.light[span] = np.where(behind[span][..., None], film.light[span], light)
    return warning


def keep_hairs(light: Floats, raw: Floats, normal: Floats, segment: Ints) -> None:
    """Give hairs back, in place, what the network took for noise in their light.

    It blurs most where hairs run all ways: there most of the `raw` light is kept.
    """
    hair = segment == Segment.HAIR
    if not hair.any():
        return
    rows, columns = np.nonzero(binary_dilation(hair, iterations=WINDOW))
    span = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    hair, light, raw, normal = hair[span], light[span], raw[span], normal[span]
    mine = hair.astype(np.float32)
    near = uniform_filter(mine, WINDOW) + 1e-6

    def mean(values: Floats) -> Floats:
        out: Floats = uniform_filter(values * mine, WINDOW) / near
        return out

    length = mean((normal * normal).sum(axis=2))
    common = sum(mean(normal[..., k]) ** 2 for k in range(3))
    wild = 1 - common / np.maximum(length, 1e-6)
    share = np.interp(wild, *KEPT).astype(np.float32)
    # Ends of hairs before the backdrop belong to it, skin beside it does not.
    ends = binary_dilation(hair, iterations=2) & (segment[span] == Segment.BACKDROP)
    share *= uniform_filter((hair | ends).astype(np.float32), 3)
    light += np.clip(raw - light, -MOST, MOST) * share[..., None]


def _sweep(film: Film, behind: Mask) -> tuple[Floats | None, str | None]:
    """The light of the backdrop as if nobody stood before it; features in place."""
    if not behind.any():
        return None, None
    near = binary_dilation(film.person, iterations=BORDER)
    known = (~near | behind)[::2, ::2].astype(np.float32)
    light, *features = (p[::2, ::2] for p in (film.light, film.albedo, film.normal))
    plain = film.height >= TALL and _plain(features[0], behind[::2, ::2])
    spread = SPREAD
    if plain:  # nothing on it is sharp: half as many rows and columns do
        # In fours: where means overlap, the network takes their noise for a weave.
        share, there = _fours(known[..., None]), known[..., None]
        light, *features = (
            _fours(plane * there) / np.maximum(share, 1e-9)
            for plane in (light, *features)
        )
        known, spread = (share[..., 0] > 0).astype(np.float32), SPREAD / 2
    share = gaussian_filter(known, spread)[..., None] + 1e-9
    there = known[..., None] > 0
    filled = []
    for plane in (light, *features):
        wide = gaussian_filter(plane * known[..., None], (spread, spread, 0)) / share
        filled.append(np.where(there, plane, wide))
    light, warning = clean(*filled, quick=True)
    planes = [light, *filled[1:]]
    if plain:
        size = -(-film.height // 2), -(-film.width // 2)
        planes = [_doubled(plane, *size) for plane in planes]
    sweep, *features = (_doubled(p, film.height, film.width) for p in planes)
    film.light[behind] = sweep[behind]
    film.albedo[behind], film.normal[behind] = (p[behind] for p in features)
    return sweep, warning


def _plain(albedo: Floats, seen: Mask) -> bool:
    """Whether no colour changes much from pixel to pixel where the backdrop is seen."""
    for one, two in (
        (np.s_[1:], np.s_[:-1]),
        (np.s_[:, 1:], np.s_[:, :-1]),
    ):
        step = np.abs(albedo[one] - albedo[two])[seen[one] & seen[two]]
        if step.max(initial=0) > PLAIN:
            return False
    return True


def _fours(plane: Floats) -> Floats:
    """The means of two by two, at half the size."""
    tall, wide = (size % 2 for size in plane.shape[:2])
    even = np.pad(plane, ((0, tall), (0, wide), (0, 0)), mode="edge")
    out: Floats = (even[::2] + even[1::2]) * np.float32(0.5)
    return (out[:, ::2] + out[:, 1::2]) * np.float32(0.5)


def _doubled(half: Floats, height: int, width: int) -> Floats:
    """Twice the size, straight between the known rows and columns."""
    rows, columns = np.arange(height), np.arange(width)
    low, left = rows // 2, columns // 2
    high = np.minimum(low + rows % 2, half.shape[0] - 1)
    right = np.minimum(left + columns % 2, half.shape[1] - 1)
    tall = (half[low] + half[high]) * np.float32(0.5)
    out: Floats = (tall[:, left] + tall[:, right]) * np.float32(0.5)
    return out


def clean(
    light: Floats, albedo: Floats, normal: Floats, *, quick: bool = False
) -> tuple[Floats, str | None]:
    """Denoise linear `light`, guided by clean features; all height x width x 3.

    The second value is a warning where the plain filter had to do.
    """
    try:
        oidn, device = _library()
    except ImportError:
        return _guided(light, albedo), WITHOUT
    out = oidn.denoise(
        _framed(light),
        albedo=_framed(np.clip(albedo, 0, 1)),
        normal=_framed(normal),
        hdr=True,
        quality=oidn.Quality.Fast if quick else oidn.Quality.High,
        device=device,
    )
    inner = slice(FRAME, -FRAME)
    return np.asarray(out)[inner, inner], None


def _framed(plane: Floats) -> Floats:
    """With a mirrored frame, for the network is at a loss along an edge."""
    border = [(FRAME, FRAME), (FRAME, FRAME), (0, 0)]
    return np.ascontiguousarray(np.pad(plane, border, mode="symmetric"), np.float32)


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    """OIDN and its device, on one thread: each core has a runner of its own."""
    oidn: Any = import_module("mitsuba_oidn")
    device = oidn.Device(oidn.DeviceType.CPU)
    device.set_int("numThreads", 1)
    device.commit()
    return oidn, device


def _guided(light: Floats, albedo: Floats) -> Floats:
    """The light per albedo, smoothed where the albedo is smooth."""
    base = np.maximum(albedo, 0.02)
    wanted = light / base
    guide = albedo.mean(axis=2)
    side = 2 * RADIUS + 1
    mean = uniform_filter(guide, side)
    spread = uniform_filter(guide * guide, side) - mean * mean
    out = np.empty_like(light)
    for channel in range(3):
        value = wanted[..., channel]
        level = uniform_filter(value, side)
        slope = (uniform_filter(guide * value, side) - mean * level) / (
            spread + EPSILON
        )
        shift = level - slope * mean
        smooth = uniform_filter(slope, side) * guide + uniform_filter(shift, side)
        out[..., channel] = smooth * base[..., channel]
    return out
