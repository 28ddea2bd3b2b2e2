"""Whose a head is: its features, its expressions and its colours."""

import io
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.studio.people import look

from lumiku_contracts.images import ImageResult, MapKind
from lumiku_contracts.scene import Expression, FaceShape, Scene, SkinTone
from lumiku_studio.body.complexion import TONES
from lumiku_studio.body.likeness import expression_shares, feature_shares
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.maps.control import PALETTE
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment


@pytest.mark.parametrize("expression", list(Expression))
def test_an_expression_moves_the_face_and_nothing_else(expression: Expression) -> None:
    rest = rest_shape(look(), expression)

    moved = np.linalg.norm(rest.points - rest.still, axis=1) > 1e-5

    body = template()
    assert moved.any()
    assert body.influence("head", "neck", "eye")[moved].min() > 0.2
    assert rest.still[moved][:, 2].min() > rest.head("head")[2] - 0.06


def test_every_target_that_makes_a_face_is_in_the_asset() -> None:
    known = template().targets
    for shape, femininity in itertools.product(FaceShape, (0, 1)):
        physique = look().physique.model_copy(update={"femininity": femininity})
        face = look(face=shape, features=7, physique=physique.model_dump())
        assert {name for name, _ in feature_shares(face)} <= set(known)
    for expression in Expression:
        assert {name for name, _ in expression_shares(expression)} <= set(known)


def test_other_features_are_another_face_and_the_same_are_the_same() -> None:
    plain, one, again, other = (
        rest_shape(look(features=n), Expression.NEUTRAL).points for n in (0, 5, 5, 6)
    )

    assert (one == again).all()
    for a, b in itertools.combinations((plain, one, other), 2):
        assert np.abs(a - b).max() > 0.001


def test_skin_tones_go_from_light_to_dark_by_steps_one_can_see() -> None:
    light = [float(np.mean(TONES[tone])) for tone in SkinTone]

    assert all(a - b > 0.02 for a, b in itertools.pairwise(light))
    assert light[-1] > 0.15


def lab_medians(result: ImageResult) -> dict[Segment, Any]:
    shown = Image.open(io.BytesIO(result.picture.content)).convert("RGB")
    drawn = next(m for m in result.maps if m.kind is MapKind.SEGMENTATION)
    map_image = np.asarray(Image.open(io.BytesIO(drawn.picture.content))).astype(int)
    away = np.abs(map_image[:, :, None] - PALETTE.astype(int)[None, None])
    where = away.sum(axis=3).argmin(axis=2)
    lab = np.asarray(shown, float) / 255
    linear = np.where(lab <= 0.04045, lab / 12.92, ((lab + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / [0.9505, 1, 1.089]
    f = np.cbrt(np.maximum(xyz, 1e-6))
    values = np.stack(
        [
            116 * f[..., 1] - 16,
            500 * (f[..., 0] - f[..., 1]),
            200 * (f[..., 1] - f[..., 2]),
        ],
        axis=-1,
    )
    wanted = (Segment.SKIN, Segment.TOP, Segment.BOTTOM, Segment.HAIR)
    return {one: np.median(values[where == one], axis=0) for one in wanted}


def test_the_same_person_has_the_same_colours_in_two_poses_and_others_differ(
    draw: Callable[..., ImageResult],
) -> None:
    def seen(who: str, pose: str) -> dict[Segment, Any]:
        scene = Scene(pose=POSES[pose], appearance=AVATARS[who])
        return lab_medians(draw(scene, MapKind.SEGMENTATION))

    one, again = seen("maya", "standing-relaxed"), seen("maya", "hands-on-hips")
    other = seen("budi", "standing-relaxed")

    for segment in one:
        assert np.linalg.norm(one[segment] - again[segment]) < 6, segment
    assert max(np.linalg.norm(one[s] - other[s]) for s in one) > 12
