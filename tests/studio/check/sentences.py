"""Check 9: sentences find their pose, and what they change is there in the picture."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from tests.studio.check.drawn import Drawn, drawn
from tests.studio.check.mapping import THING
from tests.studio.check.subjects import Subject
from tests.studio.check.verdict import Verdict, at_least, at_most
from tests.studio.check.witness import LANDMARKS, look

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import MapKind
from lumiku_contracts.scene import Camera
from lumiku_contracts.senses import Known
from lumiku_pose_generator.library import library
from lumiku_pose_generator.spoken import spoken
from lumiku_studio.text.reading import read

TEXT = "9 text"
SENTENCES: Final = Path(__file__).parents[1] / "sentences.tsv"
FOUND: Final = 0.90
TURNED: Final = 15.0
AHEAD: Final = 0.62
"""How far a nose is before the ears' middle, in spans from ear to ear."""
REACH: Final = 0.12
"""Metres from the wrist to what the hand holds: half a hand, and six centimetres."""
SPAN: Final = 1.5
"""Metres from nose to ankles, about."""
START: Final = "standing-relaxed"


def judge_sentences() -> Iterator[Verdict]:
    """All written sentences, and three whose picture is looked at."""
    known = spoken()
    found, missed = 0, []
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, wanted, _ = line.split("\t")
        if _answered(text, set(wanted.split(",")), known):
            found += 1
        else:
            missed.append(text)
    what = f"sentences whose pose is among the first three, of {found + len(missed)}"
    yield at_least(TEXT, what, found / (found + len(missed)), FOUND, *missed)
    for side, sign in (("left", 1), ("right", -1)):
        turned = sign * _turn(_told(f"standing, looking {side}"))
        what = f"“looking {side}”: degrees that the witness sees the nose turned"
        yield at_least(TEXT, what, turned, TURNED, digits=0)
    holding = _told("standing, holding a bottle with the right hand")
    for side, good in (("right", True), ("left", False)):
        apart = _apart(holding, f"{side}-wrist")
        what = f"“holding a bottle with the right hand”: metres from the {side} wrist"
        if good:
            yield at_most(TEXT, what, apart, REACH)
        else:
            yield at_least(TEXT, f"control: {what}", apart, REACH)


def _answered(text: str, wanted: set[str], known: Sequence[Known]) -> bool:
    try:
        candidates = read(text, known).candidates[:3]
    except Refused:
        return False
    first = [library()[one.id] for one in candidates]
    return any({one.id, f"#{one.category}"} & wanted for one in first)


def _told(text: str) -> Drawn:
    """The picture of a sentence, seen from the front."""
    reading = read(text, spoken(), START)
    plain = Subject(START, "maya").scene
    front = Camera(yaw=0)
    return drawn(plain.model_copy(update={"pose": reading.pose, "camera": front}))


def _seen(made: Drawn) -> dict[str, Any]:
    seen = look(made.picture)
    if seen is None:
        return {name: np.full(2, np.nan) for name in LANDMARKS}
    return dict(zip(LANDMARKS, seen.joints, strict=True))


def _turn(made: Drawn) -> float:
    """Degrees to the person's left that the nose is from between the ears."""
    seen = _seen(made)
    left, right = seen["left-ear"], seen["right-ear"]
    aside = (seen["nose"] - (left + right) / 2) @ (left - right)
    span = max(float((left - right) @ (left - right)), 1.0)
    return float(np.degrees(np.arctan2(aside / span, AHEAD)))


def _apart(made: Drawn, wrist: str) -> float:
    """Metres in the picture from a wrist to the nearest pixel of a thing."""
    seen = _seen(made)
    feet = (seen["left-ankle"] + seen["right-ankle"]) / 2
    metre = float(np.linalg.norm(seen["nose"] - feet)) / SPAN
    segments = made.map(MapKind.SEGMENTATION)[..., :3]
    rows, columns = np.nonzero((segments == THING).all(axis=2))
    if not len(rows):
        return float("inf")
    off = np.hypot(columns + 0.5 - seen[wrist][0], rows + 0.5 - seen[wrist][1])
    return float(off.min() / metre)
