"""What is worn over something else is seen over it, though it pokes through."""

import numpy as np
import pytest

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.shading.outermost import seen
from lumiku_studio.shading.stage import Order, Part, Segment, Stuff, join
from lumiku_studio.tracing.rays import EmbreeTracer, PlainTracer

EYE = np.array([0.1, 0.1, 2.0])
AHEAD = np.array([[0.0, 0.0, -1.0]], np.float32)
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
