"""A product's picture is cut out of its ground, or it is said why it cannot be."""

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw
from tests.pose_generator.wares import UPLOAD, jar, png

from lumiku_contracts import Refused
from lumiku_pose_generator.cutting import NO_OUTLINE, prepared
from lumiku_pose_generator.product import Product


def ware(where: str, **more: Any) -> Product:
    return Product.model_validate({"upload_id": UPLOAD, "where": where, **more})


def cut(content: bytes, product: Product) -> tuple[Image.Image, str | None]:
    made, warning = prepared(content, product)
    return Image.open(io.BytesIO(made)), warning


def test_a_product_before_an_even_ground_is_cut_out_with_its_label_whole() -> None:
    picture, warning = cut(png(jar(), "JPEG"), ware("held"))

    assert warning is None
    wide, tall = picture.size
    assert (abs(wide - 100) < 8, abs(tall - 280) < 8) == (True, True)
    cover = picture.getchannel("A")
    assert cover.getpixel((wide // 2, tall // 2)) == 255  # the label is no ground
    assert any(cover.histogram()[:128])  # its margins are clear


def test_a_print_keeps_its_ground_unless_it_is_to_lose_it() -> None:
    kept, _ = cut(png(jar()), ware("box"))
    lost, _ = cut(png(jar()), ware("box", cut_out=True))

    assert kept.size == (300, 400)
    assert lost.size[0] < 120


def test_an_outline_of_its_own_is_kept_and_margins_are_not() -> None:
    own = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(own).ellipse((100, 100, 299, 299), fill="#cc2020")

    picture, warning = cut(png(own), ware("standing"))

    assert warning is None
    assert picture.size == (200, 200)
    assert picture.getchannel("A").getpixel((0, 0)) == 0


def test_a_ground_that_is_not_even_stays_and_that_is_said_or_refused() -> None:
    busy = Image.effect_noise((300, 300), 200).convert("RGB")

    picture, warning = cut(png(busy), ware("held"))
    assert (picture.size, warning) == ((300, 300), NO_OUTLINE)

    with pytest.raises(Refused) as refused:
        prepared(png(busy), ware("held", cut_out=True))
    assert refused.value.code == "ground-not-even"


@pytest.mark.parametrize(
    ("picture", "more", "code"),
    [
        (Image.new("RGB", (300, 300), "white"), {"cut_out": True}, "ground-not-even"),
        (Image.new("RGBA", (300, 300), (0, 0, 0, 0)), {}, "nothing-to-see"),
    ],
)
def test_a_picture_of_nothing_is_no_product(
    picture: Image.Image, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        prepared(png(picture), ware("held", **more))
    assert refused.value.code == code
