"""What is worn over something else is seen over it, though it pokes through."""

import numpy as np
import pytest

from lumiku_contracts.scene import Camera, Scene
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.outermost import seen
from lumiku_studio.shading.stage import Order, Part, Segment, Stuff, join
from lumiku_studio.studio import frame
from lumiku_studio.tracing.rays import EmbreeTracer, PlainTracer
from lumiku_studio.wardrobe.outfits import OUTFITS

EYE = np.array([0.1, 0.1, 2.0])
AHEAD = np.array([[0.0, 0.0, -1.0]], np.float32)
FEW = 20  # pixels of a layer that say nothing
LOOKED_INTO = 0.15  # share of a layer whose inside is seen: hems are looked into
WORN = ("checks", "meeting", "tunic", "abaya", "skirt")
SKIN_AT = 0.5  # metres towards the eye
Kind = type[EmbreeTracer] | type[PlainTracer]
TRACERS: tuple[Kind, ...] = (EmbreeTracer, PlainTracer)


def _sheet(z: float, order: Order | Ints, lean: float = 0.0) -> Part:
    """A square sheet facing the eye, `lean` metres deeper on a metre to the right."""
    corners = [(x, y, z - lean * (x - 0.1)) for x, y in ((-1, -1), (1, -1), (0, 1))]
    return Part(
        np.array(corners, float), np.array([[0, 1, 2]]), np.ones(3), Stuff.CLOTH,
        Segment.TOP, order=order,
    )  # fmt: skip


def _turned(part: Part) -> Part:
    return Part(
        part.points, part.triangles[:, ::-1], part.colour, part.stuff, part.segment,
        order=part.order,
    )  # fmt: skip


def _shown(kind: Kind, *parts: Part) -> tuple[int, Floats]:
    """Which of some parts of one triangle is seen, and how far the ray went."""
    stage = join(list(parts), ())
    met = seen(stage, kind(stage.points, stage.triangles), EYE, AHEAD)
    return int(met.triangle[0]), met.distance


@pytest.mark.parametrize("kind", TRACERS)
def test_a_layer_is_seen_where_what_is_worn_below_it_pokes_through(
    kind: Kind,
) -> None:
    skin, shirt = _sheet(SKIN_AT, Order.SKIN), _sheet(SKIN_AT - 0.004, Order.TOP)
    which, distance = _shown(kind, skin, shirt)
    assert which == 1
    assert distance == pytest.approx(2 - SKIN_AT, abs=1e-5), "light reaches the skin"


@pytest.mark.parametrize("kind", TRACERS)
def test_the_outermost_of_many_layers_is_seen(kind: Kind) -> None:
    orders = (Order.SKIN, Order.COAT, Order.INNER)
    layers = [_sheet(SKIN_AT - 0.002 * k, order) for k, order in enumerate(orders)]
    assert _shown(kind, *layers)[0] == 1


@pytest.mark.parametrize(
    ("over", "why"),
    [
        (_sheet(SKIN_AT - 0.02, Order.TOP), "it lies too deep"),
        (_sheet(SKIN_AT - 0.004, Order.TOP, lean=2.0), "it only crosses it"),
        (_turned(_sheet(SKIN_AT - 0.004, Order.TOP)), "its inside is turned here"),
        (_sheet(SKIN_AT - 0.004, Order.NONE), "it is not worn"),
    ],
)
def test_what_is_not_poked_through_stays_hidden(over: Part, why: str) -> None:
    for kind in TRACERS:
        assert _shown(kind, _sheet(SKIN_AT, Order.SKIN), over)[0] == 0, why


def test_a_hand_lies_on_all_that_is_worn() -> None:
    hand = _sheet(SKIN_AT, np.array([Order.NONE]))
    for kind in TRACERS:
        assert _shown(kind, hand, _sheet(SKIN_AT - 0.004, Order.TOP))[0] == 0


@pytest.mark.parametrize("outfit", WORN)
def test_all_that_is_worn_shows_its_outside(outfit: str) -> None:
    who = AVATARS["aisyah" if outfit == "abaya" else "maya"]
    look = who.model_copy(update={"outfit": OUTFITS[outfit]})
    person = figure(Scene(pose=POSES["waving"], appearance=look))
    camera = frame(person, Camera(yaw=20), (144, 192))
    stage = join(list(person.parts), ())
    y, x = np.mgrid[0:192, 0:144]
    way = camera.rays(x.ravel() + 0.5, y.ravel() + 0.5)
    rays = EmbreeTracer(stage.points, stage.triangles)
    met = seen(stage, rays, camera.eye, way)
    found = met.triangle >= 0
    which = met.triangle[found]
    a, b, c = stage.points[stage.triangles[which]].transpose(1, 0, 2)
    turned = (np.cross(b - a, c - a) * way[found]).sum(axis=1) > 0
    orders = stage.order[which]
    for order in Order:
        own = turned[orders == order]
        if order and len(own) > FEW:
            assert own.mean() < LOOKED_INTO, (order.name, own.mean())
