"""Check 11: files have the sizes that were asked for, with the person whole in them."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from PIL import Image
from tests.studio.check.drawn import Drawn
from tests.studio.check.mapping import box_of
from tests.studio.check.verdict import Verdict, holds
from tests.studio.check.witness import LANDMARKS, look_at

from lumiku_contracts import Output
from lumiku_contracts.images import MapKind
from lumiku_pose_generator.delivery import exported
from lumiku_pose_generator.formats import FORMATS, Encoding, Fit, pixels

EXPORT = "11 export"
ENDS: Final = ("nose", "left-ankle", "right-ankle")


def judge_exports(large: Drawn) -> Iterator[Verdict]:
    """Every format, decoded by another library than the one that wrote it."""
    box = [int(x) for x in box_of(large.map(MapKind.ALPHA) > 127)]
    made = Output(large.picture.read_bytes(), "image/png", meta={"subject": box})
    original = Image.open(large.picture).size
    sizes, cut = [], []
    files = [(name, Fit.COVER, Encoding.JPEG) for name in FORMATS]
    files += [("instagram_feed", Fit.CONTAIN, kind) for kind in Encoding]
    for name, fit, kind in files:
        content = exported(made, name, fit, kind).content
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        wanted = pixels(name, original)
        title = f"{name} ({fit.value}, {kind.value})"
        if image is None or image.shape[1::-1] != wanted:
            sizes.append(title)
        elif not _whole(Image.fromarray(image[..., ::-1])):
            cut.append(title)
    what = f"files of another size than asked for, of {len(files)}"
    yield holds(EXPORT, what, str(len(sizes)), "0", *sizes)
    what = "files in which head or feet are not found inside"
    yield holds(EXPORT, what, str(len(cut)), "0", *cut)


def _whole(image: Image.Image) -> bool:
    """Whether the witness finds a person's head and feet inside a picture."""
    seen = look_at(image)
    if seen is None:
        return False
    ends = seen.joints[[list(LANDMARKS).index(name) for name in ENDS]]
    return bool(((ends > 0) & (ends < image.size)).all())
