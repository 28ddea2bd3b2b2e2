"""The sizes that shops, networks and printers ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field


@dataclass(frozen=True, slots=True)
class Format:
    """Pixels, and dots an inch where it is printed."""

    name: str
    width: int
    height: int
    dpi: int | None = None


FORMATS: Final = {
    "instagram_story": Format("Instagram story", 1080, 1920),
    "instagram_feed": Format("Instagram feed", 1080, 1080),
    "instagram_portrait": Format("Instagram portrait", 1080, 1350),
    "instagram_reel": Format("Instagram reel", 1080, 1920),
    "tiktok": Format("TikTok", 1080, 1920),
    "shopee_product": Format("Shopee product", 1000, 1000),
    "tokopedia_product": Format("Tokopedia product", 1200, 1200),
    "lazada_product": Format("Lazada product", 1000, 1000),
    "facebook_post": Format("Facebook post", 1200, 630),
    "twitter_post": Format("Twitter post", 1200, 675),
    "linkedin_post": Format("LinkedIn post", 1200, 627),
    "whatsapp_status": Format("WhatsApp status", 1080, 1920),
    "youtube_thumbnail": Format("YouTube thumbnail", 1280, 720),
    "pinterest_pin": Format("Pinterest pin", 1000, 1500),
    "print_a4": Format("Print A4", 2480, 3508, 300),
    "print_4x6": Format("Print 4 × 6 inch", 1200, 1800, 300),
    "original": Format("Original size", 0, 0),
}
"""By the name that a request says; `original` is as large as the picture."""


def _known(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"there is no format “{name}”; there are {', '.join(FORMATS)}")
    return name


FormatName = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": [*FORMATS]})
]


class Fit(StrEnum):
    """How a picture comes to another shape."""

    COVER = "cover"
    """Cut, with the person kept whole; where that cannot be, the backdrop goes on."""
    CONTAIN = "contain"
    """All of it, the backdrop going on at the sides."""
    RENDER = "render"
    """Drawn anew in that shape: only what the studio has drawn."""


class Encoding(StrEnum):
    """The kind of file."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


def pixels(name: str, original: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a format for a picture of the size `original`."""
    found = FORMATS[name]
    return (found.width, found.height) if found.width else original
