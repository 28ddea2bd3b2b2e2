"""Pictures that viewers send: what is taken, what is refused, what is left in them."""

import io
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem

from lumiku_kernel.pictures import NotAPicture, seen
from lumiku_kernel.store.tables import uploads


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 260), **how: Any) -> bytes:
    """A picture of a red left and a blue right half."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    drawn.save(file, kind, **how)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    tail = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + tail


def png(width: int, height: int, *extra: bytes, data: bytes = b"") -> bytes:
    """A PNG by hand; of pixels it has what `data` holds."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(data, 9))
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body + end


def send(client: TestClient, content: bytes, name: str = "a.png") -> Any:
    """Upload a file."""
    return client.post("/api/uploads", files={"file": (name, content, "image/png")})


def archive() -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.class", "x" * 99)
    return file.getvalue()


def film() -> bytes:
    """An animated PNG that says it has ten thousand frames."""
    control = chunk(b"acTL", struct.pack(">II", 10_000, 0))
    frame = struct.pack(">IIIIIHHBB", 0, 300, 300, 0, 0, 1, 10, 0, 0)
    return png(300, 300, control, chunk(b"fcTL", frame), data=bytes(301 * 300))


def animated(kind: str) -> bytes:
    """A real one of three frames."""
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue", "tan")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


