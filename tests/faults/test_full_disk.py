"""A disk that is full is said so, and nothing has to be restarted when it is not."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.house import House, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk"),
]
ASK = {"items": 2, "seconds": 0.1}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Of 48 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "lumiku", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    umount = ["umount", "-l", str(place)]
    yield place
    subprocess.run(umount, check=True)


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with path.open("ab", buffering=0) as filler:
        for size in (65536, 512):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


def test_jobs_wait_for_room_and_go_on_without_a_restart(disk: Path) -> None:
    house = House(disk / "house", LUMIKU_DISK_FLOOR_MB="0")
    try:
        viewer = house.room.viewer(1000)
        up = house.up()
        with house.client(viewer) as client:
            numbers = iter(range(10_000))

            def post() -> tuple[int, dict[str, object]]:
                headers = {"Idempotency-Key": f"n{next(numbers)}"}
                path = "/api/apps/trial/write"
                answer = client.post(path, json=ASK, headers=headers)
                return answer.status_code, answer.json()

            accepted = [post() for _ in range(5)]
            codes = set()
            for _ in range(20):
                fill(disk / "filler")
                status, body = post()
                if status == 202:
                    accepted.append((status, body))
                else:
                    codes.add((status, body["code"]))
                assert client.get("/livez").status_code == 200
                assert client.get("/api/jobs").status_code == 200
            (disk / "filler").unlink()
            until(lambda: post()[0] == 202, "jobs are accepted again")
        ids = [str(body["job"]["id"]) for _, body in accepted]  # type: ignore[index]

        assert codes
        assert codes <= {(507, "disk-full"), (503, "no-worker")}
        assert set(house.ended(*ids)) == {"succeeded"}
        assert "it starts again" not in house.log(up)
        house.assert_sound()
    finally:
        house.leave()
