"""Checks 7 and 8: pictures are drawn, not placeholders, and drawn the same again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import cv2
import numpy as np
from tests.studio.check.drawn import SIZE, Drawn, drawn, lab, pixels
from tests.studio.check.mapping import LEGEND
from tests.studio.check.subjects import Subject
from tests.studio.check.verdict import Verdict, at_least, at_most, holds

from lumiku_contracts.images import MapKind, Quality
from lumiku_contracts.pose import Head
from lumiku_contracts.scene import Scene, SkinTone
from lumiku_studio import marks, render
from lumiku_studio.studio import ENGINE

DRAWN, AGAIN = "7 substance", "8 determinism"
COLOURS, STEEP, SHADOW = 10_000, 2.0, 0.93
WIDE: Final = (640, 384)
UNDER: Final = 0.05
"""Metres beside a shoe that its shadow is looked for."""
HEIGHT: Final = 1.65
"""Metres that the person of these pictures is tall, about."""
CHANGED, KEPT = 8.0, 5.0
"""CIE Lab: how much what was asked for changes at least, and the rest at most: the
backdrop lights dark clothes a little."""
PLAIN: Final = Subject("standing-relaxed", "maya")


def judge_substance(large: Drawn) -> Iterator[Verdict]:
    """A large picture has colours and detail, feet a shadow, and fields an effect."""
    picture = pixels(large.picture)
    count = len(np.unique(picture.reshape(-1, 3), axis=0))
    what = "colours in a picture of 768 x 1024"
    yield at_least(DRAWN, what, count, COLOURS, digits=0)
    covered = large.map(MapKind.ALPHA) > 127
    steep = _steep(picture, covered)
    yield at_least(DRAWN, "mean gradient inside the person", steep, STEEP)
    blank = np.where(covered[..., None], [120.0, 80, 60], 220)
    count = len(np.unique(blank.reshape(-1, 3), axis=0))
    what = "control: the same outline filled with one colour"
    yield at_most(DRAWN, f"{what}, colours", count, COLOURS, digits=0)
    yield at_most(DRAWN, f"{what}, mean gradient", _steep(blank, covered), STEEP)
    yield from _shadow()
    yield from _fields()


def _steep(picture: Any, covered: Any) -> float:
    """How much brightness changes from pixel to pixel, inside what is covered."""
    inside = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return float(np.hypot(*np.gradient(picture.mean(axis=2)))[inside].mean())


def _shadow() -> Iterator[Verdict]:
    """The darkest quarter of the floor about the shoes, and of the floor beyond."""
    wide = drawn(PLAIN.scene, WIDE)
    bright = pixels(wide.picture) @ [0.2126, 0.7152, 0.0722]
    alpha = wide.map(MapKind.ALPHA)
    rows = np.flatnonzero((alpha > 127).any(axis=1))
    metre = (rows[-1] - rows[0]) / HEIGHT
    low = slice(int(rows[-1] - UNDER * metre), rows[-1])
    middle = int(np.flatnonzero((alpha[low] > 127).any(axis=0)).mean())
    reach = int(UNDER * metre)
    near = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((1, 2 * reach + 1)))
    under = bright[low][(near[low] > 0) & (alpha[low] == 0)]
    sides = (middle - int(metre), middle + int(metre))
    away = np.concatenate([bright[low, x - reach : x + reach].ravel() for x in sides])
    what = "light of the floor about the shoes, beside a metre away"
    yield at_most(DRAWN, what, np.percentile(under, 25) / away.mean(), SHADOW)
    what = "control: the same of the floor a metre away"
    yield at_least(DRAWN, what, np.percentile(away, 25) / away.mean(), SHADOW)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a request changed: where that shows, and where it does not."""

    name: str
    scene: Scene
    changes: tuple[str, ...]
    keeps: tuple[str, ...]


def _changes(plain: Scene) -> Iterator[Change]:
    look = plain.appearance
    cloth = ("top", "bottom", "shoes")
    darker = look.model_copy(update={"skin": SkinTone.DEEP})
    yield Change("skin", _with(plain, appearance=darker), ("skin",), (*cloth, "far"))
    top = look.outfit[0].model_copy(update={"colour": "#a02c2c"})
    dyed = look.model_copy(update={"outfit": (top, *look.outfit[1:])})
    rest = ("bottom", "shoes", "hair", "far")
    yield Change("garment's colour", _with(plain, appearance=dyed), ("top",), rest)
    blue = plain.backdrop.model_copy(update={"colour": "#7f9fc4"})
    yield Change("backdrop", _with(plain, backdrop=blue), ("far",), cloth)
    pose = plain.pose.model_copy(update={"head": Head(turn=45)})
    yield Change("head's turn", _with(plain, pose=pose), ("head",), ("bottom", "far"))


def _with(scene: Scene, **fields: Any) -> Scene:
    return scene.model_copy(update=fields)


def _fields() -> Iterator[Verdict]:
    """Changing one field of a request changes what it is about and leaves the rest."""
    before = drawn(PLAIN.scene)
    for change in _changes(PLAIN.scene):
        off = _differences(before, drawn(change.scene))
        wrong = [f"{n} changed by {off[n]:.1f}" for n in change.keeps if off[n] > KEPT]
        wrong += [
            f"{n} changed by {off[n]:.1f} only"
            for n in change.changes
            if off[n] < CHANGED
        ]
        figure = ", ".join(
            f"{n} {off[n]:.1f}" for n in (*change.changes, *change.keeps)
        )
        line = f"{' and '.join(change.changes)} ≥ {CHANGED:g}, the rest ≤ {KEPT:g}"
        yield holds(DRAWN, f"another {change.name}, Lab", figure, line, *wrong)


def _differences(before: Drawn, after: Drawn) -> Mapping[str, float]:
    """How far regions changed: the median over their pixels, in CIE Lab."""
    one, other = (lab(made.picture) for made in (before, after))
    change = np.linalg.norm(one - other, axis=2)
    segments = before.map(MapKind.SEGMENTATION)[..., :3]
    found = {n: (segments == c).all(axis=2) for n, c in LEGEND.items()}
    covered = (before.map(MapKind.ALPHA) > 0) | (after.map(MapKind.ALPHA) > 0)
    found["far"] = ~covered
    y = np.arange(SIZE[1])[:, None]
    neck = before.joints[1, 1]
    found["head"] = covered & (y < neck - 0.02 * SIZE[1])
    return {n: float(np.median(change[m])) for n, m in found.items() if m.any()}


def fingerprint(noise_seed: int = 0) -> str:
    """SHA-256 of the plain picture's file, drawn now."""
    made = render(PLAIN.scene, SIZE, quality=Quality.PREVIEW, noise_seed=noise_seed)
    return sha256(marks.png(made.image, ENGINE)).hexdigest()


def judge_determinism(elsewhere: str, large: tuple[str, ...]) -> Iterator[Verdict]:
    """The same bytes in another process and again in one; others for another seed."""
    here = fingerprint()
    for what, files in (
        ("a request drawn in two processes", {here, elsewhere}),
        ("768 x 1024 drawn twice", set(large)),
    ):
        yield at_most(AGAIN, f"{what}, different files", len(files), 1, digits=0)
    what = "control: two noise seeds, different files"
    yield at_least(AGAIN, what, len({here, fingerprint(1)}), 2, digits=0)
