"""Hands on the skeleton map are where the posed hands are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lumiku_contracts.images import MapKind
from lumiku_contracts.scene import Camera, Framing, Scene
from lumiku_studio.maps.control import COLOURS, openpose
from lumiku_studio.maps.hands import BONES, FEWEST, POINT, hue
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.studio import Render, render

NEAR = 2.0
SIZE = (288, 384)
HIDDEN = [(0.0, 0.0, False)] * 18

Taken = Callable[..., Render]


@pytest.fixture(scope="module")
def taken() -> Taken:
    """Render a sample pose with its skeleton map, each once."""
    kept: dict[Any, Render] = {}

    def one(pose: str, framing: Framing = Framing.HALF, yaw: float = 0) -> Render:
        key = pose, framing, yaw
        if key not in kept:
            scene = Scene(
                pose=POSES[pose],
                appearance=AVATARS["budi"],
                camera=Camera(framing=framing, yaw=yaw),
            )
            kept[key] = render(scene, SIZE, wanted=(MapKind.OPENPOSE,))
        return kept[key]

    return one


def drawn(made: Render) -> Any:
    return np.asarray(made.maps[MapKind.OPENPOSE]).astype(int)


def places(pixels: Any, colour: tuple[int, ...]) -> Any:
    """The middles of the pixels of a colour, x and y."""
    return np.argwhere((pixels == colour).all(axis=2))[:, ::-1] + 0.5


def seen(made: Render) -> Any:
    return np.array(
        [(x, y) for hand in made.hands.values() for x, y, shown in hand if shown]
    )


def test_every_blue_point_is_a_point_of_a_hand_and_every_point_is_drawn(
    taken: Taken,
) -> None:
    made = taken("waving")

    found, wanted = places(drawn(made), POINT), seen(made)

    apart = np.linalg.norm(found[:, None] - wanted[None], axis=2)
    assert len(wanted) >= 21
    assert apart.min(axis=1).max() <= NEAR
    wrists = [hand[0][:2] for hand in made.hands.values()]
    under = np.linalg.norm(wanted[:, None] - wrists, axis=2).min(axis=1) < 4
    assert (apart.min(axis=0)[~under] <= NEAR).all()


def test_each_colour_of_a_bone_lies_between_its_two_points(taken: Taken) -> None:
    made = taken("waving")
    pixels = drawn(made)

    for number, (a, b) in enumerate(BONES):
        for x, y in places(pixels, hue(number)):
            assert (
                min(
                    apart((x, y), hand[a][:2], hand[b][:2])
                    for hand in made.hands.values()
                )
                <= NEAR
            )


def apart(place: Any, start: Any, end: Any) -> float:
    """How far a place is from a line between two."""
    a, b, p = (np.array(v) for v in (start, end, place))
    along = np.clip((p - a) @ (b - a) / max((b - a) @ (b - a), 1e-9), 0, 1)
    return float(np.linalg.norm(a + along * (b - a) - p))


def test_spread_out_points_are_read_back_by_colour() -> None:
    rng = np.random.default_rng(5)
    grid = np.stack(np.meshgrid(range(40, 340, 60), range(40, 490, 90)), -1)
    spread = rng.permutation(grid.reshape(-1, 2))[:21] + rng.uniform(-3, 3, (21, 2))
    hand = [(float(x), float(y), True) for x, y in spread]

    pixels = np.asarray(openpose(HIDDEN, 384, 512, {"left": hand})).astype(int)

    found = places(pixels, POINT)
    for x, y, _ in hand:
        near = found[np.linalg.norm(found - (x, y), axis=1) < 6]
        assert np.linalg.norm(near.mean(axis=0) - (x, y)) <= NEAR


def test_no_colour_of_a_hand_is_one_of_the_bodys() -> None:
    ours = {POINT, *(hue(number) for number in range(len(BONES)))}

    assert not ours & set(COLOURS)
    assert len(ours) == len(BONES) + 1


def test_hands_outside_the_picture_are_not_drawn(taken: Taken) -> None:
    made = taken("standing-relaxed", Framing.PORTRAIT)

    assert not any(shown for hand in made.hands.values() for _, _, shown in hand)
    assert not len(places(drawn(made), POINT))


def test_a_hand_behind_the_body_is_not_drawn(taken: Taken) -> None:
    made = taken("standing-relaxed", Framing.FULL, yaw=90)

    shown = {side: sum(s for _, _, s in hand) for side, hand in made.hands.items()}
    assert shown["left"] > 16
    assert shown["right"] < FEWEST
    assert len(places(drawn(made), POINT)) < 21 * 12  # as of one hand


def test_a_fist_is_short_and_an_open_hand_is_long(taken: Taken) -> None:
    fists, waving = taken("arms-up"), taken("waving")

    def length(hand: Any) -> float:
        points = np.array(hand)[:, :2]
        palm = np.linalg.norm(points[9] - points[0])
        return float(np.linalg.norm(points[12] - points[9]) / palm)

    assert max(length(hand) for hand in waving.hands.values()) > 0.7
    assert max(length(hand) for hand in fists.hands.values()) < 0.6
