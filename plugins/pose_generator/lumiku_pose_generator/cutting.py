"""A product is taken out of the even ground that it was photographed on."""
# ruff: noqa: PLC0415  (Pillow is for runners)

import io
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from lumiku_contracts import Refused
from lumiku_pose_generator.product import OUTLINED, Product

if TYPE_CHECKING:
    from PIL import Image

LARGEST: Final = 1024
"""Pixels a side that a print keeps."""
COARSE: Final = 384
"""Pixels a side at which the ground is looked for."""
ALIKE: Final = 26
"""Of 255, how far a pixel of the ground may be from its colour."""
EVEN: Final = 0.9
"""Share of the border that has to be ground."""
LEAST: Final = 0.01
"""Share of the picture that the product has to be."""
CLEAR: Final = 250
"""Of 255, below which a pixel counts as seen through."""
NO_OUTLINE: Final = (
    "The product's picture has no clear ground, and no even one to take away: it is "
    "shown as a rectangle."
)


def prepared(content: bytes, product: Product) -> tuple[bytes, str | None]:
    """The product's picture as it is printed or stands (PNG), and a warning, if any.

    Raises `Refused` `ground-not-even` where it was to be cut out and cannot be.
    """
    from PIL import Image

    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((LARGEST, LARGEST))
    whole = not any(picture.getchannel("A").histogram()[:CLEAR])
    wanted = product.cut_out
    warning = None
    if wanted or (wanted is None and whole and product.where in OUTLINED):
        cover = _cover(picture)
        if cover is None and wanted:
            raise Refused(
                "ground-not-even",
                "The product cannot be cut out: what is around it is not of one "
                "colour.",
                fix="Send a picture before an even ground, or a PNG with a clear one.",
            )
        if cover is None:
            warning = NO_OUTLINE
        else:
            picture.putalpha(cover)
    box = picture.getchannel("A").point(lambda v: 255 * (v > CLEAR // 2)).getbbox()
    if box is None:
        raise Refused("nothing-to-see", "The product's picture is clear all over.")
    out = io.BytesIO()
    picture.crop(box).save(out, "PNG", compress_level=1)
    return out.getvalue(), warning


def _cover(picture: "Image.Image") -> "Image.Image | None":
    """Where the product is: all that an even ground does not reach from the border."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    small = Image.new("RGBA", picture.size, "white")
    small.alpha_composite(picture)
    small = small.convert("RGB")
    small.thumbnail((COARSE, COARSE))
    wide, tall = small.size
    rim = Image.new("L", small.size, 255)
    rim.paste(0, (1, 1, wide - 1, tall - 1))
    away = ImageChops.difference(
        small, Image.new("RGB", small.size, _middle(small.histogram(rim)))
    )
    furthest = ImageChops.lighter(
        ImageChops.lighter(away.getchannel(0), away.getchannel(1)), away.getchannel(2)
    )
    ground = furthest.point(lambda value: 255 if value <= ALIKE else 0)
    if ground.histogram(rim)[255] < EVEN * rim.histogram()[255]:
        return None
    padded = Image.new("L", (wide + 2, tall + 2), 255)
    padded.paste(ground, (1, 1))
    ImageDraw.floodfill(padded, (0, 0), 128)
    cover = padded.crop((1, 1, wide + 1, tall + 1))
    cover = cover.point(lambda value: 0 if value == 128 else 255)  # noqa: PLR2004
    cover = cover.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.MinFilter(3))
    if cover.histogram()[255] < LEAST * wide * tall:
        return None
    fine = cover.resize(picture.size, Image.Resampling.BICUBIC)
    return fine.filter(ImageFilter.GaussianBlur(max(picture.size) / COARSE / 2))


def _middle(histogram: list[int]) -> tuple[int, int, int]:
    """The middle value of each of three channels."""
    middles = []
    for start in (0, 256, 512):
        sums = list(accumulate(histogram[start : start + 256]))
        middles.append(bisect_left(sums, sums[-1] / 2))
    return middles[0], middles[1], middles[2]
