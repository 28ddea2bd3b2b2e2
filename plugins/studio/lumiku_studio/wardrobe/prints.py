"""What is woven into cloth or printed on it: fibres, patterns, seams, decals."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import GarmentKind, Pattern
from lumiku_studio.arrays import Floats
from lumiku_studio.shading.footprint import Footprint
from lumiku_studio.shading.stage import Stuff, texel
from lumiku_studio.wardrobe import folds
from lumiku_studio.wardrobe.patterns import EDGE, PATTERNS, mixed, resolved

RIB, GRAIN, SLUB = 0.009, 0.003, 0.005  # metres from thread to thread
TRUNK = folds.APART / 2
CHEST = (0.315, 0.30, 0.36)  # a decal's middle over the hips, and its most, in metres
STITCH = np.array([0.42, 0.24, 0.10])
WORN = (-0.11, -0.26)
"""Metres along a leg over which denim begins to be faded, below where legs begin."""
FLY = 0.35
"""Shade of a fly: below a top's hem its end would be a thread of another colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """The print of one garment."""

    kind: GarmentKind
    stuff: Stuff
    pattern: Pattern
    second: Floats
    relief: float
    """Share of the folds that the surface shows."""
    decal: Floats | None = None
    """Rows x columns x 4: linear RGB and coverage."""
    share: float = 0.7

    def coloured(
        self, uv: Floats, colour: Floats, seen: Footprint | None = None
    ) -> Floats:
        """The garment's own colour with all that is on it, as a pixel mixes it."""
        long = None if seen is None else seen.long
        base = colour * _fibres(self.stuff, uv, long)[:, None]
        if self.pattern in PATTERNS:
            much = mixed(PATTERNS[self.pattern], uv, seen)[:, None]
            base = base * (1 - much) + self.second * much
        base = _seams(self.kind, uv, base)
        if self.decal is not None:
            over = decal_at(self.decal, self.share, uv)
            base = base * (1 - over[:, 3:]) + over[:, :3] * over[:, 3:]
        out: Floats = base.astype(np.float32)
        return out

    def slopes(self, uv: Floats, seen: Footprint | None = None) -> Floats:
        """Folds, and the ribs of what is knitted."""
        steep: Floats = folds.slopes(uv) * self.relief
        if self.stuff is Stuff.KNIT:
            long = None if seen is None else seen.long
            ribs = 0.16 * np.sin(uv[:, 0] * (2 * np.pi / RIB))
            steep[:, 0] += ribs * resolved(RIB, long)
        return steep


def decal_at(picture: Floats, share: float, uv: Floats) -> Floats:
    """Colour and coverage (n x 4) of a picture on the chest."""
    place = decal_place(picture, share, uv)
    on = ((place >= 0) & (place <= 1)).all(axis=1) & (uv[:, 1] < TRUNK)
    out = np.zeros((len(uv), 4), np.float32)
    out[on] = texel(picture, place[on])
    return out


def decal_place(picture: Floats, share: float, uv: Floats) -> Floats:
    """Places in the picture (n x 2; inside from 0 to 1, v upwards)."""
    middle, wide, tall = CHEST
    rows, columns = picture.shape[:2]
    scale = min(wide / columns, tall / rows) * share
    half = np.array([columns, rows]) * scale
    out: Floats = (uv - [0, middle]) / half + 0.5
    return out


