"""Photographs: who is in them, what they do, and what is refused."""

import io
import os
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import Picture
from lumiku_pose_generator.bakery import thumbnail
from lumiku_pose_generator.spoken import spoken
from lumiku_studio.maps.control import COLOURS, openpose
from lumiku_studio.maps.edges import canny
from lumiku_studio.photo import opened, weights
from lumiku_studio.senses import Eye

LACKING = weights.lacking()


@pytest.fixture(scope="module")
def eye() -> Eye:
    """What looks at photographs, where this machine can."""
    if LACKING is not None:
        if os.environ.get("CI"):
            pytest.fail(LACKING)
        pytest.skip(LACKING)
    return Eye()


def picture(image: Image.Image) -> Picture:
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG")
    return Picture(out.getvalue(), "image/png", image.width, image.height)


def shown(pose_id: str) -> Image.Image:
    """A pose as the library shows it, in a size that a telephone has at least."""
    content = thumbnail(pose_id)
    assert content is not None
    return Image.open(io.BytesIO(content)).convert("RGB").resize((480, 640))


def test_somebody_who_sits_is_seen_to_sit(eye: Eye) -> None:
    reading = eye.see(picture(shown("sitting")), spoken())

    assert reading.pose.contact == "seated"
    assert -50 < reading.camera.yaw < -10
    assert len(reading.skeleton) == 18
    assert "sitting" in {one.id for one in reading.candidates[:3]}


def test_a_raised_arm_is_raised_on_the_same_side(eye: Eye) -> None:
    pose = eye.see(picture(shown("pointing"))).pose

    assert pose.left_arm.away > 55
    assert pose.right_arm.away < 70


@pytest.mark.parametrize(
    ("pose_id", "contact"),
    [
        ("plank", "braced"),
        ("lie-back-dream", "lying"),
        ("cross-legged", "floor"),
        ("kneeling-breath", "kneeling"),
        ("squat", "crouching"),
    ],
)
def test_somebody_on_the_floor_is_not_stood_up(
    eye: Eye, pose_id: str, contact: str
) -> None:
    reading = eye.see(picture(shown(pose_id)), spoken())

    assert reading.pose.contact == contact
    assert pose_id in {one.id for one in reading.candidates}


def test_legs_that_are_not_in_the_photo_stand_and_are_told_as_a_guess(eye: Eye) -> None:
    half = shown("crouch-editorial").crop((0, 40, 480, 350)).resize((640, 413))

    reading = eye.see(picture(half))

    assert reading.pose.contact == "standing"
    assert reading.pose.left_leg.knee < 10
    assert reading.camera.framing == "half"
    assert "legs-unseen" in {one.code for one in reading.doubts}


def test_nobody_and_two_people_are_refused(eye: Eye) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (480, 480, 3), np.uint8)
    two = Image.new("RGB", (960, 640))
    two.paste(shown("standing-relaxed"), (0, 0))
    two.paste(shown("arms-up"), (480, 0))

    for image, code in ((Image.fromarray(noise), "no-person"), (two, "several-people")):
        with pytest.raises(Refused) as refusal:
            eye.see(picture(image))
        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7 not a picture", "not-a-picture"), (b"", "not-a-picture")],
)
def test_what_is_no_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        opened(Picture(content, "image/png", 1, 1))

    assert refusal.value.code == code


def test_weights_are_never_part_of_the_package() -> None:
    ignored = files("lumiku_studio").joinpath("photo", "weights")

    assert weights.FOLDER.name == ignored.name
    assert all(len(digest) == 64 for digest in weights.WEIGHTS.values())


def test_joints_are_drawn_where_they_are() -> None:
    rng = np.random.default_rng(3)
    joints = [(float(x), float(y), True) for x, y in rng.uniform(30, 350, (18, 2))]
    pixels = np.asarray(openpose(joints, 384, 512)).astype(int)

    for (x, y, _), colour in zip(joints, COLOURS, strict=True):
        at = np.argwhere((pixels == colour).all(axis=2)).mean(axis=0)
        near = np.hypot(at[1] - x, at[0] - y)
        hidden = pixels[round(y), round(x)].tolist() != list(colour)
        assert hidden or near <= 2


def test_an_edge_is_one_line_where_the_step_is() -> None:
    step = np.zeros((60, 80))
    step[:, 40:] = 1

    lines = canny(step)

    assert set(np.unique(lines)) == {0, 255}
    assert set(np.flatnonzero(lines[30])) <= {39, 40}
    assert not canny(np.full((60, 80), 0.5)).any()
