"""What is kept between pictures: by content, within bounds, and without a trace."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from lumiku_contracts.scene import Camera, Expression, Garment, GarmentKind, Scene
from lumiku_studio.arrays import Floats
from lumiku_studio.keeping import Kept, weight
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.studio import render

MAYA = AVATARS["maya"]
FRESH = """
import hashlib
from lumiku_contracts.scene import Scene
from lumiku_studio import render
from lumiku_studio.scene.samples import AVATARS, POSES
scene = Scene(pose=POSES["waving"], appearance=AVATARS["maya"])
print(hashlib.sha256(render(scene, (60, 80)).image.tobytes()).hexdigest())
"""


@dataclass(frozen=True)
class Twice:
    """The same array by two names."""

    one: Floats
    other: tuple[Floats, ...]


def test_an_array_counts_once_however_often_it_is_held() -> None:
    values = np.zeros(1000)

    assert weight(Twice(values, (values, values[10:20]))) == values.nbytes


def test_what_was_unused_for_longest_is_forgotten_first() -> None:
    kept: Kept[Floats] = Kept(2 * 8000)
    made = []

    def one(name: str) -> None:
        kept.get(name, lambda: made.append(name) or np.zeros(1000))  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        one(name)

    assert made == ["a", "b", "c", "b"]
    assert kept.bytes() <= 2 * 8000


def test_one_value_is_kept_even_if_it_is_larger_than_the_bound() -> None:
    kept: Kept[Floats] = Kept(1)

    first = kept.get("a", lambda: np.zeros(10))

    assert kept.get("a", lambda: pytest.fail("made again")) is first


def test_clothes_are_cut_once_for_every_face_and_expression_of_a_body() -> None:
    plain = dressed(MAYA, Expression.NEUTRAL)
    other = MAYA.model_copy(update={"hair_colour": "#aa3311", "features": 7})

    assert dressed(other, Expression.LAUGH).tailored is plain.tailored
    assert dressed(other, Expression.LAUGH).head is not plain.head


def test_other_clothes_or_another_build_are_cut_anew() -> None:
    plain = dressed(MAYA, Expression.NEUTRAL)
    shoes = Garment(kind=GarmentKind.SHOES, colour="#112233")
    changes: tuple[dict[str, object], ...] = (
        {"outfit": (*MAYA.outfit[:-1], shoes)},
        {"physique": MAYA.physique.model_copy(update={"height": 0.9})},
        {"age": 70},
    )

    for change in changes:
        other = dressed(MAYA.model_copy(update=change), Expression.NEUTRAL)
        assert other.tailored is not plain.tailored


def test_a_figure_is_kept_for_other_cameras_and_made_anew_for_other_poses() -> None:
    scene = Scene(pose=POSES["waving"], appearance=MAYA)
    turned = scene.model_copy(update={"camera": Camera(yaw=-40)})
    posed = scene.model_copy(update={"pose": POSES["pointing"]})

    assert figure(turned) is figure(scene)
    assert figure(posed) is not figure(scene)


def test_what_was_drawn_before_leaves_no_trace_in_a_picture() -> None:
    scene = Scene(pose=POSES["waving"], appearance=MAYA)
    other = MAYA.model_copy(update={"features": 7})
    smiling = {"appearance": other, "expression": Expression.LAUGH}
    fresh = subprocess.run(
        [sys.executable, "-c", FRESH], check=True, capture_output=True, text=True
    )

    render(scene.model_copy(update=smiling), (60, 80))
    render(scene.model_copy(update={"camera": Camera(yaw=-40)}), (60, 80))
    made = render(scene, (60, 80)).image.tobytes()

    assert hashlib.sha256(made).hexdigest() == fresh.stdout.strip()
