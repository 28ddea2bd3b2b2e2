"""Pictures with a known cut-out: people rendered before busy pictures made by rule."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import binary_dilation, zoom

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import (
    Appearance,
    Backdrop,
    BackdropKind,
    Camera,
    Framing,
    Pose,
    Scene,
)
from lumiku_studio.studio import render

BAND = 5
"""Pixels on either side of an edge, for a picture of 512 rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A person before something busy, and how much of each pixel is the person."""

    picture: Image.Image
    cover: Any


def composed(
    pose: Pose,
    look: Appearance,
    number: int,
    *,
    framing: Framing = Framing.FULL,
    size: tuple[int, int] = (384, 512),
) -> Composed:
    """A person before busy picture `number`; equal arguments, equal pixels."""
    scene = Scene(
        pose=pose,
        appearance=look,
        camera=Camera(framing=framing, yaw=(number * 37) % 50 - 25),
        backdrop=Backdrop(kind=BackdropKind.TRANSPARENT),
    )
    drawn = np.asarray(render(scene, size, quality=Quality.PREVIEW).image) / 255.0
    cover = drawn[..., 3]
    behind = np.asarray(busy(number, size)) / 255.0
    both = drawn[..., :3] * cover[..., None] + behind * (1 - cover[..., None])
    return Composed(Image.fromarray((both * 255 + 0.5).astype(np.uint8)), cover)


def overlap(found: Any, wanted: Any) -> float:
    """Intersection over union of two covers, each counted from a half."""
    a, b = found > 0.5, wanted > 0.5
    return float((a & b).sum() / max((a | b).sum(), 1))


def band_error(found: Any, wanted: Any) -> float:
    """The mean error of cover about the edge."""
    inside = wanted > 0.5
    reach = max(2, round(BAND * wanted.shape[0] / 512))
    band = binary_dilation(inside, iterations=reach)
    band &= binary_dilation(~inside, iterations=reach)
    band |= (wanted > 0.02) & (wanted < 0.98)
    return float(np.abs(found - wanted)[band].mean())


def busy(number: int, size: tuple[int, int]) -> Image.Image:
    """A room, shelves, leaves, a market or a wall of stripes, never twice the same."""
    rng = np.random.default_rng(1000 + number)
    make = (_clutter, _shelves, _leaves, _stripes, _lights)[number % 5]
    image = make(rng, size)
    if number % 3 == 0:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 3)))
    grain = rng.normal(0, 5, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def _clouds(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Smooth coloured noise of several scales."""
    width, height = size
    total = np.zeros((height, width, 3))
    for cells, strength in ((3, 60), (8, 35), (24, 18), (80, 10)):
        rough = rng.normal(0, strength, (cells * 4 // 3 + 1, cells, 3))
        by = (height / rough.shape[0], width / rough.shape[1], 1)
        total += zoom(rough, by, order=1, grid_mode=True, mode="nearest")
    base = rng.uniform(60, 190, 3)
    return Image.fromarray(np.clip(total + base, 0, 255).astype(np.uint8))


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(one) for one in rng.integers(10, 245, 3))
    return red, green, blue


def _clutter(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    image = _clouds(rng, size)
    pen = ImageDraw.Draw(image)
    for _ in range(90):
        x, y = rng.uniform(0, 1, 2) * size
        w, h = rng.uniform(0.02, 0.16, 2) * size[1]
        box = (x - w, y - h, x + w, y + h)
        draw = pen.ellipse if rng.random() < 0.4 else pen.rectangle
        draw(box, fill=_colour(rng), outline=_colour(rng))
    return image


def _shelves(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, _colour(rng))
    pen = ImageDraw.Draw(image)
    rise = size[1] // 7
    for top in range(0, size[1], rise):
        x = 0.0
        while x < size[0]:
            wide = float(rng.uniform(0.015, 0.06) * size[0])
            tall = rise * rng.uniform(0.5, 0.9)
            pen.rectangle((x, top + rise - tall, x + wide, top + rise), _colour(rng))
            x += wide + 1
        pen.rectangle((0, top + rise - 5, size[0], top + rise), (90, 62, 40))
    return image


def _leaves(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, (38, 60, 30))
    pen = ImageDraw.Draw(image)
    for _ in range(700):
        at = rng.uniform(0, 1, 2) * size
        turn, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.05) * size[1]
        way = np.array([np.cos(turn), np.sin(turn)]) * long
        aside = np.array([-way[1], way[0]]) * 0.35
        red, green, blue = rng.uniform((20, 60, 10), (150, 190, 70))
        corners = [at - way, at + aside, at + way, at - aside]
        pen.polygon(
            [(float(a), float(b)) for a, b in corners],
            fill=(int(red), int(green), int(blue)),
        )
    return image


def _stripes(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    y, x = np.mgrid[: size[1], : size[0]]
    turn, step = rng.uniform(0, np.pi), rng.uniform(0.02, 0.06) * size[0]
    wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / step) > 0
    pair = np.array([_colour(rng), _colour(rng)], np.uint8)
    plain = np.asarray(_clouds(rng, size)).astype(float)
    mixed = pair[wave.astype(int)] * 0.6 + plain * 0.4
    return Image.fromarray(mixed.astype(np.uint8))


def _lights(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """A street at night: dark, with lamps out of focus."""
    dark = np.asarray(_clouds(rng, size)) * 0.35
    image = Image.fromarray(dark.astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = rng.uniform(0, 1, 2) * size
        r = float(rng.uniform(0.006, 0.035) * size[1])
        pen.ellipse((x - r, y - r, x + r, y + r), fill=_colour(rng))
    return image
