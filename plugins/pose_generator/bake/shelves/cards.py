"""How one pose of the library is written: in two languages, `English | Indonesia`."""

from lumiku_contracts.scene import Camera, Pose
from lumiku_pose_generator.library import Difficulty, Entry, Suitability
from shelves.bodies import seen

B: Difficulty = "beginner"
I: Difficulty = "intermediate"  # noqa: E741  the level's initial, as B and A
A: Difficulty = "advanced"
Written = tuple[
    str, str, str, str, Pose, Camera, Difficulty, Suitability, frozenset[str]
]


def card(  # noqa: PLR0917  one pose is one row
    ident: str,
    name: str,
    told: str,
    tags: str,
    pose: Pose,
    camera: Camera | None = None,
    level: Difficulty = B,
    suits: Suitability = "unisex",
    *marks: str,
) -> Written:
    """One pose; `marks` may say `featured` and `premium`."""
    return (
        ident, name, told, tags, pose, camera or seen(), level, suits, frozenset(marks)
    )  # fmt: skip


def shelf(category: str, *cards: Written) -> tuple[Entry, ...]:
    """The poses of one category."""
    return tuple(_entry(category, written) for written in cards)


def _entry(category: str, written: Written) -> Entry:
    ident, name, told, tags, pose, camera, level, suits, marks = written
    names, descriptions, words = (_languages(text) for text in (name, told, tags))
    return Entry(
        id=ident,
        name=names[0],
        name_id=names[1],
        description=descriptions[0],
        description_id=descriptions[1],
        category=category,
        difficulty=level,
        suitability=suits,
        tags=tuple(words[0].split(", ")),
        tags_id=tuple(words[1].split(", ")),
        premium="premium" in marks,
        featured="featured" in marks,
        camera=camera,
        pose=pose,
    )


def _languages(text: str) -> tuple[str, str]:
    english, _, indonesian = text.partition(" | ")
    return english.strip(), indonesian.strip()
