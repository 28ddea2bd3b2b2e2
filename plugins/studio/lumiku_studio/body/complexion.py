"""The skin's picture: tone, blotches, and what CC0 masks tint: lips, lids, nails."""

from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter

from lumiku_contracts.scene import SkinTone
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.colour import linear

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
# Multipliers of the tone under each mask, and how strongly they apply.
TINTS = {
    "eyelids": ((0.90, 0.82, 0.80), 0.55),
    "ears": ((1.03, 0.90, 0.87), 0.6),
    "fingernails": ((1.10, 0.99, 0.98), 0.8),
    "inside-mouth": ((0.55, 0.25, 0.25), 1.0),
}


@lru_cache(maxsize=8)
def picture(tone: SkinTone, makeup: float) -> Floats:
    """Linear RGB over the body's texture corners, `SIDE` x `SIDE` x 3, `float32`."""
    base = np.array(TONES[tone])
    rng = np.random.default_rng(7)

    def blotches(size: float) -> Floats:
        noise = gaussian_filter(rng.standard_normal((SIDE, SIDE)), size)
        out: Floats = noise / noise.std()
        return out

    image = base * (1 + 0.010 * blotches(18) + 0.008 * blotches(3))[..., None]
    redness = 0.012 * blotches(25)
    image *= np.stack([1 + redness * 0.6, 1 - redness, 1 - redness * 0.8], axis=-1)
    masks = template().masks
    for name, (tint, strength) in TINTS.items():
        share = gaussian_filter(masks[name], 1.5)[..., None] * strength
        image = image * (1 - share) + image * np.array(tint) * share
    lips = gaussian_filter(masks["lips"], 1.2)[..., None]
    natural = base * np.array([0.90, 0.73, 0.71])
    painted = LIPS * (0.45 + 0.55 * base.mean() / 0.68)
    colour = natural * (1 - makeup) + painted * makeup
    image = image * (1 - lips) + colour * lips
    return linear(np.clip(image, 0, 1)).astype(np.float32)
