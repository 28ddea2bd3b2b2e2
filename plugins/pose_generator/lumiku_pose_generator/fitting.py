"""Bringing a finished picture to another shape, and writing it to a file.

Pillow is imported where pictures are made: never in a server process.
"""
# ruff: noqa: PLC0415

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lumiku_pose_generator.formats import Encoding, Fit

if TYPE_CHECKING:
    from PIL import Image

MARGIN = 0.04
"""Share of the person's box that is kept free about it."""
QUALITY = 90
SOFT = 60
"""Of the longer side: how far the backdrop is smoothed where it goes on."""
PAPER = (255, 255, 255)
"""What is behind a cut-out in a file that knows no transparency."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that is to be seen, which may reach beyond it."""

    left: float
    top: float
    width: float
    height: float


def window(
    size: tuple[int, int], target: tuple[int, int], fit: Fit, subject: Box | None
) -> Window:
    """Which part of a picture of `size` makes one of the shape of `target`."""
    shape = target[0] / target[1]
    width, height = size
    left, top, right, bottom = _freed(subject or (0, 0, width, height), size)
    tall = min(height, width / shape)
    if fit is Fit.CONTAIN:
        tall = max(height, width / shape)
    elif subject is not None:
        tall = max(tall, bottom - top, (right - left) / shape)
    wide = tall * shape
    return Window(
        _placed(left, right, wide, width),
        _placed(top, bottom, tall, height),
        wide,
        tall,
    )


def _freed(subject: Box, size: tuple[int, int]) -> Box:
    """The person's box with some room, as far as the picture goes."""
    left, top, right, bottom = subject
    across, down = (right - left) * MARGIN, (bottom - top) * MARGIN
    return (
        max(left - across, min(left, 0)),
        max(top - down, min(top, 0)),
        min(right + across, max(right, size[0])),
        min(bottom + down, max(bottom, size[1])),
    )


def _placed(low: float, high: float, length: float, whole: float) -> float:
    """Where a window begins: about the person, and within the picture if it can.

    Where the picture cuts the person, it does not go on: a body cannot be continued.
    """
    start = (low + high) / 2 - length / 2
    if length < whole:
        return min(max(start, 0), whole - length)
    cut_low, cut_high = low <= 0, high >= whole
    if cut_low != cut_high:
        return 0.0 if cut_low else whole - length
    return min(max(start, whole - length), 0)


def fitted(
    picture: "Image.Image", target: tuple[int, int], fit: Fit, subject: Box | None
) -> "Image.Image":
    """The picture at exactly `target` pixels."""
    from PIL import Image

    seen = window(picture.size, target, fit, subject)
    scale = target[0] / seen.width
    whole = (
        max(1, round(picture.width * scale)),
        max(1, round(picture.height * scale)),
    )
    resized = picture.resize(whole, Image.Resampling.LANCZOS)
    at = (round(-seen.left * scale), round(-seen.top * scale))
    if at[0] <= 0 and at[1] <= 0 and _reaches(at, whole, target):
        return resized.crop((-at[0], -at[1], -at[0] + target[0], -at[1] + target[1]))
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", target, (0, 0, 0, 0))
    else:
        ground = _continued(resized, target, at)
    ground.paste(resized, at)
    return ground


def _reaches(
    at: tuple[int, int], whole: tuple[int, int], target: tuple[int, int]
) -> bool:
    return at[0] + whole[0] >= target[0] and at[1] + whole[1] >= target[1]


def _continued(
    picture: "Image.Image", target: tuple[int, int], at: tuple[int, int]
) -> "Image.Image":
    """The backdrop going on beyond the picture's edges, soft across the seam."""
    from PIL import Image, ImageFilter

    ground = Image.new("RGB", target)
    width, height = picture.size
    x0, y0 = max(at[0], 0), max(at[1], 0)
    x1, y1 = min(at[0] + width, target[0]), min(at[1] + height, target[1])
    middle = picture.crop((x0 - at[0], y0 - at[1], x1 - at[0], y1 - at[1]))
    ground.paste(middle, (x0, y0))
    for box, edge in (
        ((0, y0, x0, y1), (x0, y0, x0 + 1, y1)),
        ((x1, y0, target[0], y1), (x1 - 1, y0, x1, y1)),
        ((0, 0, target[0], y0), (0, y0, target[0], y0 + 1)),
        ((0, y1, target[0], target[1]), (0, y1 - 1, target[0], y1)),
    ):
        size = (box[2] - box[0], box[3] - box[1])
        if min(size) > 0:
            blur = ImageFilter.GaussianBlur(max(target) / SOFT)
            strip = ground.crop(edge).filter(blur)
            ground.paste(strip.resize(size), box)
    return ground


def encoded(picture: "Image.Image", encoding: Encoding, dpi: int | None) -> bytes:
    """The file, with the marks of the picture it was made from."""
    from PIL import PngImagePlugin

    said: dict[str, Any] = {} if dpi is None else {"dpi": (dpi, dpi)}
    marks = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    comment = picture.info.get("Comment")
    out = io.BytesIO()
    if encoding is Encoding.PNG:
        text = PngImagePlugin.PngInfo()
        if marks:
            text.add_itxt("XML:com.adobe.xmp", _text(marks))
        if comment:
            text.add_text("Comment", comment)
        picture.save(out, "PNG", pnginfo=text, compress_level=4, **said)
        return out.getvalue()
    if marks:
        said["xmp"] = _text(marks).encode()
    if encoding is Encoding.JPEG:
        if comment:
            said["comment"] = comment
        flat = on_paper(picture)
        flat.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True, **said)
    else:
        said.pop("dpi", None)
        picture.save(out, "WEBP", quality=QUALITY, method=4, **said)
    return out.getvalue()


def _text(marks: Any) -> str:
    return marks.decode("utf-8") if isinstance(marks, bytes) else str(marks)


def on_paper(picture: "Image.Image") -> "Image.Image":
    """A cut-out on white; anything else as it is, in RGB."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, (*PAPER, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def opened(content: bytes) -> "Image.Image":
    """The pixels of a delivered picture in RGB or RGBA, with its marks."""
    from PIL import Image

    picture = Image.open(io.BytesIO(content))
    picture.load()
    info = picture.info
    clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in info
    out = picture.convert("RGBA" if clear else "RGB")
    out.info = info
    return out
