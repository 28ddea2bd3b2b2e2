"""What `generate` accepts, how many pictures that is, and what it refuses at once."""

from typing import Any

import pytest
from pydantic import ValidationError

from lumiku_contracts import Refused
from lumiku_contracts.images import Quality
from lumiku_pose_generator.library import featured, library
from lumiku_pose_generator.request import SIZES, Generate, items
from lumiku_pose_generator.staging import check


def test_an_empty_request_is_one_picture_of_a_featured_pose() -> None:
    (item,) = items(Generate())

    assert item.data == {"pose_id": featured().id, "variation": 0}


def test_there_is_one_item_for_each_pose_and_variation() -> None:
    request = Generate(pose_ids=("walking", "sitting"), variations=2)

    wanted = [(item.data["pose_id"], item.data["variation"]) for item in items(request)]

    assert wanted == [("walking", 0), ("walking", 1), ("sitting", 0), ("sitting", 1)]


def test_a_preview_is_drawn_quickly_and_every_other_size_well() -> None:
    qualities = {size: Generate(size=size).quality for size in SIZES}

    assert qualities.pop("preview") is Quality.PREVIEW
    assert set(qualities.values()) == {Quality.STANDARD}


def test_a_label_names_the_pose_and_the_variation() -> None:
    request = Generate(pose_ids=("walking",), variations=2)

    assert [item.label for item in items(request)] == [
        "Walking",
        "Walking, variation 1",
    ]


def test_a_repeated_pose_counts_once_and_order_is_kept() -> None:
    request = Generate(pose_ids=("sitting", "walking", "sitting"))

    assert request.pose_ids == ("sitting", "walking")


def test_an_unknown_pose_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        items(Generate(pose_ids=("walking", "moonwalk")))

    assert refused.value.code == "unknown-pose"
    assert "moonwalk" in refused.value.detail


def test_more_pictures_than_one_job_makes_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = {f"pose-{n}": featured() for n in range(51)}
    monkeypatch.setattr("lumiku_pose_generator.request.library", lambda: many)

    with pytest.raises(Refused) as refused:
        items(Generate(pose_ids=tuple(many), variations=10))

    assert refused.value.code == "too-many-items"
    assert len(items(Generate(pose_ids=tuple(many)[:50], variations=10))) == 500


@pytest.mark.parametrize(
    "wrong",
    [
        {"pose_ids": []},
        {"pose_ids": ["walking"] * 201},
        {"variations": 0},
        {"variations": 11},
        {"mode": "text"},
        {"size": "poster"},
        {"background": {"mode": "solid"}},
        {"background": {"mode": "transparent", "color": "#ffffff"}},
        {"background": {"color": "red"}},
        {"avatar": {"source": "preset"}},
        {"noise_seed": -1},
        {"colour": "red"},
    ],
)
def test_a_wrong_field_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Generate.model_validate(wrong)


@pytest.mark.parametrize(
    "size", [[255, 512], [1537, 512], [1536, 1536], [32768, 32768]]
)
def test_a_size_out_of_range_is_refused_by_a_word_of_its_own(size: list[int]) -> None:
    with pytest.raises(Refused) as refused:
        Generate.model_validate({"size": size})

    assert refused.value.code == "size-out-of-range"
    assert f"{size[0]} x {size[1]}" in refused.value.detail


def test_clothes_that_do_not_cover_are_refused_before_anything_is_paid(
    call: Any,
) -> None:
    shirt = {"kind": "t-shirt", "colour": "#ffffff"}
    request = Generate.model_validate({"outfit": [shirt]})

    with pytest.raises(Refused, match="leaves the pelvis uncovered") as refused:
        check(call, request)

    assert refused.value.code == "uncovered"


@pytest.mark.parametrize(("size", "pixels"), [*SIZES.items(), ([512, 640], (512, 640))])
def test_a_size_is_a_name_or_two_numbers(size: Any, pixels: tuple[int, int]) -> None:
    assert Generate.model_validate({"size": size}).pixels == pixels


def test_the_usual_size_is_768_by_1024() -> None:
    assert Generate().pixels == (768, 1024)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"pose_ids": list(library()), "size": [512, 512], "noise_seed": 7},
        {"mode": "text", "text": "waving"},
        {"mode": "photo", "upload_id": "upl_1"},
    ],
)
def test_a_request_survives_being_stored(asked: dict[str, Any]) -> None:
    request = Generate.model_validate(asked)

    assert Generate.model_validate_json(request.model_dump_json()) == request


def test_an_avatar_that_the_viewer_can_use_passes(call: Any) -> None:
    check(call, Generate())


def test_an_avatar_that_the_viewer_cannot_use_is_refused(call: Any) -> None:
    request = Generate.model_validate(
        {"avatar": {"source": "avatar", "id": "avt_somebody"}}
    )

    with pytest.raises(Refused) as refused:
        check(call, request)

    assert refused.value.code == "unknown-avatar"
