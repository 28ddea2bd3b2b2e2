"""Contact sheets: pictures in rows, each with what it is below."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import Quality
from lumiku_contracts.scene import Scene
from lumiku_studio.studio import render

CAPTION = 14


@dataclass(frozen=True, slots=True)
class Layout:
    """Pictures across and down a page, and pixels of each (width, height)."""

    across: int = 5
    down: int = 4
    size: tuple[int, int] = (288, 384)


def pages(
    scenes: Iterator[tuple[str, Scene]], layout: Layout, first: int = 1
) -> Iterator[Image.Image]:
    """Pages of numbered pictures; what is refused says why in its caption."""
    width, height = layout.size
    numbered = enumerate(scenes, first)
    while some := list(itertools.islice(numbered, layout.across * layout.down)):
        rows = -(-len(some) // layout.across)
        whole = (layout.across * width, rows * (height + CAPTION))
        page = Image.new("RGB", whole, "white")
        pen = ImageDraw.Draw(page)
        for place, (number, (words, scene)) in enumerate(some):
            x = place % layout.across * width
            y = place // layout.across * (height + CAPTION)
            caption = f"{number} {words}"
            try:
                made = render(scene, layout.size, quality=Quality.STANDARD)
                page.paste(made.image, (x, y))
            except Refused as refusal:
                caption += f": {refusal.code}"
            pen.text((x + 3, y + height + 1), caption, fill="black")
        yield page
