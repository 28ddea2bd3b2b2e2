"""The wire of glasses casts no line of shadow on the face behind it."""

import numpy as np
import pytest

from lumiku_contracts.scene import Eyewear, Scene
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.props.eyewear import tube
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Segment
from lumiku_studio.tracing.rays import EmbreeTracer, PlainTracer
from lumiku_studio.tracing.sheer import Sheer

Kind = type[EmbreeTracer] | type[PlainTracer]
BEHIND = np.array([[0.0, 0.0, -0.02]], np.float32)
AHEAD = np.array([[0.0, 0.0, 1.0]], np.float32)
FAR = np.array([1.0], np.float32)


def _wire() -> tuple[Floats, Ints]:
    return tube(np.linspace([-0.05, 0, 0], [0.05, 0, 0], 9), 0.001, closed=False)


def _wall(z: float) -> tuple[Floats, Ints]:
    corners = np.array([[-1, -1, z], [1, -1, z], [0, 1, z]])
    return corners, np.array([[0, 1, 2]])


def _blocked(kind: Kind, start: Floats, *walls: float) -> bool:
    points, triangles = _wire()
    sheer = np.ones(len(triangles), bool)
    for z in walls:
        more, corners = _wall(z)
        triangles = np.concatenate([triangles, corners + len(points)])
        points = np.concatenate([points, more])
        sheer = np.r_[sheer, False]
    rays = Sheer(kind(points, triangles), points, triangles, sheer)
    return bool(rays.blocked(start, AHEAD, FAR)[0])


@pytest.mark.parametrize("kind", [EmbreeTracer, PlainTracer])
def test_light_reaches_what_is_close_behind_a_wire(kind: Kind) -> None:
    assert not _blocked(kind, BEHIND)


@pytest.mark.parametrize("kind", [EmbreeTracer, PlainTracer])
def test_what_is_solid_beyond_a_wire_still_takes_the_light(kind: Kind) -> None:
    assert _blocked(kind, BEHIND, 0.1)
    assert not _blocked(kind, BEHIND, 1.5), "it is beyond the light"


def test_a_wire_far_away_is_met_as_all_else_is() -> None:
    assert _blocked(EmbreeTracer, BEHIND * np.float32(20))


def test_the_frames_of_glasses_are_such_wires_and_dark_panes_are_not() -> None:
    for eyewear in Eyewear:
        look = AVATARS["maya"].model_copy(update={"eyewear": eyewear})
        parts = figure(Scene(pose=POSES["waving"], appearance=look)).parts
        worn = [part.sheer for part in parts if part.segment is Segment.HEADWEAR]
        panes = [False] if eyewear is Eyewear.SUNGLASSES else []
        assert worn == ([] if eyewear is Eyewear.NONE else [True, *panes])
