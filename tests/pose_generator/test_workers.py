"""Text and photo modes, exports and another background, without a kernel."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError
from tests.pose_generator.rows import Rows

from lumiku_contracts import Item, Refused, Result
from lumiku_contracts.errors import Permanent
from lumiku_contracts.images import ArtifactId, Made, Picture
from lumiku_contracts.pose import Head, Pose
from lumiku_contracts.scene import Expression, Scene
from lumiku_contracts.senses import Candidate, Reading
from lumiku_contracts.sets import Camera
from lumiku_contracts.testing import PIXEL, FakeTask
from lumiku_pose_generator import change, export, generate
from lumiku_pose_generator.models import MODELS
from lumiku_pose_generator.perceive import FromPhoto, FromText, from_photo, from_text
from lumiku_pose_generator.request import Generate, items, price

STUDIO = next(one for one in MODELS if one.id == "studio")
FLUX = next(one for one in MODELS if one.id == "flux-controlnet-standard")
READING = Reading(
    Pose(head=Head(turn=38)),
    Camera(yaw=5),
    ((0.5, 0.5, 1),) * 18,
    Expression.SMILE,
    ("looking left",),
    ("dragon",),
    (Candidate("walking", 0.5),),
)


@dataclass
class Reader:
    """Understands everything as one pose, and keeps what it was asked."""

    asked: list[Any] = field(default_factory=list)

    def read(self, text: str, known: Any, start: str | None = None) -> Reading:
        """Always the same."""
        self.asked.append((text, len(known), start))
        return READING

    def see(self, picture: Picture, known: Any) -> Reading:
        """Always the same."""
        self.asked.append((picture, len(known)))
        return READING

    def matte(self, picture: Picture) -> Picture:
        """The left half."""
        out = io.BytesIO()
        cover = Image.new("L", (picture.width, picture.height), 0)
        cover.paste(255, (0, 0, picture.width // 2, picture.height))
        cover.save(out, "PNG")
        return Picture(out.getvalue(), "image/png", picture.width, picture.height)


def photo() -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), (10, 200, 10)).save(out, "PNG")
    return Picture(out.getvalue(), "image/png", 300, 400)


def task(asked: Any, maya: Any, **resources: Any) -> FakeTask[Any]:
    reader = Reader()
    names = ("pose-from-text", "pose-from-photo", "matte")
    return FakeTask(
        asked,
        model=STUDIO,
        resources={"avatar": {"maya": maya}, **resources},
        providers=dict.fromkeys(names, reader),
        open_session=Rows().open,
    )


def test_a_sentence_is_told_back_with_what_was_not_understood(maya: Any) -> None:
    made = from_text(task(FromText(text="look left, dragon"), maya), Item(0, "", {}))

    assert isinstance(made, Result)
    assert made.data["not_understood"] == ["dragon"]
    assert made.data["pose"] == {"head": {"turn": 38.0}}
    assert len(made.data["skeleton"]) == 18
    assert made.data["candidates"][0]["name_id"]


def test_a_photo_is_told_likewise(maya: Any) -> None:
    doing = task(FromPhoto(upload_id="upl_1"), maya, upload={"upl_1": photo()})

    assert from_photo(doing, Item(0, "", {})).data["understood"] == ["looking left"]


@pytest.mark.parametrize("mode", ["text", "photo"])
def test_a_picture_is_of_the_pose_that_was_understood(mode: str, maya: Any) -> None:
    given = {"text": "look left"} if mode == "text" else {"upload_id": "upl_1"}
    asked = Generate.model_validate({"mode": mode, **given})
    doing = task(asked, maya, upload={"upl_1": photo()})

    (spec,) = items(asked)
    made = generate.run(doing, Item(0, spec.label, spec.data))

    scene = doing.images.asked[0].scene
    assert scene is not None
    assert scene.pose == READING.pose
    assert scene.expression is Expression.SMILE
    assert made[0].meta["not_understood"] == ["dragon"]
    assert Scene.model_validate(made[0].meta["scene"]) == scene


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "text"},
        {"mode": "photo"},
        {"text": "walking"},
        {"mode": "photo", "upload_id": "upl_1", "pose_ids": ["walking"]},
        {"mode": "text", "text": "x" * 501},
        {"background": {"mode": "scene"}},
        {"background": {"mode": "upload"}},
        {"background": {"mode": "studio", "scene": "cafe"}},
        {"formats": ["myspace"]},
    ],
)
def test_what_does_not_fit_together_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Generate.model_validate(wrong)


def test_only_models_that_read_words_take_a_prompt() -> None:
    behind = {"mode": "prompt", "prompt": "a castle"}
    asked = Generate.model_validate({"background": behind})

    with pytest.raises(Refused) as refusal:
        price(asked, STUDIO)

    assert refusal.value.code == "background-needs-words"
    assert price(asked, FLUX)[0].credits == 30


def made_before(**meta: Any) -> dict[str, Made]:
    picture = Picture(photo().content, "image/png", 300, 400)
    known = {"name": "walking", "noise_seed": 9, **meta}
    return {"art_1": Made(picture, "image", known)}


def test_an_export_has_the_size_of_its_format(maya: Any) -> None:
    asked = export.Export(artifact_ids=(ArtifactId("art_1"),), formats=("tiktok",))
    doing = task(asked, maya, artifact=made_before())

    (spec,) = export.items(asked)
    made = export.run(doing, Item(0, spec.label, spec.data))

    assert (made.width, made.height, made.kind) == (1080, 1920, "export")
    assert made.meta["name"] == "walking-tiktok"


def test_a_picture_that_no_studio_drew_is_not_drawn_again(maya: Any) -> None:
    asked = export.Export.model_validate(
        {"artifact_ids": ["art_1"], "formats": ["tiktok"], "fit": "render"}
    )
    doing = task(asked, maya, artifact=made_before())

    with pytest.raises(Refused) as refusal:
        export.run(doing, Item(0, "", export.items(asked)[0].data))

    assert refusal.value.code == "cannot-draw-again"


def test_an_own_render_is_drawn_again_before_the_new_background(maya: Any) -> None:
    asked = change.Change.model_validate(
        {
            "artifact_id": "art_1",
            "background": {"mode": "solid", "color": "#112233"},
        }
    )
    scene = Scene(appearance=maya.appearance).model_dump(mode="json")
    doing = task(asked, maya, artifact=made_before(scene=scene))

    change.run(doing, Item(0, "", {}))

    (request,) = doing.images.asked
    assert request.noise_seed == 9
    assert request.size == (300, 400)
    assert request.scene is not None
    assert request.scene.backdrop.colour == "#112233"


def test_a_photo_gets_its_new_background_where_the_person_is_not(maya: Any) -> None:
    asked = change.Change.model_validate(
        {"upload_id": "upl_1", "background": {"mode": "solid", "color": "#0000ff"}}
    )
    made = change.run(task(asked, maya, upload={"upl_1": photo()}), Item(0, "", {}))

    image = Image.open(io.BytesIO(made.content))
    assert image.getpixel((10, 200)) == (10, 200, 10)
    assert image.getpixel((290, 200)) == (0, 0, 255)


def test_a_place_cannot_be_built_behind_a_photo() -> None:
    with pytest.raises(ValidationError):
        change.Change.model_validate(
            {"upload_id": "upl_1", "background": {"mode": "scene", "scene": "cafe"}}
        )


def test_without_the_extra_the_viewer_is_told_what_is_missing_and_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lumiku_studio import senses  # noqa: PLC0415
    from lumiku_studio.photo import weights  # noqa: PLC0415

    monkeypatch.setattr(weights, "LIBRARIES", {"no_such_module": "ai-edge-litert"})
    with pytest.raises(Permanent) as missing:
        senses.open_eye()

    assert missing.value.code == "photo-extra-missing"
    assert missing.value.fix == "make photo"
    assert "make photo" in missing.value.detail
    monkeypatch.setattr(weights, "CHECKOUT", tmp_path)
    installed = weights.cure()
    assert 'pip install "lumiku-studio[photo]"' in installed
    assert "python -m lumiku_studio.photo.fetch" in installed


def test_the_smallest_png_can_be_opened() -> None:
    assert Image.open(io.BytesIO(PIXEL)).convert("L").getpixel((0, 0)) == 128
