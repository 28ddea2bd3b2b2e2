"""Faces: where they look, what their lids do, beards and glasses on them."""

from typing import Any

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Appearance, Beard, Expression, Eyewear, Gaze, Scene
from lumiku_studio.body.face import face
from lumiku_studio.body.mesh import masked, surface
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.colour import LUMINANCE
from lumiku_studio.hair import beard
from lumiku_studio.props.eyewear import GLASS
from lumiku_studio.scene.figure import Figure, figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment
from lumiku_studio.tracing.rays import tracer


def look(who: str = "maya", **changed: Any) -> Appearance:
    return Appearance.model_validate(AVATARS[who].model_dump() | changed)


def test_a_beard_goes_with_the_jaw_when_the_mouth_opens() -> None:
    shut, opened = (
        beard.grown(rest_shape(look("budi"), how), Beard.FULL)
        for how in (Expression.NEUTRAL, Expression.SURPRISED)
    )

    assert shut is not None
    assert opened is not None
    moved = np.linalg.norm(opened[:, 0] - shut[:, 0], axis=1)
    assert np.quantile(moved, 0.9) > 0.008
    assert moved.max() < 0.03


@pytest.mark.parametrize("kind", [b for b in Beard if b is not Beard.NONE])
def test_a_beard_leaves_lips_eyes_and_throat_free(kind: Beard) -> None:
    rest = rest_shape(look("budi"), Expression.NEUTRAL)

    share = beard.share(rest, kind)

    eye = rest.head("eye.L")[1]
    grown = (surface("body", 1).operator @ rest.still)[share > 0.3]
    assert len(grown) > 20
    assert grown[:, 1].max() < eye + 0.01
    assert grown[:, 1].min() > eye - 0.16


@pytest.mark.parametrize("kind", [Beard.MOUSTACHE, Beard.GOATEE, Beard.FULL])
@pytest.mark.parametrize("features", [0, 23])
def test_no_hair_of_a_beard_is_rooted_on_lips_or_in_the_mouth(
    kind: Beard, features: int
) -> None:
    worn = look("budi", features=features)
    for expression in (Expression.NEUTRAL, Expression.LAUGH, Expression.SURPRISED):
        rest = rest_shape(worn, expression)
        hairs = beard.grown(rest, kind)
        assert hairs is not None
        skin = surface("body", 1).operator @ rest.points
        _, near = cKDTree(skin).query(hairs[:, 0])
        assert beard.mouth()[near].mean() < 0.01, expression


def irises(person: Figure) -> Any:
    """Where pupils are, from the middle of each eye, in the head's frame."""
    eyes = next(p for p in person.parts if p.segment is Segment.EYES)
    placed = person.posed.placed
    local = (eyes.points - placed.at("head")) @ placed.turn("head")
    found = []
    for sign in (1, -1):
        side = np.sign(local[:, 0]) == sign
        points, colour = local[side], np.asarray(eyes.colour)[side]
        middle = points.mean(axis=0)
        found.append(points[colour.max(axis=1) < 0.01].mean(axis=0) - middle)
    return np.array(found)


def seeing(turn: float, lift: float, expression: Expression) -> Figure:
    pose = POSES["contrapposto"].model_copy(update={"gaze": Gaze(turn=turn, lift=lift)})
    return figure(Scene(pose=pose, appearance=look(), expression=expression))


@pytest.mark.parametrize(("turn", "lift"), [(25, 0), (-25, 0), (0, -20), (0, 20)])
def test_both_irises_go_as_far_as_the_gaze_asks(turn: float, lift: float) -> None:
    straight = irises(seeing(0, 0, Expression.SMILE))
    turned = irises(seeing(turn, lift, Expression.SMILE))

    assert np.abs(straight[:, :2]).max() < 0.001
    asked = 0.0135 * np.sin(np.radians([turn, lift]))
    assert np.abs(turned[:, :2] - asked).max() < 0.0015


def test_the_upper_lids_follow_a_look_down_but_closed_eyes_stay_closed() -> None:
    def lids(lift: float, expression: Expression) -> Any:
        person = seeing(0, lift, expression)
        placed = person.posed.placed
        return (person.posed.points - placed.at("head")) @ placed.turn("head")

    level, down = lids(0, Expression.NEUTRAL), lids(-20, Expression.NEUTRAL)
    sunk = level[:, 1] - down[:, 1]
    eye = level[template().influence("eye") > 0.5].mean(axis=0)
    assert 0.002 < sunk.max() < 0.012
    assert abs(level[sunk.argmax()] - eye)[1] < 0.02
    closed, still = lids(0, Expression.CALM), lids(-20, Expression.CALM)
    body = template().influence("eye") == 0
    assert np.abs(closed - still)[body].max() < 1e-6


def test_upper_lashes_are_where_the_lid_is_open_and_closed() -> None:
    def roots(expression: Expression) -> Any:
        person = figure(Scene(appearance=look(), expression=expression))
        hairs = min((hairs for hairs, _, _ in person.strands), key=len)[:, 0]
        away, _ = cKDTree(person.parts[0].points).query(hairs)
        assert away.max() < 0.002
        return hairs

    opened, closed = roots(Expression.NEUTRAL), roots(Expression.CALM)

    middle = np.argsort(-(opened - closed)[:, 1])[:40]
    assert (opened - closed)[middle, 1].min() > 0.004
    assert (opened - closed)[middle, 1].max() < 0.016


