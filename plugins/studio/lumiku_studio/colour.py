"""Colours: from what people write to what light is computed in."""

import numpy as np

from lumiku_studio.arrays import Floats

EXPOSURE = 0.70
KEPT = 0.65
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def linear(srgb: Floats) -> Floats:
    """Linear light from sRGB, both 0.0-1.0."""
    out: Floats = np.where(
        srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4
    )
    return out


def encoded(light: Floats) -> Floats:
    """SRGB from linear light, both 0.0-1.0."""
    safe = np.maximum(light, 0)
    out: Floats = np.where(
        safe <= 0.0031308, 12.92 * safe, 1.055 * safe ** (1 / 2.4) - 0.055
    )
    return out


def written(colour: str) -> Floats:
    """Linear RGB of `#rrggbb`."""
    return linear(np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255)


def toned(light: Floats) -> Floats:
    """The picture's sRGB, 0.0-1.0.

    A filmic curve (Narkowicz' fit of ACES), half of it by brightness alone, so that
    the colours of cloth stay near those asked for.
    """
    x = np.maximum(light, 0) * EXPOSURE
    bright = (x @ LUMINANCE)[..., None]
    kept = x * (_film(bright) / np.maximum(bright, 1e-6))
    mixed = KEPT * kept + (1 - KEPT) * _film(x)
    return encoded(np.clip(mixed, 0, 1))


def _film(x: Floats) -> Floats:
    out: Floats = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    return out
