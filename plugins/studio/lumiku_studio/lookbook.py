"""Random pictures to look for defects in: `python -m lumiku_studio.lookbook`."""

import argparse
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import Quality
from lumiku_contracts.scene import (
    Appearance,
    Backdrop,
    Camera,
    Expression,
    Framing,
    Garment,
    Headwear,
    Pose,
    Scene,
)
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.studio import render
from lumiku_studio.wardrobe.outfits import OUTFITS

ACROSS, DOWN = 5, 4
CAPTION = 14
COLOURS = ("#dcdce0", "#cfd9e2", "#e3dbd0", "#d8dfd6", "#8e98a3", "#e6d3cd")
FRAMINGS = (
    *(Framing.FULL,) * 5,
    *(Framing.THREE_QUARTER,) * 2,
    *(Framing.HALF,) * 2,
    Framing.PORTRAIT,
)
VEILS = frozenset(Headwear) - {Headwear.NONE, Headwear.PECI}
BARE = frozenset({"weekend", "stripes", "shorts", "dress"})
"""Outfits that do not go with a veil."""


def tuples(
    seed: int, count: int, poses: Mapping[str, Pose]
) -> Iterator[tuple[str, Scene]]:
    """Random people, outfits, poses and cameras, with what they are; repeatable."""
    rng = np.random.default_rng(seed)
    made = 0
    while made < count:
        person, outfit, pose = (
            str(rng.choice(list(names))) for names in (AVATARS, OUTFITS, poses)
        )
        if AVATARS[person].headwear in VEILS and outfit in BARE:
            continue
        look = _varied(AVATARS[person], OUTFITS[outfit], rng)
        camera = Camera(
            framing=FRAMINGS[int(rng.integers(len(FRAMINGS)))],
            yaw=float(rng.uniform(-45, 45)),
            pitch=float(rng.uniform(-3, 12)),
            lens=float(rng.uniform(18, 30)),
        )
        scene = Scene(
            pose=poses[pose],
            appearance=look,
            expression=list(Expression)[int(rng.integers(len(Expression)))],
            camera=camera,
            backdrop=Backdrop(colour=COLOURS[int(rng.integers(len(COLOURS)))]),
        )
        made += 1
        yield f"{person} {outfit} {pose}", scene


def _varied(
    look: Appearance, outfit: tuple[Garment, ...], rng: np.random.Generator
) -> Appearance:
    """The same person with another build, in an outfit."""
    body = look.physique
    build = {
        name: float(np.clip(getattr(body, name) + rng.normal(0, 0.14), 0.05, 0.95))
        for name in ("height", "weight", "muscle", "proportions")
    }
    changed = {"physique": body.model_copy(update=build), "outfit": outfit}
    return look.model_copy(update=changed)


def pages(
    scenes: Iterator[tuple[str, Scene]], size: tuple[int, int]
) -> Iterator[Image.Image]:
    """Pictures with captions, some to a page; what is refused says so."""
    width, height = size
    numbered = enumerate(scenes, 1)
    while some := list(itertools.islice(numbered, ACROSS * DOWN)):
        whole = (ACROSS * width, DOWN * (height + CAPTION))
        page = Image.new("RGB", whole, "white")
        pen = ImageDraw.Draw(page)
        for place, (number, (words, scene)) in enumerate(some):
            x, y = place % ACROSS * width, place // ACROSS * (height + CAPTION)
            caption = f"{number} {words}"
            try:
                page.paste(render(scene, size, quality=Quality.STANDARD).image, (x, y))
            except Refused as refusal:
                caption += f": {refusal.code}"
            pen.text((x + 3, y + height + 1), caption, fill="black")
        yield page


def library(path: Path) -> dict[str, Pose]:
    """Poses by name from a JSON file: a list of objects with `id` and `pose`."""
    entries = json.loads(path.read_text())
    return {e["id"]: Pose.model_validate(e["pose"]) for e in entries}


def main() -> None:
    """Write pages of random pictures."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--out", type=Path, default=Path("lookbook"))
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--count", type=int, default=100)
    wanted.add_argument("--size", nargs=2, type=int, default=(288, 384))
    wanted.add_argument("--poses", type=Path, help="a library instead of the samples")
    given = wanted.parse_args()
    poses = POSES if given.poses is None else library(given.poses)
    given.out.mkdir(parents=True, exist_ok=True)
    scenes = tuples(given.seed, given.count, poses)
    for number, page in enumerate(pages(scenes, (given.size[0], given.size[1])), 1):
        page.save(given.out / f"page-{number:02}.png")


if __name__ == "__main__":
    main()
