"""The skin's picture: tone, blotches, and what CC0 masks tint: lips, lids, nails."""

from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter

from lumiku_contracts.scene import SkinTone
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.colour import encoded, linear

TONES = {
    SkinTone.PORCELAIN: (0.918, 0.783, 0.705),
    SkinTone.FAIR: (0.910, 0.755, 0.670),
    SkinTone.LIGHT: (0.885, 0.700, 0.580),
    SkinTone.MEDIUM: (0.825, 0.625, 0.490),
    SkinTone.TAN: (0.735, 0.535, 0.400),
    SkinTone.BROWN: (0.625, 0.435, 0.315),
    SkinTone.DARK: (0.480, 0.325, 0.240),
    SkinTone.DEEP: (0.355, 0.240, 0.185),
}
LIPS = np.array([0.74, 0.36, 0.35])
SIDE = 1024
FAINTEST = 0.002  # share of a mask below which nothing is tinted
# Multipliers of the tone under each mask, and how strongly they apply.
TINTS = {
    "eyelids": ((0.90, 0.82, 0.80), 0.55),
    "ears": ((1.03, 0.90, 0.87), 0.6),
    "fingernails": ((1.10, 0.99, 0.98), 0.8),
    "inside-mouth": ((0.55, 0.25, 0.25), 1.0),
}


@lru_cache(maxsize=1)
def _blotches() -> Floats:
    """How far each place departs from the tone, about 0: `SIDE` x `SIDE` x 3."""
    rng = np.random.default_rng(7)

    def noise(size: float) -> Floats:
        white = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
        field = gaussian_filter(white, size)
        out: Floats = field / field.std()
        return out

    shade = 0.010 * noise(18) + 0.008 * noise(3)
    redness = 0.012 * noise(25)
    return np.stack(
        [shade + redness * 0.6, shade - redness, shade - redness * 0.8], axis=-1
    )


@lru_cache(maxsize=8)
def _masked(name: str, soft: float) -> tuple[Ints, Floats]:
    """Which places of a picture a softened mask touches, and its share of each."""
    mask = gaussian_filter(template().masks[name].astype(np.float32), soft).ravel()
    places = np.flatnonzero(mask > FAINTEST)
    return places, mask[places, None]


@lru_cache(maxsize=8)
def picture(tone: SkinTone, makeup: float) -> Floats:
    """Linear RGB over the body's texture corners, `SIDE` x `SIDE` x 3, `float32`."""
    base = np.array(TONES[tone], np.float32)
    # Blotches are faint: to first order they scale light by how steep its curve is.
    steep = 2.4 * base / (base + np.float32(0.055))
    image = (linear(base) * (1 + steep * _blotches())).reshape(-1, 3)
    for name, (tint, strength) in TINTS.items():
        at, share = _masked(name, 1.5)
        tinted = 1 + (np.array(tint) - 1) * strength * share
        image[at] = linear(encoded(image[at]) * tinted)
    at, share = _masked("lips", 1.2)
    natural = base * np.array([0.90, 0.73, 0.71])
    painted = LIPS * (0.45 + 0.55 * base.mean() / 0.68)
    colour = natural * (1 - makeup) + painted * makeup
    image[at] = linear(encoded(image[at]) * (1 - share) + colour * share)
    out: Floats = image.reshape(SIDE, SIDE, 3)
    return out
