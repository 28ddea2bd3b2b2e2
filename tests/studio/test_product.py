"""A viewer's picture is recovered from the render of what it was put on."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.scene import (
    Camera,
    Decal,
    Framing,
    Garment,
    GarmentKind,
    Prop,
    Scene,
    Thing,
)
from lumiku_studio.props.stickers import Sticker
from lumiku_studio.provider import Studio
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import join
from lumiku_studio.studio import frame, render
from lumiku_studio.tracing.rays import NOTHING, tracer
from lumiku_studio.wardrobe.prints import Cloth, decal_place

CELLS = 40
SIZE = (384, 512)
CHART = Decal(picture="chart", width=1)


def chart() -> Image.Image:
    """Fields, a disc and a bar: nothing that is the same when turned or mirrored."""
    image = Image.new("RGB", (240, 240), "#f0f0f0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((10, 10, 110, 90), fill="#202020")
    pen.rectangle((130, 20, 230, 110), fill="#8a8a8a")
    pen.ellipse((20, 120, 120, 220), fill="#505050")
    pen.rectangle((150, 130, 180, 230), fill="#181818")
    return image


def worn_on(thing: str) -> Scene:
    outfit, pose, framing = AVATARS["maya"].outfit, "waving", Framing.HALF
    things: tuple[Thing, ...] = ()
    if thing == "shirt":
        own = Garment(kind=GarmentKind.T_SHIRT, colour="#93a98b", decal=CHART)
        outfit = (own, *outfit[1:])
    elif thing == "box":
        things, pose = (Thing(prop=Prop.BOX, decal=CHART),), "product-chest"
    else:
        things = (Thing(prop=Prop.POSTER, decal=CHART),)
        framing = Framing.FULL
    return Scene(
        pose=POSES[pose],
        appearance=AVATARS["maya"].model_copy(update={"outfit": outfit}),
        camera=Camera(framing=framing, yaw=0),
        things=things,
    )


def recovered(scene: Scene) -> tuple[Any, Any]:
    """The chart's mean grey in each cell, unrolled from a render, and where it is seen.

    Which place of the chart a pixel shows follows from the geometry alone.
    """
    pictures = {"chart": chart()}
    person = figure(scene, pictures)
    view = frame(person, scene.camera, SIZE)
    stage = join(person.with_hair(view.eye, float(view.pixel)), ())
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    way = view.rays(x.ravel() + 0.5, y.ravel() + 0.5)
    start = np.broadcast_to(view.eye.astype(np.float32), way.shape).copy()
    met = tracer(stage.points, stage.triangles).nearest(start, way)
    hit = np.flatnonzero(met.triangle != NOTHING)
    share = np.stack([1 - met.u - met.v, met.u, met.v], axis=1)[hit]
    uv = np.einsum("nk,nkj->nj", share, stage.uv[met.triangle[hit]])
    place = np.full((len(hit), 2), -1.0)
    for number, drawn in enumerate(stage.prints, 1):
        on = stage.printed[met.triangle[hit]] == number
        if isinstance(drawn, Sticker):
            place[on] = uv[on] / (2 * drawn.half) + 0.5
        elif isinstance(drawn, Cloth) and drawn.decal is not None:
            place[on] = decal_place(drawn.decal, drawn.share, uv[on])
    inside = ((place > 0) & (place < 1)).all(axis=1)
    pixels = np.asarray(render(scene, SIZE, pictures=pictures).image.convert("L"))
    cell = np.floor(place[inside] * CELLS).astype(int)
    key = (CELLS - 1 - cell[:, 1]) * CELLS + cell[:, 0]
    count = np.bincount(key, minlength=CELLS * CELLS)
    total = np.bincount(key, pixels.ravel()[hit[inside]], minlength=CELLS * CELLS)
    shape = (CELLS, CELLS)
    return (total / np.maximum(count, 1)).reshape(shape), (count > 0).reshape(shape)


def similarity(a: Any, b: Any, seen: Any) -> float:
    """Mean SSIM where both are seen."""

    def soft(values: Any) -> Any:
        return gaussian_filter(values, 1.5)

    ma, mb = soft(a), soft(b)
    va, vb = soft(a * a) - ma * ma, soft(b * b) - mb * mb
    both = soft(a * b) - ma * mb
    one, two = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    score = (2 * ma * mb + one) * (2 * both + two)
    score = score / ((ma * ma + mb * mb + one) * (va + vb + two))
    return float(score[seen].mean())


def wanted() -> Any:
    return np.asarray(chart().convert("L").resize((CELLS, CELLS), Image.Resampling.BOX))


@pytest.mark.parametrize("thing", ["shirt", "box", "poster"])
def test_a_chart_is_recovered_from_what_it_was_put_on(thing: str) -> None:
    found, seen = recovered(worn_on(thing))

    assert seen.mean() > 0.85
    known = wanted().astype(float)
    # One curve for the whole chart: how light and lens map greys.
    curve = np.polyfit(found[seen], known[seen], 2)
    evened = np.where(seen, np.polyval(curve, found), known)
    assert similarity(evened, known, seen) >= 0.9
    turned = known[:, ::-1]
    assert similarity(evened, turned, seen) < 0.6


def test_a_picture_that_the_request_does_not_carry_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        render(worn_on("box"), (64, 64))

    assert refusal.value.code == "no-picture"


def test_what_is_not_a_picture_is_refused(studio: Studio) -> None:
    request = ImageRequest(
        size=(64, 64), scene=worn_on("box"), pictures={"chart": b"not a picture"}
    )

    with pytest.raises(Refused) as refusal:
        studio.generate(
            request, progress=lambda _fraction, _note: None, cancelled=lambda: False
        )

    assert refusal.value.code == "bad-picture"
