"""Which side of a surface is seen, where rays go, and what a clean picture keeps."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import HairStyle, Pattern, Scene
from lumiku_studio.arrays import Floats
from lumiku_studio.body.face import IRIS, PUPIL
from lumiku_studio.body.mesh import border_edges, normals
from lumiku_studio.rotation import about_y
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.denoise import develop, keep_hairs
from lumiku_studio.shading.film import blank
from lumiku_studio.shading.footprint import Footprint, footprint, ways
from lumiku_studio.shading.glints import SIZE, Eye, spot
from lumiku_studio.shading.hits import look_up, tilted
from lumiku_studio.shading.lighting import boxes
from lumiku_studio.shading.spending import planned
from lumiku_studio.shading.stage import Part, Segment, Stage, Stuff, join
from lumiku_studio.wardrobe.patterns import PATTERNS, mixed

AHEAD = np.array([[0.0], [0.0], [-1.0]], np.float32)  # a ray's way, a column
ZERO = np.zeros((3, 1), np.float32)


def sheet(leaning: Floats, *, away: float = 0.0) -> Stage:
    """A triangle that faces +z, or +x by a share, with a smoothed normal of its own."""
    points = np.array([[0, 0, 0], [1.0, 0, -away], [0, 1.0, 0]])
    cloth = Part(
        points, np.array([[0, 1, 2]]), np.full(3, 0.5), Stuff.CLOTH, Segment.SKIN,
        normals=np.tile(leaning, (3, 1)),
    )  # fmt: skip
    return join([cloth], ())


def seen(stage: Stage, way: Floats) -> Floats:
    """The normal that light is computed with where a ray meets the sheet."""
    third = np.full(1, 1 / 3, np.float32)
    hits = look_up(stage, np.zeros(1, int), third, third, ZERO, way, third)
    normal: Floats = hits.normals
    return normal[:, 0]


def test_a_normal_that_leans_away_at_an_outline_keeps_its_side() -> None:
    leaning = np.array([0.99, 0.0, -0.14])

    found = seen(sheet(leaning, away=5), AHEAD)

    assert found @ [1, 0, 0] > 0.99
    assert found @ AHEAD[:, 0] < 0


@pytest.mark.parametrize("lean", [-0.05, 0.05])
@pytest.mark.parametrize("way", [AHEAD, -AHEAD])
def test_a_hem_s_narrow_edge_is_lit_as_the_cloth_beside_it(
    way: Floats, lean: float
) -> None:
    found = seen(sheet(np.array([1.0, 0, lean])), way)

    assert found @ [1, 0, 0] > 0.99
    assert found @ way[:, 0] < 0


@pytest.mark.parametrize("way", [AHEAD, -AHEAD])
def test_cloth_seen_from_behind_shows_its_inner_side(way: Floats) -> None:
    found = seen(sheet(np.array([0, 0, 1.0])), way)

    assert found @ way[:, 0] == pytest.approx(-1)


@pytest.mark.parametrize("style", [HairStyle.LONG, HairStyle.PONYTAIL, HairStyle.AFRO])
def test_a_preview_draws_fewer_and_thicker_hairs_over_the_same_head(
    style: HairStyle,
) -> None:
    scene = Scene(appearance=AVATARS["maya"].model_copy(update={"hair": style}))

    whole, coarse = figure(scene).strands, figure(scene, every=3).strands

    for (many, fine, _), (few, thick, _) in zip(whole, coarse, strict=True):
        assert len(many) / len(few) == pytest.approx(3, rel=0.02)
        assert thick > fine
        for of in (np.min, np.max, np.mean):
            away = of(many.reshape(-1, 3), axis=0) - of(few.reshape(-1, 3), axis=0)
            assert np.abs(away).max() < 0.02


def kept(ways: Floats, segment: Segment) -> float:
    """The share of its contrast that light keeps where a network has evened it out."""
    raw = np.random.default_rng(1).uniform(0.02, 0.06, (24, 24, 3)).astype(np.float32)
    light = np.full_like(raw, raw.mean())

    keep_hairs(light, raw, ways, np.full((24, 24), segment, np.uint8))

    return float(light.std() / raw.std())


def test_hairs_that_run_all_ways_keep_the_light_that_each_of_them_catches() -> None:
    ways = np.random.default_rng(2).standard_normal((24, 24, 3)).astype(np.float32)
    combed = np.broadcast_to(np.array([0, -1, 0], np.float32), ways.shape)

    assert kept(ways, Segment.HAIR) > 0.7
    assert kept(combed, Segment.HAIR) < 0.3
    assert kept(ways, Segment.SKIN) == 0


@pytest.mark.parametrize("quality", [Quality.PREVIEW, Quality.STANDARD])
def test_eyes_get_more_rays_than_the_rest_and_no_pixel_of_a_person_goes_without(
    quality: Quality,
) -> None:
    segment = np.zeros((96, 72), np.uint8)
    segment[20:90, 20:50] = Segment.SKIN
    segment[30:33, 30:36] = Segment.EYES

    plan = planned(segment, np.zeros(segment.shape, bool), quality, quick=True)

    assert plan.rays[31, 33] >= 2 * plan.rays[70, 30] > 0
    assert plan.rays[segment > 0].min() > 0
    assert not (plan.behind & (segment > 0)).any()


def test_hands_get_more_rays_than_cloth() -> None:
    segment = np.zeros((128, 96), np.uint8)
    segment[20:120, 20:70] = Segment.TOP
    segment[60:64, 16:20] = Segment.SKIN
    low = np.zeros(segment.shape, bool)
    plan = planned(segment, low, Quality.STANDARD, quick=True)
    assert plan.rays[62, 18] > plan.rays[62, 40] > 0


def test_the_floor_about_whatever_is_close_to_it_gets_rays_of_its_own() -> None:
    segment = np.zeros((96, 144), np.uint8)
    segment[40:60, 20:120] = Segment.SKIN
    low = np.zeros(segment.shape, bool)
    low[50:60, 20:90] = True

    plan = planned(segment, low, Quality.STANDARD, quick=True)

    assert not plan.behind[60:63, 18:92].any()
    assert plan.behind[70:].all()
    assert plan.behind[63:, 110:].all()


@pytest.mark.parametrize("yaw", [-150, -40, 0, 15, 40, 90])
def test_catchlights_lie_on_irises_beside_the_pupils_in_both_eyes_alike(
    yaw: float,
) -> None:
    key = boxes(yaw)[0]
    camera = about_y(yaw) @ np.array([0, 0.05, 1.0])
    spots = []
    for x in (0.03, -0.03):
        eye = Eye(np.array([x, 1.55, 0.1]), np.array([0, 0, 1.0]))
        way = key.centre - eye.middle
        place = spot(eye, camera / np.linalg.norm(camera), way / np.linalg.norm(way))
        spots.append(place)
        apart = np.degrees(np.arccos(place @ eye.gaze))
        assert apart - SIZE[0] > PUPIL
        assert apart + SIZE[1] < IRIS

    assert np.degrees(np.arccos(spots[0] @ spots[1])) < SIZE[0]


def printed(points: Floats, place: Floats) -> Stage:
    """One triangle with places on its print."""
    stage = SimpleNamespace(points=points, triangles=np.array([[0, 1, 2]]), uv=place)
    return cast("Stage", stage)


def test_a_pixel_shows_more_of_what_is_seen_aslant() -> None:
    place = np.array([[[0, 0], [1, 0], [0, 1]]], np.float32)
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    two = ways(printed(points, place), np.array([0]))
    flat, wide = np.array([[0, 0, 1.0]]), np.full(1, 0.002)
    for degrees, times in ((0, 1.0), (60, 2.0)):
        turn = np.radians(degrees)
        way = np.array([[np.sin(turn), 0, -np.cos(turn)]])
        seen = footprint(two, flat, way, wide)
        assert seen.long[0] == pytest.approx(0.002 * times)
        assert abs(seen.along[0, 1]) < 1e-9


@pytest.mark.parametrize("pattern", [Pattern.STRIPES, Pattern.CHECKS, Pattern.DOTS])
def test_a_pattern_finer_than_pixels_is_mixed(pattern: Pattern) -> None:
    rng = np.random.default_rng(1)
    uv = rng.random((4000, 2))
    many = PATTERNS[pattern](uv, 0.0009).mean()
    wide = np.full(len(uv), 0.25)
    seen = Footprint(wide, np.zeros((len(uv), 2)))
    assert np.abs(mixed(PATTERNS[pattern], uv, seen) - many).max() < 0.08
    assert mixed(PATTERNS[pattern], uv, None).std() > 0.2


def test_stripes_seen_aslant_are_what_many_rays_would_mix() -> None:
    uv = np.random.default_rng(2).random((50, 2))
    along = np.tile([0.0, 0.016], (len(uv), 1))
    seen = Footprint(np.full(len(uv), 0.002), along)
    steps = np.linspace(-0.5, 0.5, 400)
    stripes = PATTERNS[Pattern.STRIPES]
    truth = np.mean([stripes(uv + along * k, 0.002) for k in steps], axis=0)
    assert np.abs(mixed(stripes, uv, seen) - truth).max() < 0.1


def test_cloth_that_is_stretched_is_as_many_times_less_steep() -> None:
    place = np.array([[[0, 0], [1, 0], [0, 1]]], np.float32)
    flat = np.array([[0, 0, 1]], np.float32)
    steep = np.array([[0.5, 0]], np.float32)
    leans = []
    for times in (1.0, 10.0):
        points = np.array([[0, 0, 0], [times, 0, 0], [0, 1, 0]], np.float32)
        two = ways(printed(points, place), np.array([0]))
        normal = tilted(two, flat, steep)[0]
        leans.append(-normal[0] / normal[2])
    assert leans == pytest.approx([0.5, 0.05])


def test_hems_are_lit_as_the_cloth_that_ends_there() -> None:
    parts = figure(
        Scene(pose=POSES["standing-relaxed"], appearance=AVATARS["maya"])
    ).parts
    tops = [p for p in parts if p.segment is Segment.TOP and p.detail is not None]
    assert tops
    for top in tops:
        assert top.normals is not None
        assert top.detail is not None
        outer = (top.detail[:, 0] < 1)[top.triangles].all(axis=1)
        own = normals(top.points, top.triangles[outer])
        rim = np.unique(border_edges(top.triangles[outer]))
        lean = (own[rim] * top.normals[rim]).sum(axis=1)
        assert np.quantile(lean, 0.05) > 0.97


@pytest.mark.parametrize("size", [(96, 96), (97, 75)])
def test_a_plain_backdrop_is_made_even_and_a_patterned_one_keeps_its_edges(
    size: tuple[int, int],
) -> None:
    rng = np.random.default_rng(4)
    for striped in (False, True):
        film = blank(*size)
        film.albedo[:] = 0.5
        if striped:
            film.albedo[:, ::16] = film.albedo[:, 1::16] = 0.1
        noise = rng.uniform(0.9, 1.1, film.light.shape)
        film.light[:] = film.albedo * noise
        develop(film, np.ones(film.depth.shape, bool), Quality.PREVIEW)
        level = film.light[8:-8, 8:-8].mean(axis=(0, 2))
        assert (level.min() < 0.25) == striped
        if not striped:
            assert film.light[8:-8, 8:-8].std() < 0.02