def _fibres(stuff: Stuff, uv: Floats, long: Floats | None) -> Floats:
    """How light and dark threads of a stuff are, about 1, in pixels so `long`."""
    u, v = uv[:, 0], uv[:, 1]
    grain = np.sin(u * 1913.0 + np.sin(v * 1207.0) * 2.0) * np.sin(v * 1661.0 + u * 331)
    grain = grain * resolved(GRAIN, long)
    if stuff is Stuff.DENIM:
        slub = np.sin(v * 190 + 4 * np.sin(u * 57)) * np.sin(u * 830 + v * 23)
        slub = slub * resolved(SLUB, long)
        leg = v - 2 * folds.APART
        worn = np.clip((WORN[0] - leg) / (WORN[0] - WORN[1]), 0, 1) * (v > TRUNK)
        worn = worn * worn * (3 - 2 * worn) * np.exp(-(((leg + 0.30) / 0.2) ** 2))
        faded = worn * np.exp(-((u / 0.07) ** 2))
        out: Floats = 1 + 0.08 * grain + 0.04 * slub + 0.30 * faded
        return out
    much = {Stuff.KNIT: 0.07, Stuff.CLOTH: 0.025}.get(stuff, 0.0)
    plain: Floats = 1 + much * grain
    return plain


def _line(distance: Floats, width: float = 0.0011) -> Floats:
    out: Floats = np.clip((width - np.abs(distance)) / EDGE + 0.5, 0, 1)
    return out


def _seams(kind: GarmentKind, uv: Floats, base: Floats) -> Floats:
    """Lines of needlework: plackets, pockets, seams, as darker or lighter threads."""
    u, v = uv[:, 0], uv[:, 1]
    trunk = v < TRUNK
    if kind is GarmentKind.SHIRT:
        line = _line(np.abs(u) - 0.0165) * trunk
        cuffs = _line(v - folds.APART - 0.475) * (v < 1.5 * folds.APART)
        dark = np.maximum(line, cuffs) * 0.45
        out: Floats = base * (1 - dark)[:, None]
        return out
    if kind is GarmentKind.BLAZER:
        low = np.abs(v - 0.02) < 0.008
        flap = trunk & (np.abs(np.abs(u) - 0.145) < 0.055) & low
        dark = np.maximum(_line(v - 0.028) * (np.abs(np.abs(u) - 0.145) < 0.055), 0)
        dark = np.maximum(dark * trunk * 0.6, flap * 0.10)
        cut: Floats = base * (1 - dark)[:, None]
        return cut
    if kind in {GarmentKind.JEANS, GarmentKind.TROUSERS, GarmentKind.SHORTS}:
        return _pockets(kind, u, v, base)
    return base


def _pockets(kind: GarmentKind, u: Floats, v: Floats, base: Floats) -> Floats:
    """Waistband, fly, slanting front pockets, and patches behind on jeans."""
    trunk, a = v < TRUNK, np.abs(u)
    slant = np.hypot(a - 0.235, v - 0.115) - 0.10
    front = _line(slant) * (a < 0.24) * (v < 0.105)
    band, fly = _line(v - 0.105), _line(u - 0.018) * (v > 0.0) * (v < 0.105)
    side = _line(a - np.pi / 2 * folds.RADII[0], 0.0008)
    lines = np.maximum.reduce([front, band, side])
    base = base * (1 - FLY * fly * trunk)[:, None]
    if kind is GarmentKind.JEANS:
        x, y = (
            np.abs(a - 0.375),
            np.abs(v - 0.015 - 0.02 * (1 - np.abs(a - 0.375) / 0.06)),
        )
        patch = np.maximum(x / 0.062, y / 0.062) - 1
        lines = np.maximum(lines, _line(patch * 0.06))
    lines = lines * trunk
    leg = v - 2 * folds.APART
    outer = _line(np.abs(u) - np.pi / 2 * folds.RADII[2], 0.0009) * ~trunk
    if kind is GarmentKind.JEANS:
        lines = np.maximum(lines, outer * 0.8)
        much = (lines * 0.75)[:, None]
        out: Floats = base * (1 - much) + STITCH * much
        return out
    crease = np.exp(-((u / 0.0022) ** 2)) * ~trunk * (leg < -0.1)
    pressed = crease * 0.12 * (kind is GarmentKind.TROUSERS)
    return base * (1 + pressed - np.maximum(lines, outer * 0.6) * 0.35)[:, None]
