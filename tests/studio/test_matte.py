"""People are cut out of busy pictures as the rays know them, edges and all."""

import os
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.studio.busy import Composed, band_error, busy, composed, overlap

from lumiku_contracts.scene import Framing
from lumiku_studio.matte import cut_out
from lumiku_studio.matte.near import near
from lumiku_studio.photo import weights
from lumiku_studio.photo.people import Person
from lumiku_studio.photo.people import people as found_in
from lumiku_studio.scene.samples import AVATARS, POSES

LACKING = weights.lacking()
SEEN = (
    ("waving", "budi", 6, Framing.FULL),
    ("standing-relaxed", "maya", 3, Framing.HALF),
    ("waving", "aisyah", 7, Framing.THREE_QUARTER),
)


@pytest.fixture(scope="module")
def people() -> list[Composed]:
    if LACKING is not None:
        if os.environ.get("CI"):
            pytest.fail(LACKING)
        pytest.skip(LACKING)
    return [
        composed(POSES[pose], AVATARS[who], number, framing=framing, size=(288, 384))
        for pose, who, number, framing in SEEN
    ]


def test_people_before_busy_pictures_are_cut_out_along_their_edges(
    people: list[Composed],
) -> None:
    covers = [cut(one.picture) for one in people]

    shares = [overlap(c, one.cover) for c, one in zip(covers, people, strict=True)]
    edges = [band_error(c, one.cover) for c, one in zip(covers, people, strict=True)]
    assert np.mean(shares) >= 0.97, shares
    assert min(shares) >= 0.95, shares
    assert np.mean(edges) <= 0.08, edges


def test_what_is_far_from_a_small_person_is_left_out(people: list[Composed]) -> None:
    one = people[0]
    wide = busy(2, (864, 576))
    wide.paste(one.picture, (64, 150))

    cover = cut(wide)

    wanted = np.zeros((576, 864))
    wanted[150:534, 64:352] = one.cover
    assert overlap(cover, wanted) > 0.9
    assert cover[:, 420:].max() < 0.5


def test_a_raised_hand_is_not_cut_off(people: list[Composed]) -> None:
    one = people[0]
    high = one.cover.copy()
    high[:, 130:] = 0  # what is left of the head
    high[80:] = 0

    cover = cut(one.picture)

    assert high.sum() > 200
    assert (cover * high).sum() / high.sum() > 0.7


def test_what_shows_between_arm_and_body_is_not_the_persons() -> None:
    joints = np.tile([200.0, 60.0], (33, 1))
    joints[[11, 13, 15, 17, 19, 21]] = [[240, 130], [300, 190], [240, 240]] + [
        [232, 246]
    ] * 3
    joints[[12, 14, 16, 18, 20, 22]] = [[160, 130], [130, 190], [130, 250]] + [
        [130, 262]
    ] * 3
    joints[[23, 25, 27, 29, 31]] = [
        [220, 260],
        [230, 400],
        [235, 520],
        [235, 530],
        [245, 530],
    ]
    joints[[24, 26, 28, 30, 32]] = [
        [180, 260],
        [170, 400],
        [165, 520],
        [165, 530],
        [155, 530],
    ]
    person = Person(joints, np.ones(33), np.zeros((33, 3)), 1.0, 260.0)

    found = near(pytest.importorskip("cv2"), person, 1.0, (600, 400))

    assert found.inner[[140, 200, 400, 60], [200, 200, 230, 200]].all()
    assert not found.outer[[450, 100, 300], [200, 320, 60]].any()
    assert not found.inner[185, 268]
    assert not (found.inner & ~found.outer).any()


def cut(picture: Image.Image) -> Any:
    """As the eye does it: the person is found first."""
    found = found_in(picture)
    return cut_out(picture, found[0] if found else None)
