"""What colours the skin beside its picture: blood, shade about the eyes, stubble."""

import numpy as np

from lumiku_contracts.scene import Appearance
from lumiku_studio.arrays import Floats
from lumiku_studio.body.complexion import TONES
from lumiku_studio.body.shape import Rest
from lumiku_studio.colour import LUMINANCE, linear

# Places on a face from between the eyes (metres aside, over the eyes), their sizes,
# and what is left there of red, green and blue.
SPOTS = (
    ((0.043, -0.040), (0.020, 0.016), (1.05, 0.90, 0.89)),
    ((0.0, -0.045), (0.013, 0.011), (1.03, 0.92, 0.90)),
    ((0.0, -0.108), (0.018, 0.010), (1.02, 0.95, 0.94)),
    ((0.033, 0.0105), (0.017, 0.0050), (0.90, 0.83, 0.82)),
    ((0.032, -0.0150), (0.015, 0.0045), (0.95, 0.89, 0.89)),
    ((0.0185, -0.002), (0.006, 0.008), (0.93, 0.85, 0.84)),
)
BLOOD = frozenset({0, 1, 2})
PALE = ((0.30, 0.62), (1.0, 1.55))
"""By a skin's linear luminance: how much more its blood shows."""
BEHIND = 0.03  # metres behind the eyes where none of this shows
EARLIER = np.array([0.68, 0.72, 0.76])
"""What stubble leaves of a light skin's colour."""


def tint(rest: Rest, look: Appearance, points: Floats, stubble: Floats) -> Floats:
    """Factors of the skin's colour at surface points, n x 3, shaped as `points`."""
    eye = rest.head("eye.L")
    x, y, z = np.abs(points[:, 0]), points[:, 1] - eye[1], points[:, 2] - eye[2]
    front = np.clip((z + BEHIND) / 0.02, 0, 1)[:, None]
    out = np.ones_like(points)
    pale = float(np.interp(linear(np.array(TONES[look.skin])) @ LUMINANCE, *PALE))
    for number, ((aside, rise), (wide, high), left) in enumerate(SPOTS):
        near = np.exp(-(((x - aside) / wide) ** 2) - ((y - rise) / high) ** 2)
        strength = 0.65 + 0.8 * look.makeup if number in {0, 3} else 1.0
        strength *= pale if number in BLOOD else 1.0
        out *= 1 + (np.array(left) - 1) * near[:, None] * front * strength
    shadow: Floats = 1 + (EARLIER - 1) * stubble[:, None]
    return out * shadow
