"""A picture is what was asked for, the same every time, and says what it is."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lumiku_contracts.errors import Refused, TaskCancelled
from lumiku_contracts.images import ImageRequest, ImageResult, MapKind, Picture
from lumiku_contracts.scene import (
    Backdrop,
    BackdropKind,
    Garment,
    GarmentKind,
    Scene,
)
from lumiku_studio.maps.control import COLOURS, PALETTE
from lumiku_studio.provider import Studio
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment

Draw = Callable[..., ImageResult]
TWO_TILES = (384, 512)
SIZE = (144, 192)


def pixels(picture: Picture) -> Any:
    return np.asarray(Image.open(io.BytesIO(picture.content))).astype(int)


def maya(pose: str = "standing-relaxed", **changed: Any) -> Scene:
    look = AVATARS["maya"].model_copy(update=changed)
    return Scene(pose=POSES[pose], appearance=look)


def segments(result: ImageResult) -> Any:
    """The segment of each pixel, read back from the map's colours."""
    drawn = next(m for m in result.maps if m.kind is MapKind.SEGMENTATION)
    away = np.abs(pixels(drawn.picture)[:, :, None] - PALETTE.astype(int)[None, None])
    return away.sum(axis=3).argmin(axis=2)


def test_the_same_request_and_seed_give_the_same_bytes(draw: Draw) -> None:
    first = draw(maya("waving"), MapKind.DEPTH, noise_seed=3)

    second = draw(maya("waving"), MapKind.DEPTH, noise_seed=3)

    assert first.picture.content == second.picture.content
    assert first.maps[0].picture.content == second.maps[0].picture.content


def test_a_changed_garment_colour_changes_that_garment_only(draw: Draw) -> None:
    outfit = tuple(
        Garment(kind=g.kind, colour="#b03030") if g.kind is GarmentKind.T_SHIRT else g
        for g in AVATARS["maya"].outfit
    )
    before = draw(maya(), MapKind.SEGMENTATION)

    after = draw(maya(outfit=outfit), MapKind.SEGMENTATION)

    change = np.abs(pixels(before.picture) - pixels(after.picture)).sum(axis=2)
    where = segments(before)
    assert np.median(change[where == Segment.TOP]) > 60
    assert np.median(change[where == Segment.SHOES]) < 12
    assert np.median(change[where == Segment.BACKDROP]) < 6


def test_a_transparent_picture_covers_the_person_only(draw: Draw) -> None:
    scene = maya().model_copy(
        update={"backdrop": Backdrop(kind=BackdropKind.TRANSPARENT)}
    )

    result = draw(scene, MapKind.SEGMENTATION)

    alpha = pixels(result.picture)[..., 3]
    person = segments(result) != Segment.BACKDROP
    assert alpha[:8, :8].max() == 0
    assert (alpha[person] > 120).mean() > 0.97


@pytest.mark.parametrize("pose", ["standing-relaxed", "waving", "sitting"])
def test_the_openpose_map_agrees_with_the_skeleton_within_two_pixels(
    draw: Draw, pose: str
) -> None:
    result = draw(maya(pose), MapKind.OPENPOSE)

    drawn = pixels(result.maps[0].picture)
    for colour, (x, y, visible) in zip(COLOURS, result.meta["skeleton"], strict=True):
        rows, columns = np.nonzero((drawn == colour).all(axis=2))
        if not visible or not len(rows):
            continue  # hidden, or covered by a joint drawn later
        assert abs(columns.mean() + 0.5 - x) <= 2
        assert abs(rows.mean() + 0.5 - y) <= 2


def test_depth_is_nearer_at_a_pointing_hand_turned_to_the_camera(draw: Draw) -> None:
    scene = maya("product-chest")

    result = draw(scene, MapKind.DEPTH, MapKind.SEGMENTATION)

    depth = pixels(result.maps[0].picture)
    where = segments(result)
    box, trousers = where == Segment.PROP, where == Segment.BOTTOM
    assert np.median(depth[box]) > np.median(depth[trousers]) > 0


def test_a_picture_is_marked_as_made_by_a_computer(draw: Draw) -> None:
    result = draw(maya())

    image = Image.open(io.BytesIO(result.picture.content))
    assert "computer-generated" in image.info["Comment"]
    assert "DigitalSourceType" in image.info["XML:com.adobe.xmp"]
    assert result.meta["provider"] == "studio"


def test_an_outfit_that_leaves_the_pelvis_bare_is_refused(draw: Draw) -> None:
    top_only = (Garment(kind=GarmentKind.T_SHIRT, colour="#ffffff"),)

    with pytest.raises(Refused) as refusal:
        draw(maya(outfit=top_only))

    assert refusal.value.code == "uncovered"
    assert "pelvis" in refusal.value.detail


def test_an_empty_outfit_is_refused(draw: Draw) -> None:
    with pytest.raises(Refused, match="torso and the pelvis"):
        draw(maya(outfit=()))


def test_an_age_below_adult_is_refused_even_where_validation_was_bypassed(
    draw: Draw,
) -> None:
    with pytest.raises(Refused) as refusal:
        draw(maya(age=17))

    assert refusal.value.code == "not-adult"


def test_a_request_is_cancelled_between_tiles(studio: Studio) -> None:
    notes: list[str] = []
    request = ImageRequest(size=TWO_TILES, scene=maya())

    with pytest.raises(TaskCancelled):
        studio.generate(
            request,
            progress=lambda _fraction, note: notes.append(note),
            cancelled=lambda: notes.count("rendering") == 1,
        )

    assert notes.count("rendering") == 1


def test_a_prompt_has_a_listed_warning(studio: Studio) -> None:
    request = ImageRequest(size=(64, 64), scene=maya(), prompt="on a beach")

    result = studio.generate(
        request, progress=lambda _fraction, _note: None, cancelled=lambda: False
    )

    assert any("prompt" in warning for warning in result.warnings)


def test_a_request_without_a_scene_is_refused(studio: Studio) -> None:
    with pytest.raises(Refused):
        studio.generate(
            ImageRequest(prompt="a person"),
            progress=lambda _fraction, _note: None,
            cancelled=lambda: False,
        )


def test_an_abaya_survives_sitting_and_is_replaced_in_a_lunge(draw: Draw) -> None:
    abaya = tuple(
        Garment(kind=GarmentKind.ABAYA, colour="#2f4a4d") if k == 0 else garment
        for k, garment in enumerate(AVATARS["aisyah"].outfit)
    )
    look = AVATARS["aisyah"].model_copy(update={"outfit": abaya})

    seated = draw(Scene(pose=POSES["sitting"], appearance=look))
    lunging = draw(Scene(pose=POSES["lunge"], appearance=look))

    assert not seated.warnings
    assert any("shirt instead" in warning for warning in lunging.warnings)
