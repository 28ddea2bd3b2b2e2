"""Pictures of products, as merchants send them."""

import io

from PIL import Image, ImageDraw

UPLOAD = "upl_ware"


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    """A file of it."""
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def jar(ground: str = "#fafafa") -> Image.Image:
    """A brown jar before an even ground, with a label in the ground's own colour."""
    picture = Image.new("RGB", (300, 400), ground)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((100, 80, 199, 359), fill="#7a4a21")
    pen.rectangle((120, 180, 179, 239), fill=ground)
    return picture
