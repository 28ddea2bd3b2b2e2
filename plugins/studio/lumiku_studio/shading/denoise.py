"""From few samples to a clean picture: OIDN, or a guided filter where it is missing."""

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from scipy.ndimage import binary_dilation, gaussian_filter, uniform_filter

from lumiku_contracts.images import Quality
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.shading.film import Film

BORDER = 6
LARGE = 480_000  # pixels beyond which the quicker network is sharp enough
SPREAD = 6.0
RADIUS = 3
EPSILON = 2e-3
WITHOUT = "Denoised by a plain guided filter, since OIDN is not installed: less smooth."


def develop(film: Film, behind: Mask, quality: Quality) -> str | None:
    """Clean a film's light in place; may return a warning.

    Where `behind`, only every other row and column was exposed: the sweep changes
    slowly, so it is cleaned at half size and spread out. The person is cleaned then,
    in a frame around them; a preview takes the quicker network, and a standard picture
    does where it is large.
    """
    warning = _sweep(film, behind)
    rows, columns = np.nonzero(binary_dilation(~behind, iterations=BORDER))
    if not len(rows):
        return warning
    span = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    planes = (film.light[span], film.albedo[span], film.normal[span])
    large = planes[0].shape[0] * planes[0].shape[1] > LARGE
    quick = quality is Quality.PREVIEW or (large and quality is not Quality.HIGH)
    light, warning = clean(*planes, quick=quick)
    film.light[span] = np.where(behind[span][..., None], film.light[span], light)
    return warning


def _sweep(film: Film, behind: Mask) -> str | None:
    known = behind[::2, ::2].astype(np.float32)
    if not known.any():
        return None
    share = gaussian_filter(known, SPREAD) + 1e-9
    halves = []
    for plane in (film.light, film.albedo, film.normal):
        half = plane[::2, ::2]
        spread = (
            gaussian_filter(half * known[..., None], (SPREAD, SPREAD, 0))
            / share[..., None]
        )
        halves.append(np.where(known[..., None] > 0, half, spread))
    light, warning = clean(*halves, quick=True)
    for plane, half in zip(
        (film.light, film.albedo, film.normal), (light, *halves[1:]), strict=True
    ):
        plane[behind] = _doubled(half, film.height, film.width)[behind]
    return warning


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
        np.ascontiguousarray(light, np.float32),
        albedo=np.clip(albedo, 0, 1).astype(np.float32),
        normal=np.ascontiguousarray(normal, np.float32),
        hdr=True,
        quality=oidn.Quality.Fast if quick else oidn.Quality.High,
        device=device,
    )
    return np.asarray(out), None


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
