"""What is not drawn is refused by a code of its own, in words, with a way out."""

import io

import numpy as np
import pytest
from PIL import Image

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import ImageRequest, Picture
from lumiku_contracts.pose import Arm, Head, Leg, Pose, Torso
from lumiku_contracts.scene import Garment, GarmentKind, Scene
from lumiku_contracts.wardrobe import PELVIS, TORSO
from lumiku_studio import render
from lumiku_studio.photo import opened
from lumiku_studio.provider import Studio
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.wardrobe.cut import CUTS
from lumiku_studio.wardrobe.shoes import FOOTWEAR

LOOK = AVATARS["maya"]
SHIRT = Garment(kind=GarmentKind.T_SHIRT, colour="#ffffff")
JEANS = Garment(kind=GarmentKind.JEANS, colour="#223355")
CHILD = LOOK.model_copy(update={"age": 12})


def dressed_in(*outfit: Garment) -> Scene:
    return Scene(appearance=LOOK.model_copy(update={"outfit": outfit}))


def posed(pose: Pose) -> Scene:
    return Scene(pose=pose, appearance=LOOK)


@pytest.mark.parametrize(
    ("scene", "code", "words"),
    [
        (dressed_in(), "uncovered", "torso and the pelvis"),
        (dressed_in(SHIRT), "uncovered", "the pelvis"),
        (dressed_in(JEANS), "uncovered", "the torso"),
        (Scene(appearance=CHILD), "not-adult", "18 years or more"),
        (posed(Pose(left_leg=Leg(knee=170))), "joint-limits", "left leg knee"),
        (posed(Pose(right_arm=Arm(elbow=-40))), "joint-limits", "right arm elbow"),
        (posed(Pose(head=Head(turn=150))), "joint-limits", "head turn is 150°"),
        (posed(Pose(torso=Torso(bend=-90))), "joint-limits", "torso bend"),
    ],
)
def test_a_person_that_must_not_be_drawn_is_refused(
    scene: Scene, code: str, words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        render(scene, (64, 64))

    assert refusal.value.code == code
    assert words in refusal.value.detail
    assert refusal.value.fix


def test_every_cloth_covers_what_the_contract_says_of_it() -> None:
    known = set(CUTS) | {GarmentKind.SKIRT}

    assert known == TORSO | PELVIS
    assert not (TORSO | PELVIS) & set(FOOTWEAR)


@pytest.mark.parametrize("size", [(32768, 32768), (0, 64), (-5, 64), (31, 400)])
def test_an_absurd_size_is_refused_before_any_memory_is_taken(
    studio: Studio, size: tuple[int, int]
) -> None:
    with pytest.raises(Refused) as refusal:
        studio.generate(
            ImageRequest(size=size, scene=posed(Pose())),
            progress=lambda _fraction, _note: None,
            cancelled=lambda: False,
        )

    assert refusal.value.code == "size-out-of-range"
    assert f"{size[0]} x {size[1]}" in refusal.value.detail
    with pytest.raises(Refused, match="megapixels"):
        render(posed(Pose()), size)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


WHOLE = encoded(Image.fromarray(np.zeros((90, 90, 3), np.uint8)), "JPEG")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-picture"),
        (b"%PDF-1.7 ...", "not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-picture"),
        (WHOLE[: len(WHOLE) // 2], "not-a-picture"),
        (encoded(Image.new("RGB", (90, 90)), "GIF"), "not-a-picture"),
        (encoded(Image.new("L", (20, 90))), "picture-too-small"),
        (encoded(Image.new("1", (7000, 7000))), "picture-too-large"),
    ],
)
def test_what_is_no_photograph_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        opened(Picture(content, "image/png", 90, 90))

    assert refusal.value.code == code
    assert refusal.value.fix
