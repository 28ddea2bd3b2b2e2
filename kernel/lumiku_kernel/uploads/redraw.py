"""Run as a child: decode one picture under limits, and encode it anew.

`python -m lumiku_kernel.uploads.redraw IN OUT PARENT` writes OUT and says in JSON what
it is, or which `fault` it has found. Nothing of the old file but its pixels is left:
they are turned as EXIF says, and in sRGB.
"""

import ctypes
import io
import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lumiku_kernel.limits import Limits, confine

if TYPE_CHECKING:
    from PIL import Image

SPACE, FILE, SECONDS, FILES = 1024**3, 256 * 1024**2, 10, 64
MOST_PIXELS = 40_000_000
NEW_USER, NEW_NET = 0x10000000, 0x40000000
"""Of unshare(2)."""
HOW: dict[str, dict[str, Any]] = {
    "image/png": {"format": "PNG", "compress_level": 3},
    "image/jpeg": {"format": "JPEG", "quality": 92, "subsampling": 0},
    "image/webp": {"format": "WEBP", "quality": 92, "method": 2},
}


def redraw(source: Path, target: Path) -> dict[str, object]:
    """The new picture's media type and size in pixels."""
    from PIL import Image, ImageOps  # noqa: PLC0415 (after the limits)

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=("PNG", "JPEG", "WEBP")) as opened:
        media_type = Image.MIME[opened.format or ""]
        media_type = "image/jpeg" if media_type == "image/mpo" else media_type
        opened.load()
        profile = opened.info.get("icc_profile")
        picture: Image.Image = ImageOps.exif_transpose(opened)
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    clear = clear and media_type != "image/jpeg"
    picture = in_srgb(picture, profile, "RGBA" if clear else "RGB")
    picture.info = {}
    picture.save(target, **HOW[media_type])
    return {
        "media_type": media_type,
        "width": picture.width,
        "height": picture.height,
    }


def in_srgb(picture: "Image.Image", profile: bytes | None, mode: str) -> "Image.Image":
    """In the colours that everybody shows; a profile nobody can read is left out."""
    from PIL import ImageCms  # noqa: PLC0415

    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, srgb) or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture if picture.mode == mode else picture.convert(mode)


def main() -> None:
    """Confine this process, then redraw."""
    source, target, parent = sys.argv[1:]
    if sys.platform == "linux":
        # Without a network, where the system lets us.
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)
    confine(Limits(SPACE, FILE, SECONDS, FILES), int(parent))
    try:
        told = redraw(Path(source), Path(target))
    except MemoryError:
        told = {"fault": "it takes too much memory"}
    except Exception as error:
        told = {"fault": type(error).__name__}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
