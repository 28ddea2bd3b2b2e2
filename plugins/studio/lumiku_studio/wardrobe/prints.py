"""What is woven into cloth or printed on it: fibres, patterns, seams, decals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import GarmentKind, Pattern
from lumiku_studio.arrays import Floats
from lumiku_studio.shading.stage import Stuff, texel
from lumiku_studio.wardrobe import folds

EDGE = 0.0009  # metres over which one colour gives way to the other
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

    def coloured(self, uv: Floats, colour: Floats) -> Floats:
        """The garment's own colour with all that is on it."""
        base = colour * _fibres(self.stuff, uv)[:, None]
        if self.pattern in PATTERNS:
            much = PATTERNS[self.pattern](uv)[:, None]
            base = base * (1 - much) + self.second * much
        base = _seams(self.kind, uv, base)
        if self.decal is not None:
            over = decal_at(self.decal, self.share, uv)
            base = base * (1 - over[:, 3:]) + over[:, :3] * over[:, 3:]
        out: Floats = base.astype(np.float32)
        return out

    def slopes(self, uv: Floats) -> Floats | None:
        """Folds, and the ribs of what is knitted."""
        steep = folds.slopes(uv) * self.relief
        if self.stuff is Stuff.KNIT:
            steep[:, 0] += 0.16 * np.sin(uv[:, 0] * (2 * np.pi / 0.009))
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


def _band(place: Floats, period: float, share: float) -> Floats:
    """1 on stripes that fill a share of each period, 0 between, soft at the edges."""
    at = np.abs((place / period) % 1 - 0.5) * period
    out: Floats = np.clip((share * period / 2 - at) / EDGE + 0.5, 0, 1)
    return out


def _stripes(uv: Floats) -> Floats:
    return _band(uv[:, 1], 0.034, 0.45)


def _pinstripes(uv: Floats) -> Floats:
    return _band(uv[:, 0], 0.0225, 0.11)


def _checks(uv: Floats) -> Floats:
    across, along = _band(uv[:, 0], 0.05, 0.5), _band(uv[:, 1], 0.05, 0.5)
    thin = np.maximum(_band(uv[:, 0], 0.05, 0.04), _band(uv[:, 1], 0.05, 0.04))
    out: Floats = np.clip(0.5 * across + 0.5 * along - 0.6 * thin, 0, 1)
    return out


def _dots(uv: Floats) -> Floats:
    row = np.floor(uv[:, 1] / 0.03)
    x = (uv[:, 0] / 0.034 + 0.5 * (row % 2)) % 1 - 0.5
    y = (uv[:, 1] / 0.03) % 1 - 0.5
    away = np.hypot(x * 0.034, y * 0.03)
    out: Floats = np.clip((0.0062 - away) / EDGE + 0.5, 0, 1)
    return out


def _batik(uv: Floats) -> Floats:
    """Four petals about a cross of dots in every tile, and lines between the tiles."""
    tile = 0.066
    x, y = ((uv[:, k] / tile) % 1 - 0.5 for k in (0, 1))
    a, b = np.abs(x), np.abs(y)
    along, aside = (a + b) * 0.7071, np.abs(a - b) * 0.7071
    petal = 1 - ((along - 0.34) / 0.25) ** 2 - (aside / 0.125) ** 2
    vein = (np.abs(aside) < 0.018) & (np.abs(along - 0.34) < 0.16)
    seed = (np.hypot(along - 0.34, aside) < 0.07) & (aside > 0.03)
    heart = np.hypot(x, y) < 0.055
    rim = np.hypot(0.5 - a, 0.5 - b) < 0.06
    edge = np.hypot(0.5 - a, b) < 0.035
    edge |= np.hypot(a, 0.5 - b) < 0.035
    out = np.clip(petal * 6, 0, 1) * np.where(vein | seed, 0.25, 0.92)
    outline = np.clip(1 - np.abs(petal + 0.38) * 6, 0, 1) * 0.45
    most: Floats = np.maximum.reduce([out, outline, (heart | rim) * 0.95, edge * 0.7])
    return most


PATTERNS: Mapping[Pattern, Callable[[Floats], Floats]] = {
    Pattern.STRIPES: _stripes,
    Pattern.PINSTRIPES: _pinstripes,
    Pattern.CHECKS: _checks,
    Pattern.DOTS: _dots,
    Pattern.BATIK: _batik,
}


def _fibres(stuff: Stuff, uv: Floats) -> Floats:
    """How light and dark threads of a stuff are, about 1."""
    u, v = uv[:, 0], uv[:, 1]
    grain = np.sin(u * 1913.0 + np.sin(v * 1207.0) * 2.0) * np.sin(v * 1661.0 + u * 331)
    if stuff is Stuff.DENIM:
        slub = np.sin(v * 190 + 4 * np.sin(u * 57)) * np.sin(u * 830 + v * 23)
        leg = v - 2 * folds.APART
        worn = np.clip((WORN[0] - leg) / (WORN[0] - WORN[1]), 0, 1) * (v > TRUNK)
        worn = worn * worn * (3 - 2 * worn) * np.exp(-(((leg + 0.30) / 0.2) ** 2))
        faded = worn * np.exp(-((u / 0.07) ** 2))
        out: Floats = 1 + 0.03 * grain + 0.03 * slub + 0.30 * faded
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
