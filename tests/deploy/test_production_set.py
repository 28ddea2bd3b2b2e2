"""The production set, from a built image and `compose.yaml`, behind nginx over TLS."""

import json
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image as Picture
from tests.backends import free_port
from tests.deploy.accounts import grant
from tests.deploy.dockerfile import Image
from tests.deploy.stage import Stage, until
from websockets.sync.client import connect
from websockets.typing import Origin

from lumiku_kernel.jobs.states import ENDED

pytestmark = pytest.mark.faults
START = "/api/apps/pose-generator/generate"
TWO = {"pose_ids": ["walking", "hands-on-hips"], "size": [256, 256]}
OPERATOR = "operator@shop.example"


@pytest.fixture(scope="module")
def operator(site: Stage) -> Iterator[httpx.Client]:
    """An operator's browser, signed in by a link, behind nginx."""
    link = grant(site, OPERATOR, "--role", "operator", "--tier", "enterprise")
    assert link.startswith(site.nginx.url), link
    with site.client(headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        page = browser.get(link)
        if "__Host-lumiku_session" not in browser.cookies:
            page = browser.post(link, headers={"Origin": site.nginx.url})
        assert page.status_code < 400, page.text
        assert browser.get("/api/auth/me").status_code == 200
        yield browser


@pytest.fixture(scope="module")
def job(operator: httpx.Client) -> dict[str, Any]:
    """Two small pictures, made."""
    answer = operator.post(START, json=TWO, headers={"Prefer": "wait=60"})
    assert answer.status_code in (200, 202), answer.text
    where = answer.headers["location"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = operator.get(where).json()["job"]
        return found if found["state"] in ENDED else None

    found: dict[str, Any] = until(ended, "the job ends")
    return found


def test_a_server_that_is_started_too_early_says_what_lacks(stage: Stage) -> None:
    early = stage.run("server")

    assert early.returncode == 1
    assert "migration-pending" in early.stderr
    assert "lumiku migrate" in early.stderr


def test_everything_that_is_asked_for_readiness_holds(site: Stage) -> None:
    with site.client() as anybody:
        answer = anybody.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert "error" not in {one["level"] for one in answer.json()["failing"]}


def test_a_second_migration_changes_nothing(site: Stage) -> None:
    again = site.run("migrate")

    assert again.returncode == 0, again.stderr
    assert "revisions applied: none" in again.stdout
    assert "models changed: 0, seed rows changed: 0" in again.stdout


def test_the_doctor_finds_nothing_wrong(site: Stage, operator: httpx.Client) -> None:
    assert operator.get("/readyz").status_code == 200

    done = site.run("server", "doctor", "--json")
    found = json.loads(done.stdout)["items"]

    assert [one for one in found if one["level"] == "error"] == []
    assert [one for one in found if one["check"] in ("C01", "C02")] != []
    assert {one["level"] for one in found if one["check"] in ("C01", "C02")} == {"ok"}


def test_pictures_are_made_and_kept_behind_the_proxy(
    job: dict[str, Any], operator: httpx.Client
) -> None:
    assert job["state"] == "succeeded", job["error"]
    pictures = [one for one in job["artifacts"] if one["kind"] == "image"]
    assert len(pictures) == 2

    first = operator.get(pictures[0]["url"])

    assert Picture.open(BytesIO(first.content)).size == (256, 256)


def test_downloads_come_in_ranges_and_are_not_sent_twice(
    job: dict[str, Any], operator: httpx.Client
) -> None:
    url = next(one["url"] for one in job["artifacts"] if one["kind"] == "image")
    whole = operator.get(url)

    part = operator.get(url, headers={"Range": "bytes=10-19"})
    again = operator.get(url, headers={"If-None-Match": whole.headers["etag"]})

    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    assert again.status_code == 304


def test_a_link_to_a_file_names_the_public_address(
    site: Stage, job: dict[str, Any], operator: httpx.Client
) -> None:
    ident = job["artifacts"][0]["id"]
    made = operator.post(f"/api/artifacts/{ident}/link", json={})

    link = made.json()["url"]
    with site.client() as anybody:
        assert anybody.get(link).status_code == 200
    assert link.startswith(site.nginx.url)


def test_server_sent_events_arrive_one_by_one(operator: httpx.Client) -> None:
    where = operator.post(START, json=TWO).headers["location"]

    with operator.stream("GET", f"{where}/stream") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        states = [
            (json.loads(line[6:])["type"], going(operator, where))
            for line in stream.iter_lines()
            if line.startswith("data: ")
        ]

    kinds = [kind for kind, _ in states]
    assert kinds[0] == "queued"
    assert kinds.count("item_done") == 2
    assert kinds[-1] == "succeeded"
    # Held back, the first would have come when all was over.
    assert states[0][1]
    assert states[kinds.index("item_done")][1]


def going(browser: httpx.Client, where: str) -> bool:
    """Whether a job has not ended yet."""
    return browser.get(where).json()["job"]["state"] not in ENDED


def test_a_websocket_tells_the_same(site: Stage, operator: httpx.Client) -> None:
    where = operator.post(START, json=TWO).headers["location"]
    ident = where.rsplit("/", 1)[-1]
    cookie = "; ".join(f"{name}={value}" for name, value in operator.cookies.items())
    url = site.nginx.url.replace("https", "wss")

    kinds: list[str] = []
    began: bool | None = None
    with connect(
        f"{url}/api/events/ws",
        ssl=site.trusting(),
        origin=Origin(site.nginx.url),
        additional_headers={"Cookie": cookie},
        proxy=None,
    ) as socket:
        socket.send(json.dumps({"op": "subscribe", "job": ident, "after": 0}))
        while not kinds or kinds[-1] != "succeeded":
            kinds.append(json.loads(socket.recv(60))["type"])
            began = going(operator, where) if began is None else began

    assert kinds[0] == "queued"
    assert kinds.count("item_done") == 2
    assert began


def test_a_websocket_of_another_site_is_refused(
    site: Stage, operator: httpx.Client
) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in operator.cookies.items())
    headers = {
        "Cookie": cookie,
        "Origin": "https://elsewhere.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    with site.client() as stranger:
        answer = stranger.get("/api/events/ws", headers=headers)

    assert answer.status_code == 403


def noise(size: int) -> bytes:
    """A PNG of about `size` bytes: what is random is not made smaller."""
    side = int((size / 3) ** 0.5)
    made = BytesIO()
    content = (bytes(range(256)) * (side * side * 3 // 256 + 1))[: side * side * 3]
    Picture.frombytes("RGB", (side, side), content).save(made, "PNG", compress_level=0)
    return made.getvalue()


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [
        (9_500_000, 201, None),
        (11_700_000, 413, "body-too-large"),  # ours, in words
        (13_000_000, 413, None),  # nginx's
    ],
)
def test_uploads_pass_up_to_the_limit_and_not_beyond(
    operator: httpx.Client, size: int, status: int, code: str | None
) -> None:
    file = ("picture.png", noise(size), "image/png")

    answer = operator.post("/api/uploads", files={"file": file})

    assert answer.status_code == status, answer.text[:300]
    if code is not None:
        assert answer.json()["code"] == code


def test_prometheus_may_ask_a_server_by_its_address(
    site: Stage, operator: httpx.Client
) -> None:
    key = site.run("server", "keys", "create", "prometheus", "--operator", "--quiet")
    assert key.returncode == 0, key.stderr
    assert operator.get("/metrics").status_code == 200
    headers = {"Authorization": f"Bearer {key.stdout.strip()}", "Host": "10.1.2.3:3000"}

    asked = f"http://127.0.0.1:{site.port}/metrics"
    answer = httpx.get(asked, headers=headers, trust_env=False)
    other = httpx.get(f"{asked[:-8]}/api/apps", headers=headers, trust_env=False)

    assert answer.status_code == 200, answer.text
    assert 'lumiku_processes{role="worker"} 1.0' in answer.text
    assert other.status_code == 421


def test_a_proxy_without_a_server_answers_as_the_server_would(site: Stage) -> None:
    site.started["server"].send_signal(signal.SIGSTOP)
    site.started["server"].send_signal(signal.SIGCONT)
    assert site.stop("server") == 0
    with site.client() as anybody:
        away = anybody.get("/api/apps")
        site.start("server")
        until(lambda: site.well("server"), "the server is healthy again")
        back = anybody.get("/readyz")

    assert (away.status_code, away.json()["code"]) == (503, "server-away")
    assert away.headers["retry-after"] == "5"
    assert back.status_code == 200


def test_health_checks_fail_when_nobody_is_there(site: Stage) -> None:
    healthy = site.health("worker")
    assert healthy.returncode == 0, healthy.stderr
    assert site.stop("worker") == 0
    site.port, port = free_port(), site.port

    nobody, silent = site.health("server"), site.health("worker")

    site.port = port
    assert (nobody.returncode, silent.returncode) == (1, 1)
    assert "nobody answers" in nobody.stderr
    assert "worker-silent" in silent.stderr


def test_nothing_is_written_but_to_the_data_and_temporary_folders(
    image: Image, job: dict[str, Any]
) -> None:
    assert job["state"] == "succeeded"
    made = Path(image.inside("/wheels")).stat().st_mtime
    proven = max(
        path.stat().st_mtime
        for path in Path(image.inside("/opt/lumiku")).rglob("*.dist-info")
    )

    late = [
        path
        for folder in ("/opt/lumiku", "/image")
        for path in Path(image.inside(folder)).rglob("*")
        if path.is_file() and path.stat().st_mtime > max(made, proven) + 30
    ]

    assert late == []