WRONG = {
    "a huge one in a small file": (png(30_000, 30_000), 422, "upload-wrong-size"),
    "too narrow": (picture(size=(255, 300)), 422, "upload-wrong-size"),
    "too many pixels": (png(8000, 8000), 422, "upload-wrong-size"),
    "no pixels": (png(4000, 4000), 422, "upload-unreadable"),
    "a film of ten thousand frames": (film(), 422, "upload-moving"),
    "a moving png": (animated("PNG"), 422, "upload-moving"),
    "a moving webp": (animated("WEBP"), 422, "upload-moving"),
    "a gif": (picture("GIF"), 415, "upload-not-a-picture"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, None),
    "a page called a picture": (b"<html><script>1</script>", 415, None),
    "a page behind the first bytes": (b"\xff\xd8\xff<html></html>", 422, None),
    "nothing": (b"", 415, "upload-not-a-picture"),
    "half of a png": (picture()[:-40], 422, "upload-truncated"),
    "half of a jpeg": (picture("JPEG")[:-40], 422, "upload-truncated"),
    "half of a webp": (picture("WEBP")[:-40], 422, "upload-truncated"),
    "the first bytes of one": (picture()[:30], 422, "upload-truncated"),
    "an archive behind a png": (picture() + archive(), 422, "upload-has-more"),
    "an archive behind a jpeg": (picture("JPEG") + archive(), 422, "upload-has-more"),
    "too many bytes": (b"\xff\xd8\xff" + bytes(10 * 2**20), 413, "upload-too-large"),
    "a damaged png": (picture().replace(b"IDAT", b"IDAT\0"), 422, None),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_picture_for_us_is_refused_by_its_code(
    site: Site, name: str
) -> None:
    content, status, code = WRONG[name]
    client = site.browser()

    answer = send(client, content)

    assert answer.status_code == status, answer.text
    problem(answer, status, code or answer.json()["code"])
    assert client.get("/api/uploads").json()["items"] == []
    assert list(site.host.shelf.bench.iterdir()) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_kept_for_its_owner_alone(site: Site, kind: str) -> None:
    client, other = site.browser(), site.browser()
    answer = send(client, picture(kind))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    kind_ = f"image/{kind.lower()}"
    assert (told["media_type"], told["width"], told["height"]) == (kind_, 300, 260)
    assert answer.headers["location"] == told["url"]

    shown = client.get(told["url"])
    assert shown.headers["content-type"] == kind_
    assert "sandbox" in shown.headers["content-security-policy"]
    assert seen(shown.content).width == 300
    assert [one["id"] for one in client.get("/api/uploads").json()["items"]] == [
        told["id"]
    ]
    absent = problem(other.get("/api/uploads/upl_none"), 404, "not-found")
    for method in ("GET", "DELETE"):
        foreign = problem(other.request(method, told["url"]), 404, "not-found")
        assert foreign["detail"] == absent["detail"]
    problem(site.client().get(told["url"]), 401, "not-signed-in")

    assert client.delete(told["url"]).status_code == 204
    problem(client.get(told["url"]), 404, "not-found")
    with site.host.store.read() as session:
        assert session.execute(select(uploads.c.key)).first() is None


def test_nothing_of_the_old_file_is_left_but_its_pixels(site: Site) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "canary-maker"
    exif.get_ifd(0x8825)[1] = "S"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told: dict[str, Any] = {
        "exif": exif,
        "icc_profile": profile,
        "comment": b"canary-comment",
    }
    words = PngImagePlugin.PngInfo()
    words.add_text("canary", "canary-text", zip=True)
    client = site.browser()

    jpeg = send(client, picture("JPEG", quality=95, **told)).json()
    plain = send(client, picture("PNG", pnginfo=words, exif=exif)).json()

    assert (jpeg["width"], jpeg["height"]) == (260, 300)
    for one in (jpeg, plain):
        content = client.get(one["url"]).content
        assert b"canary" not in content
        with Image.open(io.BytesIO(content)) as drawn:
            assert not drawn.getexif()
            assert "icc_profile" not in drawn.info
            red, _, blue = drawn.convert("RGB").getpixel((130, 10))  # type: ignore[misc]
            assert red > 3 * blue


def test_a_telephones_film_behind_a_jpeg_is_left_out(site: Site) -> None:
    client = site.browser()

    told = send(client, picture("JPEG") + b"\0\0\0\x18ftypmp42 canary" * 99)

    assert told.status_code == 201, told.text
    assert b"canary" not in client.get(told.json()["url"]).content


@pytest.mark.parametrize(
    "bomb",
    [
        chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200_000_000), 9)),
        chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(200_000_000), 9)) * 20,
    ],
    ids=["a profile", "a text"],
)
def test_what_is_packed_in_it_unpacks_in_a_child_with_limits(
    site: Site, bomb: bytes
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client = site.browser()

    answer = send(client, png(300, 300, bomb, data=bytes(301 * 300)))

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.status_code in (201, 422), answer.text
    assert grown < 150_000, f"{grown} KiB"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "image/png"}, b"x", 415),
        ({"content-type": "multipart/form-data"}, b"x", 415),
        ({"content-type": "multipart/form-data; boundary=b"}, b"", 400),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b--\r\n", 400),
        (
            {"content-type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nhalf',
            400,
        ),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\n" * 9999, 400),
    ],
)
def test_a_form_without_a_whole_file_is_refused(
    site: Site, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = site.browser().post("/api/uploads", content=body, headers=headers)

    problem(answer, status, answer.json()["code"])


def test_others_are_answered_while_heavy_pictures_come_in(site: Site) -> None:
    client, other = site.browser(), site.browser()
    heavy = picture("JPEG", (8000, 5000))
    answers: list[int] = []
    senders = [
        threading.Thread(target=lambda: answers.append(send(client, heavy).status_code))
        for _ in range(3)
    ]
    for one in senders:
        one.start()
    meanwhile = 0
    while any(one.is_alive() for one in senders):
        assert other.get("/api/credits").status_code == 200
        meanwhile += 1
        time.sleep(0.02)
    assert meanwhile > 3
    assert set(answers) <= {201, 422, 503}


def test_a_machine_that_is_too_slow_is_not_the_pictures_fault(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_kernel.uploads.SECONDS", 0.001)

    answer = send(site.browser(), picture())

    problem(answer, 503, "uploads-busy")
    assert answer.headers["retry-after"]


def test_a_child_that_uses_too_much_time_dies_of_that() -> None:
    busy = (
        "import os; from lumiku_kernel.limits import Limits, confine; "
        "confine(Limits(2**30, 2**20, 1), os.getppid())\nwhile True: pass"
    )

    ended = subprocess.run([sys.executable, "-c", busy], check=False, timeout=60)

    assert ended.returncode == -signal.SIGXCPU


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff"]
)
def test_a_beginning_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        seen(content)
