"""What is not drawn is refused by a running installation too, and costs nothing."""

import io
import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from tests.studio.bare import PATIENCE, here, run

from lumiku_pose_generator.bakery import thumbnail
from lumiku_studio.photo import weights

pytestmark = pytest.mark.faults
SHIRT = {"kind": "t-shirt", "colour": "#ffffff"}
KEYS = count()
AT_ONCE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("pose-generator/generate", {"outfit": []}, "uncovered"),
    ("pose-generator/generate", {"outfit": [SHIRT]}, "uncovered"),
    ("pose-generator/generate", {"size": [32768, 32768]}, "size-out-of-range"),
    ("avatar-creator/generate", {"attributes": {"age": 12}}, "not-adult"),
    ("avatar-creator/generate", {"persona": {"age": 17}}, "not-adult"),
    ("avatar-creator/generate", {"text": "a girl of 9 years"}, "not-adult"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A program at `lumiku up`, with an operator's key."""
    home = tmp_path_factory.mktemp("site")
    told = {"LUMIKU_DATA_DIR": str(home / "data"), "LUMIKU_RATE_LIMITS": "off"}
    words = [str(here()), "-m", "lumiku_kernel.cli", "up", "--port", "0"]
    with subprocess.Popen(
        words, env=os.environ | told, cwd=home, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            url = next(line for line in lines if line.startswith("ready")).split()[1]
            key = run(
                here(), "-m", "lumiku_kernel.cli", "keys", "create", "k", "--quiet",
                **told,
            ).stdout.strip()  # fmt: skip
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE) as made:
                yield made
        finally:
            process.send_signal(signal.SIGTERM)


def asked(site: httpx.Client, worker: str, body: dict[str, Any]) -> httpx.Response:
    headers = {"Idempotency-Key": f"refusal-{next(KEYS)}", "Prefer": "wait=60"}
    return site.post(f"/api/apps/{worker}", json=body, headers=headers)


@pytest.mark.parametrize(("worker", "body", "code"), AT_ONCE)
def test_a_request_is_refused_before_it_becomes_a_job(
    site: httpx.Client, worker: str, body: dict[str, Any], code: str
) -> None:
    answer = asked(site, worker, body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["fix"]


def uploaded(site: httpx.Client, content: bytes) -> httpx.Response:
    return site.post("/api/uploads", files={"file": ("a.png", content, "image/png")})


def encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG")
    return out.getvalue()


def somebody() -> Image.Image:
    content = thumbnail("walking")
    assert content is not None
    return Image.open(io.BytesIO(content)).resize((480, 640))


def nobody() -> Image.Image:
    noise = np.random.default_rng(1).integers(0, 255, (480, 480, 3), np.uint8)
    return Image.fromarray(noise)


def two() -> Image.Image:
    both = Image.new("RGB", (960, 640))
    both.paste(somebody(), (0, 0))
    both.paste(somebody(), (480, 0))
    return both


def test_what_is_no_picture_cannot_be_uploaded(site: httpx.Client) -> None:
    codes = [
        uploaded(site, content).json()["code"]
        for content in (b"hello", encoded(somebody())[:3000])
    ]

    assert codes == ["upload-not-a-picture", "upload-truncated"]


@pytest.mark.skipif(weights.lacking() is not None, reason=str(weights.lacking()))
@pytest.mark.parametrize(
    ("image", "code", "way_out"),
    [(nobody(), "no-person", "from the head"), (two(), "several-people", "Crop it")],
)
@pytest.mark.parametrize("worker", ["pose-from-photo", "generate"])
def test_a_photo_without_one_person_ends_its_job_and_costs_nothing(
    site: httpx.Client, image: Image.Image, code: str, way_out: str, worker: str
) -> None:
    ident = uploaded(site, encoded(image)).json()["id"]
    mode = {"mode": "photo"} if worker == "generate" else {}

    job = asked(site, f"pose-generator/{worker}", {"upload_id": ident, **mode}).json()

    (item,) = job["job"]["items"]["each"]
    assert item["error"]["code"] == code
    assert way_out in item["error"]["detail"]
    assert job["job"]["settled"] == 0