@pytest.mark.parametrize("features", [0, 5, 37, 131])
def test_no_brow_and_no_cheek_comes_through_sunglasses(features: int) -> None:
    person = figure(
        Scene(appearance=look("budi", features=features, eyewear=Eyewear.SUNGLASSES))
    )

    pane = next(p for p in person.parts if p.colour is GLASS)
    placed = person.posed.placed

    def local(points: Any) -> Any:
        return (points - placed.at("head")) @ placed.turn("head")

    skin, glass = local(person.parts[0].points), local(pane.points)
    skin = skin[skin[:, 2] > glass[:, 2].min() - 0.05]
    apart, near = cKDTree(skin[:, :2]).query(glass[:, :2])
    assert (skin[near, 2] - glass[:, 2])[apart < 0.003].max() < 0


def test_glasses_stand_before_the_eyes() -> None:
    person = figure(Scene(appearance=look("budi", eyewear=Eyewear.ROUND)))

    rims = next(p for p in person.parts if p.segment is Segment.HEADWEAR).points
    eyes = next(p for p in person.parts if p.segment is Segment.EYES).points
    assert rims[:, 2].max() > eyes[:, 2].max()
    assert abs(rims[:, 0].mean() - eyes[:, 0].mean()) < 0.004


@pytest.mark.parametrize("who", ["budi", "maya"])
def test_the_temples_of_glasses_reach_the_ears_outside_the_head(who: str) -> None:
    person = figure(Scene(appearance=look(who, eyewear=Eyewear.SQUARE, hair="none")))
    placed = person.posed.placed
    frame = next(p for p in person.parts if p.segment is Segment.HEADWEAR)

    def local(points: Any) -> Any:
        return (points - placed.at("head")) @ placed.turn("head")

    skin, wire = local(person.parts[0].points), local(frame.points)
    ears = skin[masked("ears") > 0.5]
    behind = wire[wire[:, 2] < skin[masked("lips") > 0.5][:, 2].max() - 0.05]
    smooth = skin[masked("ears") < 0.2]
    apart, near = cKDTree(smooth[:, 1:]).query(behind[:, 1:])
    assert behind[:, 2].min() < ears[:, 2].mean()
    assert (np.abs(behind[:, 0]) > np.abs(smooth[near, 0]) - 0.001).mean() > 0.9
    assert apart.max() < 0.02


@pytest.mark.parametrize("features", [0, 7, 23])
@pytest.mark.parametrize("kind", [Eyewear.ROUND, Eyewear.SQUARE])
def test_no_part_of_glasses_runs_through_the_skin_at_the_temples(
    kind: Eyewear, features: int
) -> None:
    person = figure(
        Scene(appearance=look("budi", eyewear=kind, features=features, hair="none"))
    )
    wire = next(p for p in person.parts if p.segment is Segment.HEADWEAR).points
    body = surface("body", 1)
    head = body.triangles[(masked("ears")[body.triangles] < 0.2).all(axis=1)]
    outward = np.zeros_like(wire)
    outward[:, 0] = np.sign(wire[:, 0])
    skin = (body.operator @ person.posed.points).astype(np.float32)
    aside = np.abs(wire[:, 0]) > 0.055
    far = np.full(aside.sum(), 0.05, np.float32)
    starts, ways = (a[aside].astype(np.float32) for a in (wire, outward))
    assert aside.any()
    assert not tracer(skin, head).blocked(starts, ways, far).any()


@pytest.mark.parametrize("who", ["budi", "maya"])
@pytest.mark.parametrize("how", [Expression.LAUGH, Expression.SURPRISED])
def test_an_open_mouth_shows_an_even_upper_row_of_teeth_alone(
    who: str, how: Expression
) -> None:
    rest = rest_shape(look(who), how)
    made = face(rest, look(who))
    light = made.teeth_colour @ LUMINANCE
    bright = light > 0.5
    teeth = made.teeth[bright]
    skin = surface("body", 1).operator @ rest.points
    lips = skin[(masked("lips") > 0.5) & (np.abs(skin[:, 0]) < 0.004)]
    heights = np.sort(lips[:, 1])
    low, high = heights[np.diff(heights).argmax() + np.array([0, 1])]

    assert low < teeth[:, 1].min() < high - 0.002
    assert light[made.teeth[:, 1] < low].max() < 0.15
    edges = [
        teeth[np.abs(teeth[:, 0] - x) < 0.003][:, 1].min() for x in (-0.009, 0, 0.009)
    ]
    assert np.ptp(edges) < 0.0025


@pytest.mark.parametrize("features", [0, 5, 37])
def test_no_iris_shows_below_a_closed_lid(features: int) -> None:
    worn = look(features=features, eyes="#3f7fd0")
    person = figure(Scene(appearance=worn, expression=Expression.WINK))

    eyes = next(p for p in person.parts if p.segment is Segment.EYES)
    placed = person.posed.placed
    left = ((eyes.points - placed.at("head")) @ placed.turn("head"))[:, 0] > 0
    assert np.asarray(eyes.colour)[left].max() < 0.02
    assert np.asarray(eyes.colour)[~left].max() > 0.3
