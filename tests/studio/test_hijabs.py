"""Hijabs: one smooth opening round the face, and nothing seen of what they cover."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial import cKDTree
from tests.studio.people import MOVING, pierced, posed

from lumiku_contracts.scene import Appearance, Headwear, Scene
from lumiku_studio.album.sources import poses
from lumiku_studio.body.mesh import border_edges, masked, normals
from lumiku_studio.hair import hijab
from lumiku_studio.hair.drapes import DRAPES
from lumiku_studio.hair.opening import AROUND
from lumiku_studio.hair.weft import ROWS
from lumiku_studio.scene.figure import Figure, figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.scene.veiled import Strands
from lumiku_studio.shading.stage import Segment

KINDS = list(DRAPES)
ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "plugins/pose_generator/lumiku_pose_generator/poses.json"
SUNK_ROWS = 5
"""Those of the edge at the face, before the cloth's own."""


@cache
def veiled(kind: Headwear, pose: str) -> tuple[Figure, hijab.Hijab, Strands]:
    """A figure, its hijab, and the hairs of its brows and lashes."""
    kept: list[hijab.Hijab] = []
    drape = hijab.drape
    look = AVATARS["aisyah"].model_dump() | {"headwear": kind}

    def noted(*about: Any) -> hijab.Hijab:
        kept.append(drape(*about))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hijab, "drape", noted)
        scene = Scene(pose=POSES[pose], appearance=Appearance.model_validate(look))
        person = figure(scene)
    return person, kept[-1], person.strands[0]


def turns(points: np.ndarray) -> np.ndarray:
    """Degrees by which a closed line turns at each of its points."""
    steps = np.roll(points, -1, axis=0) - points
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    cosine = (steps * np.roll(steps, -1, axis=0)).sum(axis=1)
    out: np.ndarray = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return out


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("kind", KINDS)
def test_no_ear_shows_through_a_hijab_because_none_is_drawn(
    kind: Headwear, pose: str
) -> None:
    person, _, _ = veiled(kind, pose)

    skin = next(part for part in person.parts if part.segment is Segment.SKIN)

    drawn = np.unique(skin.triangles)
    assert not (masked("ears")[drawn] > 0.5).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_opening_round_the_face_is_one_smooth_curve(kind: Headwear) -> None:
    _, scarf, _ = veiled(kind, "contrapposto")

    assert scarf.face.curve.shape == (AROUND, 3)
    assert turns(scarf.face.curve).max() < 15


@pytest.mark.parametrize("kind", KINDS)
def test_brows_end_within_the_opening(kind: Headwear) -> None:
    _, scarf, (brows, _, _) = veiled(kind, "contrapposto")

    assert len(brows) > 100
    assert scarf.face.beyond(brows.reshape(-1, 3)).max() < 0


@pytest.mark.parametrize("kind", KINDS)
def test_both_edges_of_a_hijab_are_rolled_and_closed_against_what_they_lie_on(
    kind: Headwear,
) -> None:
    _, scarf, _ = veiled(kind, "contrapposto")

    rows = scarf.parts[0].points.reshape(-1, AROUND, 3)
    sunk = np.linalg.norm(rows[0] - scarf.face.middle, axis=1)
    skin = np.linalg.norm(scarf.face.curve - scarf.face.middle, axis=1)
    thick = np.linalg.norm(rows[1] - rows[5], axis=1)

    assert (sunk < skin).all()
    assert thick.min() > 0.003


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hijab_lies_on_the_body_and_not_in_it(kind: Headwear, pose: str) -> None:
    person = posed("aisyah", pose, headwear=kind)

    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)

    used = cloth.points[np.unique(cloth.triangles)]
    placed = person.posed.placed
    neck = placed.at("neck01")
    aside = np.abs((used - neck) @ placed.turn("spine01"))[:, 0]
    # A lifted shoulder comes out through the cloth and hides what is beneath it.
    free = used[(aside < 0.06) | (pose != "arms-up")]
    assert pierced(free, person, 0.004, Segment.SKIN, Segment.TOP) < 0.03
    covered = cKDTree(used).query(neck + np.array([[0, 0, 0.07], [0, 0, -0.06]]))[0]
    assert covered.max() < 0.09


