"""The doors through which the host asks what a sentence or a photograph means."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import Picture
from lumiku_contracts.senses import Candidate, Joint, Known, Reading
from lumiku_contracts.sets import Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.photo import opened, weights
from lumiku_studio.text import reading

FRAME = (480, 640)
OFFERED = 6
SECOND_PERSON = 0.4
"""Of the largest person's size: smaller ones are passers-by."""
LANDMARKS = (0, -1, 12, 14, 16, 11, 13, 15, 24, 26, 28, 23, 25, 27, 5, 2, 8, 7)
"""COCO-18 joints by number of a photograph's landmark; the neck is none."""
BODY = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)


class Reader:
    """A provider of `pose-from-text`: rules and search, no network."""

    def read(
        self, text: str, known: Sequence[Known], start: str | None = None
    ) -> Reading:
        """The pose that a sentence tells of; raises `Refused`."""
        found = reading.read(text, known, start)
        return replace(found, skeleton=skeleton_of(found))


class Eye:
    """A provider of `pose-from-photo` and `matte`: it looks at photographs."""

    def see(self, picture: Picture, known: Sequence[Known] = ()) -> Reading:
        """The pose of the one person in a photograph; raises as the contract says."""
        from lumiku_studio.photo.doubt import UNLIKE, unlike  # noqa: PLC0415
        from lumiku_studio.photo.fit import fitted  # noqa: PLC0415  (the extra's)

        person = self._only(picture)
        pose, camera, doubts = fitted(person)
        seen = "the whole body" if camera.framing is Framing.FULL else "the upper body"
        made = Reading(pose, camera, (), understood=(f"one person, {seen}",))
        skeleton = skeleton_of(made)
        drawn = np.array(skeleton)[list(BODY), :2] * FRAME
        if unlike(person.points[[LANDMARKS[joint] for joint in BODY]], drawn):
            doubts = (*doubts, UNLIKE)
        return replace(
            made,
            skeleton=skeleton,
            doubts=doubts,
            candidates=_alike(person.points, person.visible, known),
        )

    def matte(self, picture: Picture) -> Picture:
        """How much of each pixel is the person; raises as the contract says."""
        from lumiku_studio.matte import cut_out, grey  # noqa: PLC0415  (the extra's)

        person = self._only(picture)
        return grey(cut_out(opened(picture), person))

    def _only(self, picture: Picture) -> Any:
        from lumiku_studio.photo.people import people  # noqa: PLC0415  (the extra's)

        weights.check()
        found = people(opened(picture))
        if not found:
            detail = "There is nobody in this picture whose body can be seen."
            fix = "Send a photograph of one person, from the head at least to the hips."
            raise Refused("no-person", detail, fix=fix)
        if len(found) > 1 and found[1].size > SECOND_PERSON * found[0].size:
            detail = f"There are {len(found)} people in this picture."
            raise Refused("several-people", detail, fix="Crop it to one of them.")
        return found[0]


def open_reader(_settings: Any = None) -> Reader:
    """The reader; it needs nothing."""
    return Reader()


def open_eye(_settings: Any = None) -> Eye:
    """The eye, or `Permanent` `photo-extra-missing` with what it lacks."""
    weights.check()
    return Eye()


def skeleton_of(reading: Reading) -> tuple[Joint, ...]:
    """The joints of a reading's pose as its camera sees them, on a person of ours."""
    from lumiku_studio.scene.samples import AVATARS  # noqa: PLC0415  (arrays)
    from lumiku_studio.studio import skeleton  # noqa: PLC0415

    look = next(iter(AVATARS.values()))
    width, height = FRAME
    return tuple(
        (round(x / width, 4), round(y / height, 4), int(visible))
        for x, y, visible in skeleton(reading.pose, look, reading.camera, FRAME)
    )


def _alike(
    points: Floats, visible: Floats, known: Sequence[Known]
) -> tuple[Candidate, ...]:
    """The poses of a library whose joints lie most alike, best first."""
    seen = [joint for joint in BODY if visible[LANDMARKS[joint]] > 0.5]
    here = _levelled(points[[max(mark, 0) for mark in LANDMARKS]])
    found = []
    for one in known:
        if len(one.skeleton) == len(LANDMARKS):
            joints = _levelled(np.array(one.skeleton)[:, :2] * FRAME)
            apart = float(np.linalg.norm(here - joints, axis=1)[seen].mean())
            found.append(Candidate(one.id, round(1 / (1 + 4 * apart), 4)))
    return tuple(sorted(found, key=lambda one: -one.score)[:OFFERED])


def _levelled(joints: Floats) -> Floats:
    """Joints from between the hips, in lengths of the trunk."""
    hips, shoulders = joints[[8, 11]].mean(axis=0), joints[[2, 5]].mean(axis=0)
    out: Floats = (joints - hips) / max(float(np.linalg.norm(shoulders - hips)), 1e-6)
    return out
