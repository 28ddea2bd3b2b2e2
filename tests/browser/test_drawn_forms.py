"""Forms drawn from schemas, and where a sign-in may lead: no browser needed."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from lumiku_kernel.web.pages.forms import fields
from lumiku_kernel.web.pages.visit import safe_path


class Mood(StrEnum):
    """Some words."""

    HAPPY = "happy"
    CALM = "calm"


class Frame(BaseModel):
    """A part."""

    width: int = Field(400, ge=10, le=4000, description="In pixels.")
    inner: "Frame | None" = None


class Asked(BaseModel):
    """One of each kind."""

    mode: Literal["only"] = "only"
    title: Annotated[str, Field(max_length=60)]
    story: str | None = Field(None, max_length=900)
    mood: Mood = Mood.CALM
    moods: tuple[Mood, ...] = ()
    tags: tuple[str, ...] = ("a", "b")
    colour: str = Field("#ffffff", pattern=r"^#[0-9a-fA-F]{6}$")
    loud: bool = False
    share: float = Field(0.5, ge=0, le=1)
    size: Mood | tuple[int, int] = Mood.HAPPY
    grid: tuple[tuple[int, int], ...] = ()
    frame: Frame = Frame()


def test_each_type_has_a_fitting_input() -> None:
    drawn = {one.path: one for one in fields(Asked.model_json_schema())}

    assert {path: one.kind for path, one in drawn.items()} == {
        "title": "text",
        "story": "long",
        "mood": "choice",
        "moods": "choices",
        "tags": "list",
        "colour": "colour",
        "loud": "yesno",
        "share": "number",
        "size": "choice",
        "grid": "json",
        "frame": "group",
    }
    assert drawn["title"].required
    assert drawn["mood"].options == ("happy", "calm")
    assert drawn["mood"].default == "calm"


def test_parts_keep_their_limits_and_end_somewhere() -> None:
    (frame,) = (one for one in fields(Asked.model_json_schema()) if one.parts)

    width = frame.parts[0]

    assert (width.path, width.help) == ("frame.width", "In pixels.")
    assert width.limits == {"min": 10, "max": 4000}
    deepest = frame
    while deepest.parts:
        deepest = deepest.parts[-1]
    assert deepest.path.count("inner") < 6


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/jobs?before=job_1", "/jobs?before=job_1"),
        (None, "/"),
        ("", "/"),
        ("jobs", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_a_sign_in_leads_nowhere_else(wanted: str | None, led_to: str) -> None:
    assert safe_path(wanted) == led_to
