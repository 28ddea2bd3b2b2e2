"""What understands sentences and photographs: poses from both, people cut out.

Provisional, like the scene it speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lumiku_contracts.images import Picture
from lumiku_contracts.scene import Camera, Expression, Pose

Joint = tuple[float, float, int]
"""x and y as fractions of a 3:4 frame from its top left, and 1 if visible."""


@dataclass(frozen=True, slots=True)
class Known:
    """A pose that a sentence may begin from, and what is said of it in any language."""

    id: str
    title: str
    tags: str
    told: str
    shelf: str
    pose: Pose = field(compare=False)
    camera: Camera = field(compare=False)
    skeleton: tuple[Joint, ...] = field(default=(), compare=False)
    """As its camera sees it, if that is known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pose that may have been meant; `score` from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something of a photograph that is not sure; it may well be right."""

    code: str
    """A stable kebab-case word."""
    detail: str
    """A sentence for people."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a sentence or a photograph, and what was not."""

    pose: Pose
    camera: Camera
    skeleton: tuple[Joint, ...]
    """Eighteen, in COCO-18 order."""
    expression: Expression | None = None
    understood: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class PoseFromText(Protocol):
    """What a provider of `pose-from-text` is."""

    def read(
        self, text: str, known: Sequence[Known], start: str | None = None
    ) -> Reading:
        """The pose that a sentence tells of; `start` is the id to begin from."""
        ...


class PoseFromPhoto(Protocol):
    """What a provider of `pose-from-photo` is."""

    def see(self, picture: Picture, known: Sequence[Known]) -> Reading:
        """The pose of the one person in a photograph.

        Raises `Refused` for nobody, for several people and for what is no picture;
        `Permanent` where the machine lacks what it takes to look.
        """
        ...


class Matte(Protocol):
    """What a provider of `matte` is."""

    def matte(self, picture: Picture) -> Picture:
        """How much of each pixel is the person: grey PNG of the same size.

        Raises as `PoseFromPhoto.see` does.
        """
        ...
