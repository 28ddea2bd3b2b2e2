"""A contact sheet of sample poses and people: `python -m lumiku_studio.sheet`."""

import argparse
import itertools
from pathlib import Path

from PIL import Image, ImageDraw

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import Backdrop, Camera, Scene
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.studio import render

COLOURS = ("#dcdce0", "#cfd9e2", "#e3dbd0", "#d8dfd6")
CAPTION = 16


def sheet(poses: list[str], people: list[str], size: tuple[int, int]) -> Image.Image:
    """One row per person, one column per pose, captions below."""
    width, height = size
    page = Image.new(
        "RGB", (len(poses) * width, len(people) * (height + CAPTION)), "white"
    )
    pen = ImageDraw.Draw(page)
    for (row, person), (column, pose) in itertools.product(
        enumerate(people), enumerate(poses)
    ):
        scene = Scene(
            pose=POSES[pose],
            appearance=AVATARS[person],
            camera=Camera(yaw=10 if row % 2 == 0 else -14),
            backdrop=Backdrop(colour=COLOURS[(row + column) % len(COLOURS)]),
        )
        x, y = column * width, row * (height + CAPTION)
        page.paste(render(scene, size, quality=Quality.STANDARD).image, (x, y))
        pen.text((x + 4, y + height + 2), f"{person}: {pose}", fill="black")
    return page


def main() -> None:
    """Write the sheet to a file."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--out", type=Path, required=True)
    wanted.add_argument("--poses", nargs="*", default=list(POSES), choices=list(POSES))
    wanted.add_argument(
        "--people", nargs="*", default=list(AVATARS), choices=list(AVATARS)
    )
    wanted.add_argument("--size", nargs=2, type=int, default=(288, 384))
    given = wanted.parse_args()
    page = sheet(given.poses, given.people, (given.size[0], given.size[1]))
    page.save(given.out)


if __name__ == "__main__":
    main()
