"""Painted cards: what stands far behind a person, drawn by rules and put out of focus.

A card is a picture of `WIDE` x `TALL` metres, its lower edge on the floor.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from lumiku_contracts.scene import SetKind
from lumiku_studio.arrays import Floats
from lumiku_studio.colour import linear

WIDE, TALL, SCALE = 14.0, 6.0, 110  # metres, metres, pixels a metre
HORIZON = 1.25  # metres: where the far ground ends at the height of the lens
BLUR = 0.075  # metres that a card is smeared at full blur
Colour = tuple[int, int, int]


class Brush:
    """Draws on a card in metres from its lower left corner."""

    def __init__(self, sky: Colour, low: Colour, seed: int) -> None:
        rise = np.linspace(1, 0, round(TALL * SCALE))[:, None, None] ** 0.8
        rows = np.array(sky) * rise + np.array(low) * (1 - rise)
        whole = np.broadcast_to(rows, (len(rows), round(WIDE * SCALE), 3))
        self.image = Image.fromarray(whole.astype(np.uint8))
        self.pen = ImageDraw.Draw(self.image)
        self.chance = np.random.default_rng(seed)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return x * SCALE, (TALL - y) * SCALE

    def box(self, x: float, y: float, w: float, h: float, colour: Colour) -> None:
        """A rectangle from its lower left corner."""
        left, low = self._place(x, y)
        right, high = self._place(x + w, y + h)
        self.pen.rectangle((left, high, right, low), fill=colour)

    def disc(self, x: float, y: float, w: float, h: float, colour: Colour) -> None:
        """An ellipse about its middle."""
        left, low = self._place(x - w, y - h)
        right, high = self._place(x + w, y + h)
        self.pen.ellipse((left, high, right, low), fill=colour)

    def leaves(
        self, x: float, y: float, size: float, colour: Colour, many: int
    ) -> None:
        """A bush or a crown of blobs."""
        for _ in range(many):
            dx, dy = self.chance.normal(0, size * 0.45, 2)
            shade = self.chance.uniform(0.65, 1.25)
            dyed = tuple(int(min(255, c * shade)) for c in colour)
            r = size * self.chance.uniform(0.1, 0.28)
            self.disc(x + dx, y + dy, r, r, (dyed[0], dyed[1], dyed[2]))

    def one_of(self, colours: tuple[Colour, ...]) -> Colour:
        """Any of some colours."""
        return colours[int(self.chance.integers(len(colours)))]


GOODS: tuple[Colour, ...] = (
    (206, 92, 74), (232, 178, 86), (96, 140, 120), (88, 116, 164), (236, 226, 208),
    (176, 120, 92), (214, 150, 160), (120, 152, 88),
)  # fmt: skip


def _shop(b: Brush) -> None:
    b.box(0, 0, WIDE, 0.14, (120, 92, 70))
    for column in range(9):
        left = 0.15 + column * 1.55
        b.box(left, 0.12, 1.4, 2.75, (226, 214, 196))
        for row in range(6):
            low = 0.22 + row * 0.44
            b.box(left, low - 0.05, 1.4, 0.05, (160, 124, 92))
            at = left + 0.06
            while at < left + 1.26:
                w = b.chance.uniform(0.07, 0.17)
                h = b.chance.uniform(0.16, 0.34)
                b.box(at, low, w - 0.015, h, b.one_of(GOODS))
                at += w
    for x in np.arange(0.6, WIDE, 1.9):
        b.disc(float(x), 3.5, 0.2, 0.09, (255, 244, 220))


def _cafe(b: Brush) -> None:
    for x in np.arange(0, WIDE, 0.32):
        shade = int(b.chance.integers(-10, 10))
        b.box(float(x), 0, 0.31, TALL, (112 + shade, 82 + shade, 62 + shade))
    b.box(4.3, 1.75, 2.3, 1.2, (42, 46, 44))
    for row in range(6):
        w = b.chance.uniform(0.9, 1.7)
        b.box(4.55, 2.72 - row * 0.15, w, 0.035, (206, 204, 192))
    b.box(7.4, 0.9, 2.6, 2.1, (244, 236, 214))
    b.box(8.66, 0.9, 0.06, 2.1, (92, 66, 48))
    b.box(0, 0, WIDE, 1.02, (150, 112, 80))
    b.box(0, 0.98, WIDE, 0.09, (206, 178, 140))
    for x in np.arange(0.4, WIDE, 0.45):
        size = b.chance.uniform(0.10, 0.26)
        b.box(float(x), 1.07, 0.17, size, b.one_of(GOODS))
    for x in np.arange(0.9, WIDE, 1.35):
        b.box(float(x) - 0.01, 3.2, 0.02, 3, (30, 26, 24))
        b.disc(float(x), 3.1, 0.17, 0.15, (255, 222, 150))


def _street(b: Brush) -> None:
    for k, x in enumerate(np.arange(0, WIDE, 2.35)):
        wall = b.one_of(
            ((204, 186, 164), (186, 120, 98), (220, 212, 198), (150, 158, 166))
        )
        b.box(float(x), 0, 2.3, 4.2 + (k * 37 % 5) * 0.4, wall)
        for row in range(3):
            for column in range(3):
                at = float(x) + 0.25 + column * 0.68
                b.box(at, 1.9 + row * 0.95, 0.42, 0.62, (104, 126, 146))
        b.box(float(x) + 0.2, 0.1, 1.9, 1.25, (66, 72, 78))
        b.box(float(x) + 0.1, 1.38, 2.1, 0.3, b.one_of(GOODS))
    for x in (1.4, 4.9, 9.3, 12.4):
        b.box(x - 0.07, 0, 0.14, 1.9, (92, 74, 58))
        b.leaves(x, 2.6, 1.0, (96, 134, 72), 90)
    b.box(0, 0, WIDE, 0.12, (150, 148, 144))


def _office(b: Brush) -> None:
    b.box(0, 0.55, WIDE, 2.75, (214, 230, 242))
    for x in np.arange(0, WIDE, 0.8):
        h = b.chance.uniform(0.5, 1.7)
        b.box(float(x), 0.55, 0.7, h, (168, 186, 202))
    for x in np.arange(0, WIDE, 1.4):
        b.box(float(x), 0.5, 0.09, 2.9, (238, 238, 236))
    b.box(0, 0, WIDE, 0.58, (206, 206, 204))
    for x in np.arange(0.5, WIDE, 2.2):
        b.box(float(x), 0.72, 1.5, 0.06, (188, 150, 110))
        b.box(float(x) + 0.3, 0.82, 0.62, 0.38, (50, 54, 60))
        b.leaves(float(x) + 1.8, 0.95, 0.34, (84, 124, 80), 40)
    b.box(0, 3.3, WIDE, 3, (236, 236, 234))


def _beach(b: Brush) -> None:
    b.box(0, 0, WIDE, HORIZON, (62, 150, 178))
    for k in range(40):
        y = HORIZON * (k / 40)
        w = b.chance.uniform(0.6, 3)
        shade = (108, 190, 206) if k % 3 else (212, 236, 236)
        b.box(b.chance.uniform(0, WIDE), y, w, 0.02, shade)
    b.box(0, 0, WIDE, 0.30, (226, 236, 228))
    b.box(0, 0, WIDE, 0.20, (214, 194, 154))
    for x in (2.2, 5.0, 9.4):
        b.disc(x, 3.6, 1.4, 0.20, (250, 250, 250))
    for x, lean in ((3.7, 0.25), (10.6, -0.3)):
        for k in range(24):
            b.box(x + lean * (k / 24) ** 2 * 2.0, k * 0.15, 0.15, 0.17, (132, 104, 76))
        for turn in np.linspace(0, np.pi, 9):
            for step in np.linspace(0.1, 1.1, 12):
                px = x + lean * 2 + float(np.cos(turn)) * step
                py = 3.7 + float(np.sin(turn)) * step * 0.6 - step * step * 0.45
                b.disc(px, py, 0.13, 0.06, (72, 122, 70))


def _mosque(b: Brush) -> None:
    b.disc(7.0, 4.0, 1.7, 1.5, (104, 160, 152))
    b.box(6.96, 5.4, 0.08, 0.5, (214, 180, 96))
    for x in (2.4, 11.2):
        b.box(x, 0, 0.5, 5.4, (236, 230, 216))
        b.disc(x + 0.25, 5.4, 0.3, 0.4, (104, 160, 152))
    b.box(0, 0, WIDE, 3.7, (238, 230, 212))
    b.box(0, 3.45, WIDE, 0.22, (206, 182, 138))
    for x in np.arange(0.1, WIDE, 1.7):
        left = float(x)
        b.disc(left + 0.72, 2.2, 0.60, 0.85, (196, 180, 150))
        b.disc(left + 0.72, 2.2, 0.55, 0.78, (142, 126, 104))
        b.box(left + 0.17, 0, 1.1, 2.2, (142, 126, 104))
        b.box(left + 0.55, 0, 0.36, 1.7, (112, 98, 82))
        b.box(left - 0.14, 0, 0.30, 2.15, (246, 240, 226))
        b.box(left - 0.2, 2.1, 0.42, 0.14, (206, 182, 138))
    b.box(0, 0, WIDE, 0.14, (206, 192, 166))


def _living_room(b: Brush) -> None:
    b.box(0, 0, WIDE, TALL, (226, 218, 206))
    b.box(0, 0, WIDE, 0.14, (246, 242, 234))
    for x in (1.2, 8.6):
        b.box(x, 0.25, 3.1, 0.62, (126, 142, 146))
        b.box(x + 0.1, 0.8, 2.9, 0.50, (138, 154, 158))
        for k in range(3):
            b.box(x + 0.2 + k * 0.95, 0.85, 0.5, 0.36, b.one_of(GOODS))
    b.box(5.6, 1.7, 0.9, 1.15, (92, 72, 58))
    b.box(5.66, 1.76, 0.78, 1.03, (232, 206, 172))
    b.disc(6.05, 2.3, 0.24, 0.24, (196, 112, 86))
    b.box(7.45, 0, 0.05, 1.7, (90, 76, 64))
    b.disc(7.47, 1.85, 0.32, 0.24, (255, 236, 194))
    b.leaves(5.0, 1.15, 0.55, (92, 128, 84), 70)
    b.box(4.8, 0, 0.4, 0.5, (198, 146, 112))


def _garden(b: Brush) -> None:
    for x in np.arange(-0.5, WIDE, 1.1):
        b.leaves(float(x), 3.0 + b.chance.uniform(-0.4, 0.5), 1.2, (112, 152, 86), 60)
    for x in np.arange(-0.3, WIDE, 0.8):
        b.leaves(float(x), 1.0, 0.75, (84, 128, 66), 50)
    for _ in range(160):
        x, y = b.chance.uniform(0, WIDE), b.chance.uniform(0.3, 1.6)
        b.disc(float(x), float(y), 0.05, 0.05, b.one_of(GOODS))
    b.box(0, 0, WIDE, 0.22, (96, 134, 70))


PAINTERS: Mapping[SetKind, tuple[Colour, Colour, Callable[[Brush], None]]] = {
    SetKind.SHOP: ((236, 226, 210), (214, 202, 184), _shop),
    SetKind.CAFE: ((92, 70, 54), (128, 98, 74), _cafe),
    SetKind.STREET: ((150, 190, 226), (226, 232, 234), _street),
    SetKind.OFFICE: ((236, 238, 238), (226, 228, 228), _office),
    SetKind.BEACH: ((92, 164, 214), (228, 236, 230), _beach),
    SetKind.MOSQUE: ((116, 172, 216), (222, 232, 234), _mosque),
    SetKind.LIVING_ROOM: ((232, 226, 216), (220, 212, 200), _living_room),
    SetKind.GARDEN: ((196, 220, 226), (170, 198, 150), _garden),
}


@lru_cache(maxsize=8)
def painted(kind: SetKind, blur: float) -> Floats:
    """The card of a place: linear RGB, out of focus by a share of the most."""
    sky, low, paint = PAINTERS[kind]
    brush = Brush(sky, low, list(SetKind).index(kind))
    paint(brush)
    return unfocused(brush.image, blur)


def unfocused(image: Image.Image, blur: float) -> Floats:
    """A picture as linear light, smeared as a lens would."""
    light = linear(np.asarray(image.convert("RGB"), np.float32) / 255)
    size = (0.15 + blur) * BLUR * SCALE * image.height / (TALL * SCALE)
    out: Floats = gaussian_filter(light, (size, size, 0)).astype(np.float32)
    return out
