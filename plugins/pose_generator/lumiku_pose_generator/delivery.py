"""Pictures in other shapes, with names that say what they are."""
# ruff: noqa: PLC0415  (Pillow is for runners)

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lumiku_contracts import Output
from lumiku_contracts.images import ImageResult, MapKind
from lumiku_pose_generator.formats import FORMATS, Encoding, Fit, pixels

if TYPE_CHECKING:
    from PIL import Image

COVERED = 128
"""Of 255, from which a pixel counts as the person's."""


def subject_of(result: ImageResult) -> list[int] | None:
    """The person's box in pixels, by the alpha map; None where there is no such map."""
    from PIL import Image

    for one in result.maps:
        if one.kind is MapKind.ALPHA:
            cover = Image.open(io.BytesIO(one.picture.content)).convert("L")
            return box_of(cover)
    return None


def box_of(cover: "Image.Image") -> list[int] | None:
    """Left, top, right and bottom of what a grey picture covers, if anything."""
    box = cover.point(lambda value: 255 if value >= COVERED else 0).getbbox()
    return None if box is None else list(box)


def exported(made: Output, name: str, fit: Fit, encoding: Encoding) -> Output:
    """A delivered picture in the shape of a format."""
    from lumiku_pose_generator.fitting import encoded, fitted, opened

    picture = opened(made.content)
    size = pixels(name, picture.size)
    box = made.meta.get("subject")
    subject = (box[0], box[1], box[2], box[3]) if box else None
    shaped = fitted(picture, size, fit, subject) if size != picture.size else picture
    shaped.info = picture.info
    content = encoded(shaped, encoding, FORMATS[name].dpi)
    return output(content, encoding, name, made.meta, size)


def output(
    content: bytes,
    encoding: Encoding,
    name: str,
    meta: Mapping[str, Any],
    size: tuple[int, int],
) -> Output:
    """A file of a format, named after the pose and the format."""
    stem = str(meta.get("name") or "picture")
    told = {"format": name, "name": f"{stem}-{name.replace('_', '-')}"}
    return Output(
        content,
        f"image/{encoding.value}",
        kind="export",
        meta=told,
        width=size[0],
        height=size[1],
    )