@pytest.mark.parametrize("kind", KINDS)
def test_a_hijab_does_not_stand_off_beside_the_neck_when_arms_are_lifted(
    kind: Headwear,
) -> None:
    person = posed("aisyah", "arms-up", headwear=kind)
    placed = person.posed.placed
    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)
    solid = [p for p in person.parts if p.segment in {Segment.SKIN, Segment.TOP}]

    used = cloth.points[np.unique(cloth.triangles)]
    local = (used - placed.at("neck01")) @ placed.turn("spine01")
    beside = (np.abs(local[:, 0]) > 0.06) & (np.abs(local[:, 1] - 0.01) < 0.06)
    body = np.concatenate([p.points[np.unique(p.triangles)] for p in solid])
    away, _ = cKDTree(body).query(used[beside])

    assert beside.sum() > 50
    assert np.median(away) < 0.0235


@pytest.mark.parametrize("kind", KINDS)
def test_the_edge_of_a_hijab_lies_on_the_shoulders(kind: Headwear) -> None:
    person = posed("aisyah", "contrapposto", headwear=kind)
    placed = person.posed.placed
    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)
    tops = [p for p in person.parts if p.segment is Segment.TOP]

    edge = cloth.points[np.unique(border_edges(cloth.triangles))]
    local = (edge - placed.at("neck01")) @ placed.turn("spine01")
    aside = (np.abs(local[:, 0]) > 0.10) & (local[:, 1] < 0.08)
    points = np.concatenate([p.points for p in tops])
    outward = np.concatenate([normals(p.points, p.triangles) for p in tops])
    near = cKDTree(points).query(edge[aside])[1]
    over = ((edge[aside] - points[near]) * outward[near]).sum(axis=1)

    on_shoulder = local[aside, 1] > -0.20  # farther down it spans from arm to trunk
    assert on_shoulder.sum() > 15
    assert np.percentile(over[on_shoulder], 95) < 0.016, over[on_shoulder].max()
    spanned = 0.030 if kind is Headwear.KHIMAR else 0.016
    assert np.percentile(over, 95) < spanned, over.max()


@pytest.mark.parametrize("pose", MOVING)
@pytest.mark.parametrize("kind", KINDS)
def test_the_lower_edge_is_even_and_lies_on_the_tops_not_in_them(
    kind: Headwear, pose: str
) -> None:
    person, scarf, _ = veiled(kind, pose)

    rows = scarf.parts[0].points.reshape(-1, AROUND, 3)
    edge = rows[SUNK_ROWS + ROWS - 1]
    tops = [part for part in person.parts if part.segment is Segment.TOP]
    points = np.concatenate([part.points for part in tops])
    outward = np.concatenate([normals(part.points, part.triangles) for part in tops])
    away, near = cKDTree(points).query(edge)
    over = ((edge - points[near]) * outward[near]).sum(axis=1)

    assert np.percentile(turns(edge), 95) < 45
    assert ((over < -0.003) & (away < 0.03)).mean() < 0.05


@pytest.mark.parametrize("pose", ["laptop-seated", "holding-microphone", "squat"])
def test_arms_held_forwards_do_not_draw_the_lower_edge_into_an_armpit(
    pose: str,
) -> None:
    look = AVATARS["aisyah"].model_copy(update={"headwear": Headwear.HIJAB})
    person = figure(Scene(pose=poses(LIBRARY)[pose].pose, appearance=look))

    cloth = next(p for p in person.parts if p.segment is Segment.HEADWEAR)
    edge = cloth.points.reshape(-1, AROUND, 3)[SUNK_ROWS + ROWS - 1]
    tops = [part for part in person.parts if part.segment is Segment.TOP]
    away, _ = cKDTree(np.concatenate([p.points for p in tops])).query(edge)

    assert away.max() < 0.04, away.max()
