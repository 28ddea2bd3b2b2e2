"""People with every hair style and headwear: `python -m lumiku_studio.heads`."""

import argparse
import itertools
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from lumiku_contracts.scene import (
    Camera,
    Expression,
    Framing,
    HairStyle,
    Headwear,
    Scene,
)
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.studio import render

WORN: list[tuple[str, dict[str, Any]]] = [
    *((style.value, {"hair": style}) for style in HairStyle),
    *(
        (kind.value, {"headwear": kind})
        for kind in Headwear
        if kind is not Headwear.NONE
    ),
]


def main() -> None:
    """Write the sheet to a file: a row a person, captions below."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--out", type=Path, required=True)
    wanted.add_argument("--people", nargs="*", default=list(AVATARS))
    wanted.add_argument("--only", nargs="*", default=[name for name, _ in WORN])
    wanted.add_argument("--pose", default="standing-relaxed", choices=list(POSES))
    wanted.add_argument("--size", nargs=2, type=int, default=(192, 256))
    given = wanted.parse_args()
    chosen = [one for one in WORN if one[0] in given.only]
    width, height = given.size
    page = Image.new(
        "RGB", (len(chosen) * width, len(given.people) * (height + 16)), "white"
    )
    pen = ImageDraw.Draw(page)
    for (row, who), (column, (name, changed)) in itertools.product(
        enumerate(given.people), enumerate(chosen)
    ):
        scene = Scene(
            pose=POSES[given.pose],
            appearance=AVATARS[who].model_copy(
                update={"hair": HairStyle.SHORT, "headwear": Headwear.NONE, **changed}
            ),
            expression=Expression.SMILE,
            camera=Camera(framing=Framing.PORTRAIT, yaw=14),
        )
        place = (column * width, row * (height + 16))
        page.paste(render(scene, (width, height)).image, place)
        pen.text((place[0] + 4, place[1] + height + 2), f"{who}: {name}", fill="black")
    page.save(given.out)


if __name__ == "__main__":
    main()
