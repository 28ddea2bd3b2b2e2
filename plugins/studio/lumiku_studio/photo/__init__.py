"""From a photograph to a pose of ours; needs the extra `photo` and its weights."""

import io

from PIL import Image, ImageOps

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import Picture

MOST_PIXELS, LEAST_SIDE = 40_000_000, 64


def opened(picture: Picture) -> Image.Image:
    """The pixels of a JPEG, PNG or WebP picture, upright, in RGB.

    Raises `Refused`: `not-a-picture`, `picture-too-large`, `picture-too-small`.
    """
    try:
        image = Image.open(io.BytesIO(picture.content), formats=("JPEG", "PNG", "WEBP"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise _unreadable() from error
    if image.width * image.height > MOST_PIXELS:
        detail = f"At most {MOST_PIXELS // 10**6} megapixels are looked at."
        raise Refused("picture-too-large", detail, fix="Send a smaller one.")
    if min(image.size) < LEAST_SIDE:
        detail = f"A picture has at least {LEAST_SIDE} pixels a side."
        raise Refused("picture-too-small", detail, fix="Send a larger one.")
    try:
        return ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError) as error:
        raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused(
        "not-a-picture",
        "This is no JPEG, PNG or WebP picture, or not all of one.",
        fix="Send a photograph in one of these formats.",
    )
