"""A whole sentence: the pose it begins from, what changes, what was not understood."""

from collections.abc import Sequence

from lumiku_contracts.errors import Refused
from lumiku_contracts.pose import Pose
from lumiku_contracts.senses import Candidate, Known, Reading
from lumiku_contracts.sets import Camera
from lumiku_studio.text.edits import Change, edited
from lumiku_studio.text.search import Index, index, ranked
from lumiku_studio.text.words import Word, words

LONGEST, OFFERED = 500, 6
HEEDED = 0.12
"""The least score of a pose that a sentence begins from."""


def read(text: str, known: Sequence[Known], start: str | None = None) -> Reading:
    """The pose that a sentence tells of, without its skeleton.

    `start` is the id of the pose to begin from; else the best match. Raises `Refused`
    `text-not-understood` when no word means anything here.
    """
    sentence = words(text[:LONGEST])
    library = index(tuple(known))
    heard = edited(Change(Pose(), Camera()), _stream(sentence)).words
    found = ranked(library, sentence, heard)
    base = _base(library, found, start)
    begun = Change(Pose(), Camera())
    if base is not None:
        begun = Change(base.pose, base.camera)
    change = edited(begun, _stream(sentence))
    heeded = [
        place
        for place, word in enumerate(sentence)
        if place in change.words or (not word.idle and library.holds(word))
    ]
    if not heeded:
        detail = "None of these words is known here: tell what the person does."
        raise Refused("text-not-understood", detail)
    lost = [
        word.said
        for place, word in enumerate(sentence)
        if not word.idle and place not in heeded
    ]
    told = () if base is None else (f"begins from {base.title}",)
    return Reading(
        pose=change.pose,
        camera=change.camera,
        skeleton=(),
        expression=change.expression,
        understood=(*told, *change.told),
        not_understood=tuple(dict.fromkeys(lost)),
        candidates=tuple(Candidate(one.id, score) for score, one in found[:OFFERED]),
    )


def _base(
    library: Index, found: list[tuple[float, Known]], start: str | None
) -> Known | None:
    if start is not None:
        chosen = next((one for one in library.known if one.id == start), None)
        if chosen is None:
            raise Refused("unknown-pose", f"There is no pose “{start}” in the library.")
        return chosen
    if found and found[0][0] >= HEEDED:
        return found[0][1]
    return None


def _stream(sentence: list[Word]) -> list[str]:
    return [word.means[0] if word.means else "" for word in sentence]
