"""Sentences in two languages: which pose they begin from, and what they change."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lumiku_contracts.errors import Refused
from lumiku_contracts.pose import Pose
from lumiku_contracts.scene import Expression
from lumiku_contracts.senses import Known, Reading
from lumiku_contracts.sets import Framing, Held, Hold, Prop
from lumiku_pose_generator.library import library
from lumiku_pose_generator.spoken import spoken
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.skeleton.anchors import anchor, trunk
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.text.edits import mirrored
from lumiku_studio.text.reading import read

SENTENCES = Path(__file__).with_name("sentences.tsv")
ENOUGH = 5
"""Poses of a category from which on a sentence can be held to it."""


def sentences() -> Iterator[tuple[str, frozenset[str]]]:
    """Each sentence, and the poses or `#categories` that answer it."""
    for line in SENTENCES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            text, wanted, _ = line.split("\t")
            yield text, frozenset(wanted.split(","))


def answers(reading: Reading | None, wanted: frozenset[str], among: int) -> bool:
    """Whether one of the first candidates is wanted."""
    if reading is None:
        return False
    first = [library()[one.id] for one in reading.candidates[:among]]
    return any({one.id, f"#{one.category}"} & wanted for one in first)


def understood(text: str, start: str | None = None) -> Reading:
    return read(text, spoken(), start)


def heard(text: str) -> Reading | None:
    """As `understood`, or None where no word means anything."""
    try:
        return understood(text)
    except Refused:
        return None


def posed(pose: Pose) -> Posed:
    return pose_of(dressed(AVATARS["maya"], Expression.NEUTRAL), pose)


def nose_yaw(pose: Pose) -> float:
    """Degrees that the head is turned to the person's left, in the room."""
    front = posed(pose).placed.turn("head")[:, 2]
    return float(np.degrees(np.arctan2(front[0], front[2])))


def test_nine_of_ten_sentences_find_their_pose_among_the_first_three() -> None:
    shelves = Counter(f"#{entry.category}" for entry in library().values())
    there = {*library(), *(name for name, poses in shelves.items() if poses >= ENOUGH)}
    asked = [(text, wanted) for text, wanted in sentences() if wanted & there]
    found = [answers(heard(text), wanted, 3) for text, wanted in asked]

    assert sum(found) >= 0.9 * len(found)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("standing, looking left", 1),
        ("berdiri, menoleh ke kiri", 1),
        ("standing, looking to the right", -1),
        ("berdiri menoleh ke kanan", -1),
    ],
)
def test_left_and_right_are_the_persons_own(text: str, sign: int) -> None:
    reading = understood(text, "standing-relaxed")

    assert sign * nose_yaw(reading.pose) > 15
    assert any("the person's own" in told for told in reading.understood)


@pytest.mark.parametrize(
    ("text", "place", "side"),
    [
        ("standing, left hand on the hip", "hip", "L"),
        ("berdiri, tangan kanan di pinggang", "hip", "R"),
        ("standing with the right hand on her chest", "chest", "R"),
        ("berdiri, tangan kiri di dagu", "chin", "L"),
    ],
)
def test_a_hand_goes_where_the_sentence_says(text: str, place: str, side: str) -> None:
    reading = understood(text, "standing-relaxed")
    body = posed(reading.pose)
    mark = anchor(place, side, body.placed, body.points[trunk()])  # type: ignore[arg-type]
    hand = body.placed.at(f"finger3-1.{side}")

    assert np.linalg.norm(hand - mark) < 0.2


def test_a_bottle_is_held_in_the_hand_that_is_named() -> None:
    for text in (
        "sitting on a chair, looking left, holding a bottle with the right hand",
        "duduk di kursi sambil memegang botol di tangan kanan, melihat ke kiri",
    ):
        reading = understood(text, "sitting")

        assert Held(prop=Prop.BOTTLE, hold=Hold.RIGHT) in reading.pose.props
        assert reading.pose.head.turn > 15
        assert reading.pose.contact == "seated"
        assert reading.not_understood == ()


def test_what_was_not_understood_is_told_in_its_own_words() -> None:
    reading = understood("berdiri dengan zirafah ungu, tangan di pinggang")

    assert set(reading.not_understood) == {"zirafah", "ungu"}


def test_nonsense_alone_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        understood("qwxz vlorp")

    assert refusal.value.code == "text-not-understood"


def test_camera_and_face_are_heard() -> None:
    reading = understood("setengah badan dari bawah, tersenyum", "standing-relaxed")

    assert reading.camera.framing is Framing.HALF
    assert reading.camera.pitch < 0
    assert reading.expression is Expression.SMILE


def test_a_pose_that_points_the_other_way_is_mirrored() -> None:
    plain = library()["pointing"].pose
    left = understood("pointing left", "pointing").pose
    right = understood("pointing to the right", "pointing").pose

    assert {left.left_arm.hand, right.right_arm.hand} == {"point"}
    assert right == mirrored(left)
    assert mirrored(mirrored(plain)) == plain


def test_hands_that_already_do_so_are_left_as_the_library_has_them() -> None:
    reading = understood("thinking with a hand on the chin", "thinking")

    assert reading.pose.right_arm == library()["thinking"].pose.right_arm


def test_the_same_sentence_is_read_the_same_each_time() -> None:
    text = "walking, smiling, looking right, a bag in the left hand"

    assert understood(text) == understood(text)


def test_a_library_without_poses_still_gives_a_pose() -> None:
    reading = read("looking left with the left hand on the hip", ())

    assert reading.candidates == ()
    assert reading.pose.left_arm.reach is not None


def test_known_poses_compare_by_what_is_said_of_them() -> None:
    one = spoken()[0]

    assert one == Known(
        one.id, one.title, one.tags, one.told, one.shelf, Pose(), one.camera
    )
