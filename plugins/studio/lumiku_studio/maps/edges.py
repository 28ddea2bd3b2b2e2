"""Edges as Canny finds them: thin lines where brightness changes most."""

import numpy as np
from scipy.ndimage import gaussian_filter, label, sobel

from lumiku_studio.arrays import Floats, Ints

SMOOTH = 1.2
WEAK, STRONG = 0.1, 0.25
"""Steepness at which a line goes on, and at which one begins."""


def canny(bright: Floats) -> Ints:
    """White lines on black (`uint8`), for brightness from 0 to 1, height x width."""
    soft = gaussian_filter(bright.astype(np.float32), SMOOTH)
    across, down = sobel(soft, axis=1), sobel(soft, axis=0)
    steep = np.hypot(across, down)
    # Of four directions, the one the gradient is nearest to.
    way = np.round(np.arctan2(down, across) / (np.pi / 4)).astype(int) % 4
    wide = np.pad(steep, 1)
    crest = np.zeros(steep.shape, bool)
    height, width = steep.shape
    for number, (dy, dx) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        ahead = wide[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        behind = wide[1 - dy : 1 - dy + height, 1 - dx : 1 - dx + width]
        crest |= (way == number) & (steep >= ahead) & (steep > behind)
    lines, _ = label(crest & (steep > WEAK), np.ones((3, 3)))
    begun = np.unique(lines[crest & (steep > STRONG)])
    kept = np.isin(lines, begun[begun > 0])
    return (kept * 255).astype(np.uint8)
