"""Files are kept in a folder or in a bucket, and nobody can tell by the answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.jobs.buckets import Peer, peer_in
from tests.jobs.room import Room, settings_in
from tests.jobs.scripted import Message, Scripted, supervisor

from lumiku_kernel.jobs.artifacts import FULL, Folder, Shelf, Unkept
from lumiku_kernel.jobs.files import verify_files
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.settings import Settings

CONTENT = bytes(range(256)) * 4000


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """A server that speaks S3."""
    with peer_in(tmp_path_factory.mktemp("peer")) as running:
        yield running


@pytest.fixture(params=["folder", "bucket"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of a kernel that keeps its files there."""
    if request.param == "folder":
        return settings_in(tmp_path)
    peer: Peer = request.getfixturevalue("peer")
    return settings_in(tmp_path, **peer.settings(f"shop/{time.time_ns()}"))


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    """Empty."""
    made = shelf_of(settings)
    made.prepare()
    return made


def put(shelf: Shelf, name: str = "0-0-1-abc", content: bytes = CONTENT) -> str:
    """Keep a file; its key."""
    made = shelf.bench / name
    made.write_bytes(content)
    key = shelf.keep(made, job_id="job_1", name=name, media_type="image/png")
    assert not made.exists()
    return key


def test_what_is_kept_can_be_read_whole_and_in_parts(shelf: Shelf) -> None:
    key = put(shelf)

    assert key == "_1/job_1/0-0-1-abc.png"
    assert shelf.size(key) == len(CONTENT)
    assert b"".join(shelf.read(key)) == CONTENT
    assert b"".join(shelf.read(key, 300_000)) == CONTENT[300_000:]
    assert b"".join(shelf.read(key, 5, 600_000)) == CONTENT[5:600_000]
    assert b"".join(shelf.read(key, 0, 1)) == CONTENT[:1]


def test_what_is_removed_is_gone_and_may_be_removed_again(shelf: Shelf) -> None:
    key = put(shelf)
    shelf.remove(key)
    shelf.remove(key)

    assert shelf.size(key) is None
    with pytest.raises(FileNotFoundError):
        b"".join(shelf.read(key))


def test_old_files_are_listed_by_their_keys(shelf: Shelf) -> None:
    keys = {put(shelf, f"0-{n}-1-x", b"x") for n in range(3)}

    assert set(shelf.older(time.time() + 60)) == keys
    assert set(shelf.older(time.time() - 3600)) == set()


def test_a_key_does_not_lead_out(shelf: Shelf) -> None:
    with pytest.raises((ValueError, FileNotFoundError, Unkept)):
        b"".join(shelf.read("../../etc/passwd"))


def test_a_job_is_delivered_and_verified_there(room: Room, settings: Settings) -> None:
    room = Room(settings, room.store, room.registry)
    room.shelf.prepare()
    job_id = room.submit(room.viewer())
    boss, _ = supervisor(room, writing(room))

    boss.run(room.claim())
    sound = [one.level for one in verify_files(settings, room.store)]
    (key,) = room.shelf.older(time.time() + 60)
    room.shelf.remove(key)
    broken = [one.level for one in verify_files(settings, room.store)]

    assert room.job(job_id)["state"] == "succeeded"
    assert sound == ["ok", "ok"]
    assert broken == ["error", "ok"]


def writing(room: Room) -> Any:
    """A runner that makes one file."""

    def script(_runner: Scripted, _order: Message) -> Iterator[Message]:
        (room.shelf.bench / "made").write_bytes(b"x")
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        output = {"file": "made", "kind": "image", "sha256": digest, "size": 1}
        output |= {"media_type": "text/plain", "width": 1, "height": 1, "meta": {}}
        yield {"op": "done", "outputs": [output], "result": None}

    return script


def test_a_job_waits_for_a_storage_that_is_away_and_spends_no_attempt(
    room: Room, tmp_path: Path
) -> None:
    away = settings_in(
        tmp_path,
        artifacts_url="s3://nowhere",
        artifacts_endpoint="http://127.0.0.1:9",
        artifacts_key_id="x",
        artifacts_secret="y" * 8,
        artifacts_region="us-east-1",
    )
    away_room = Room(away, room.store, room.registry)
    job_id = room.submit(room.viewer())
    boss, stable = supervisor(away_room, writing(away_room))

    boss.run(room.claim())
    job = room.job(job_id)

    assert (job["state"], job["attempt"], job["rescues"]) == ("retry_wait", 0, 0)
    assert stable.kept == 1


@pytest.mark.parametrize("number", sorted(FULL))
def test_a_full_disk_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shelf = Folder(tmp_path / "artifacts")
    shelf.prepare()

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Unkept) as caught:
        put(shelf)

    assert (caught.value.status, caught.value.code) == (507, "disk-full")


def test_without_its_library_a_bucket_is_refused_with_the_command(
    tmp_path: Path,
) -> None:
    program = (
        "import sys; sys.modules['obstore'] = None\n"
        "from lumiku_kernel.jobs.shelves import shelf_of\n"
        "from lumiku_kernel.settings import Settings\n"
        "shelf_of(Settings(artifacts_url='s3://x'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "LUMIKU_ARTIFACTS_URL needs a library" in ran.stderr


def test_the_peer_is_a_server_of_its_own(peer: Peer) -> None:
    answer = httpx.get(peer.endpoint, trust_env=False)
    assert "ListAllMyBucketsResult" in answer.text
