"""From few samples to a clean picture: OIDN, or a guided filter where it is missing."""

import os

import numpy as np
from scipy.ndimage import uniform_filter

from lumiku_studio.arrays import Floats

RADIUS = 3
EPSILON = 2e-3
WITHOUT = "Denoised by a plain guided filter, since OIDN is not installed: less smooth."


def clean(light: Floats, albedo: Floats, normal: Floats) -> tuple[Floats, str | None]:
    """Denoise linear `light`, guided by clean features; all height x width x 3.

    The second value is a warning where the plain filter had to do.
    """
    os.environ.setdefault("DRJIT_NUM_THREADS", "1")
    try:
        import mitsuba_oidn as oidn  # noqa: PLC0415  absent on some machines
    except ImportError:
        return _guided(light, albedo), WITHOUT
    out = oidn.denoise(
        np.ascontiguousarray(light, np.float32),
        albedo=np.clip(albedo, 0, 1).astype(np.float32),
        normal=normal.astype(np.float32),
        hdr=True,
        quality=oidn.Quality.Balanced,
    )
    return np.asarray(out), None


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
        slope = (uniform_filter(guide * value, side) - mean * level) / (spread + EPSILON)
        shift = level - slope * mean
        smooth = uniform_filter(slope, side) * guide + uniform_filter(shift, side)
        out[..., channel] = smooth * base[..., channel]
    return out
