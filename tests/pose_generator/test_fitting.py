"""Every shape has its exact size, the person whole, and the marks of the picture."""

import io

import pytest
from PIL import Image, ImageDraw

from lumiku_contracts import Output
from lumiku_pose_generator.delivery import exported
from lumiku_pose_generator.fitting import window
from lumiku_pose_generator.formats import FORMATS, Encoding, Fit, pixels
from lumiku_studio.marks import png

SIZE, PERSON = (384, 512), (120, 60, 264, 500)
RED = (200, 30, 30)


def picture(person: tuple[int, int, int, int] = PERSON) -> Output:
    """A red person on grey, marked as the studio marks its pictures."""
    image = Image.new("RGB", SIZE, (200, 200, 205))
    box = (person[0], person[1], person[2] - 1, person[3] - 1)
    ImageDraw.Draw(image).rectangle(box, fill=RED)
    meta = {"subject": list(person), "name": "walking"}
    return Output(png(image, "test"), "image/png", meta=meta)


def red_share(made: Output) -> float:
    """Red pixels as a share of what the whole person has at this scale."""
    image = Image.open(io.BytesIO(made.content)).convert("RGB")
    red = image.split()[0].point(lambda value: 255 if value > 150 else 0)
    green = image.split()[1].point(lambda value: 255 if value < 110 else 0)
    box = Image.composite(red, Image.new("L", image.size), green).getbbox()
    assert box is not None
    wide, tall = box[2] - box[0], box[3] - box[1]
    return (tall / wide) / ((PERSON[3] - PERSON[1]) / (PERSON[2] - PERSON[0]))


@pytest.mark.parametrize("fit", [Fit.COVER, Fit.CONTAIN])
@pytest.mark.parametrize("name", [one for one in FORMATS if one != "print_a4"])
def test_each_format_has_its_size_and_the_person_whole(name: str, fit: Fit) -> None:
    made = exported(picture(), name, fit, Encoding.JPEG)

    image = Image.open(io.BytesIO(made.content))
    assert image.size == pixels(name, SIZE)
    assert image.format == "JPEG"
    assert red_share(made) == pytest.approx(1, abs=0.06)
    assert made.meta["name"] == f"walking-{name.replace('_', '-')}"


def test_what_is_printed_says_how_large() -> None:
    made = exported(picture(), "print_4x6", Fit.COVER, Encoding.JPEG)

    assert Image.open(io.BytesIO(made.content)).info["dpi"] == (300, 300)


@pytest.mark.parametrize("encoding", list(Encoding))
def test_the_mark_of_a_computer_made_picture_is_kept(encoding: Encoding) -> None:
    made = exported(picture(), "tiktok", Fit.COVER, encoding)

    assert b"digitalsourcetype/digitalCreation" in made.content


def test_a_body_that_the_picture_cuts_is_not_continued() -> None:
    cut = (100, 60, 280, 512)
    for fit in (Fit.COVER, Fit.CONTAIN):
        seen = window(SIZE, (1080, 1920), fit, cut)

        assert seen.top + seen.height == pytest.approx(512)


def test_cover_cuts_no_more_than_it_must() -> None:
    seen = window(SIZE, (1000, 1000), Fit.COVER, (150, 40, 250, 300))

    assert (seen.width, seen.height) == (384, 384)
    assert seen.top <= 40
    assert seen.top + seen.height >= 300


def test_a_cut_out_stays_clear_where_the_file_can() -> None:
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    content = png(image, "test")
    made = exported(Output(content, "image/png"), "tiktok", Fit.CONTAIN, Encoding.PNG)
    flat = exported(Output(content, "image/png"), "tiktok", Fit.CONTAIN, Encoding.JPEG)

    assert Image.open(io.BytesIO(made.content)).mode == "RGBA"
    paper = Image.open(io.BytesIO(flat.content)).convert("RGB").getpixel((5, 5))
    assert paper == (255, 255, 255)
