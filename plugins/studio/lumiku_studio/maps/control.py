"""Control maps, drawn from what the picture's own rays met."""

import numpy as np
from PIL import Image, ImageDraw

from lumiku_contracts.images import MapKind
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.colour import toned
from lumiku_studio.maps.edges import canny
from lumiku_studio.maps.hands import Hands, Skeleton, draw_hands
from lumiku_studio.shading.film import Film

# The limbs and colours that OpenPose's COCO-18 models were trained on.
LIMBS = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11),
    (11, 12), (12, 13), (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
COLOURS = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0),
    (85, 255, 0), (0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255),
    (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255), (170, 0, 255),
    (255, 0, 255), (255, 0, 170), (255, 0, 85),
)  # fmt: skip
PALETTE = np.array(
    [
        (0, 0, 0), (230, 180, 150), (90, 50, 20), (255, 255, 255), (200, 180, 60),
        (60, 60, 200), (200, 60, 60), (150, 60, 150), (60, 180, 60),
    ],
    np.uint8,
)  # fmt: skip
KINDS = (
    MapKind.OPENPOSE,
    MapKind.DEPTH,
    MapKind.NORMAL,
    MapKind.ALPHA,
    MapKind.SEGMENTATION,
    MapKind.CANNY,
)


def draw(kind: MapKind, film: Film, skeleton: Skeleton, hands: Hands) -> Image.Image:
    """One map at the film's size; `kind` is one of `KINDS`."""
    if kind is MapKind.OPENPOSE:
        return openpose(skeleton, film.width, film.height, hands)
    if kind is MapKind.CANNY:
        return Image.fromarray(canny(toned(film.light).mean(axis=2)))
    solid = film.person
    if kind is MapKind.ALPHA:
        return Image.fromarray((film.alpha * 255 + 0.5).astype(np.uint8))
    if kind is MapKind.DEPTH:
        return Image.fromarray(_depth(film.depth, solid))
    if kind is MapKind.NORMAL:
        flat = np.array([128, 128, 255], np.uint8)
        shade = (film.facing * 0.5 + 0.5) * 255 + 0.5
        return Image.fromarray(np.where(solid[..., None], shade, flat).astype(np.uint8))
    return Image.fromarray(PALETTE[film.segment])


def _depth(depth: Floats, solid: Ints) -> Ints:
    """Nearer is brighter, from 255 down to 51; behind the person 0."""
    if not solid.any():
        return np.zeros(depth.shape, np.uint8)
    near, far = float(depth[solid].min()), float(depth[solid].max())
    shade = 255 - (depth - near) / max(far - near, 1e-6) * 204
    return np.where(solid, shade + 0.5, 0).astype(np.uint8)


def openpose(
    skeleton: Skeleton, width: int, height: int, hands: Hands | None = None
) -> Image.Image:
    """The skeleton as OpenPose draws it: limbs at six tenths, joints in full colour.

    Joints of the body lie over hands, so that they can be read back.
    """
    image = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(image)
    radius = max(2, round(height / 256))
    for (a, b), colour in zip(LIMBS, COLOURS, strict=False):
        if skeleton[a][2] and skeleton[b][2]:
            faded = tuple(int(c * 0.6) for c in colour)
            _limb(pen, skeleton[a][:2], skeleton[b][:2], radius, faded)
    draw_hands(pen, hands or {}, height)
    for (x, y, visible), colour in zip(skeleton, COLOURS, strict=True):
        if visible:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return image


def _limb(
    pen: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    radius: int,
    colour: tuple[int, ...],
) -> None:
    """A filled ellipse from joint to joint."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / 2
    aside = np.array([-along[1], along[0]])
    aside = aside / max(float(np.linalg.norm(aside)), 1e-6) * radius
    turn = np.linspace(0, 2 * np.pi, 40)[:, None]
    outline = (a + b) / 2 + np.cos(turn) * along + np.sin(turn) * aside
    pen.polygon([(float(x), float(y)) for x, y in outline], fill=colour)
