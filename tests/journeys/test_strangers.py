"""A stranger's app is installed, seen, used and paid; without models it is not there.

The two apps are distributions of their own below `tests/strangers`, as anybody would
write them. Each step of the journey builds on the one before.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.faults.house import until
from tests.journeys.machine import STRANGERS, Machine, wheel_of
from websockets.sync.client import connect

WELCOME = 100
HIDDEN = "app-not-available"
pytestmark = pytest.mark.slow


@dataclass
class Site:
    """A running server, a viewer's browser, and an operator's program."""

    machine: Machine
    running: ExitStack
    viewer: httpx.Client
    anonymous: httpx.Client
    operator: httpx.Client

    def everybody(self) -> tuple[httpx.Client, ...]:
        """All who may ask."""
        return self.anonymous, self.viewer, self.operator

    def restart(self) -> None:
        """Stop what runs and start it again, at another address."""
        self.running.close()
        url = self.running.enter_context(self.machine.up())
        for client in self.everybody():
            client.base_url = httpx.URL(url)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("machine"), "echo,mute")
    for name in ("echo", "mute"):
        machine.install(wheel_of(STRANGERS / name, machine.home / name))
    return machine


@pytest.fixture(scope="module")
def site(installed: Machine) -> Iterator[Site]:
    with (
        ExitStack() as running,
        httpx.Client(timeout=60) as viewer,
        httpx.Client(timeout=60) as anonymous,
        httpx.Client(timeout=60) as operator,
    ):
        site = Site(installed, running, viewer, anonymous, operator)
        site.restart()
        register(viewer)
        made = installed.lumiku("keys", "create", "test", "--quiet", "--operator")
        operator.headers["Authorization"] = f"Bearer {made.stdout.strip()}"
        yield site


def register(client: httpx.Client) -> None:
    who = {"email": "viewer@example.com", "password": "correct horse"}
    client.post("/api/auth/register", json=who).raise_for_status()


def available(client: httpx.Client) -> int:
    return int(client.get("/api/credits").raise_for_status().json()["available"])


def apps(client: httpx.Client) -> list[str]:
    listed = client.get("/api/apps").raise_for_status().json()["items"]
    return [one["id"] for one in listed]


def test_an_installed_app_with_a_model_is_on_the_dashboard(site: Site) -> None:
    (card,) = site.viewer.get("/api/apps").json()["items"]

    assert (card["id"], card["name"], card["color"]) == ("echo", "Echo", "teal")
    assert (card["models"], card["runnable"]) == (1, True)


def test_its_job_succeeds_and_the_artifact_is_what_it_made(site: Site) -> None:
    before = available(site.viewer)

    answer = site.viewer.post(
        "/api/apps/echo/say",
        json={"text": "Selamat pagi"},
        headers={"Prefer": "wait=60"},
    )

    assert answer.status_code == 200, answer.text
    job = answer.json()["job"]
    assert (job["state"], job["settled"], job["released"]) == ("succeeded", 1, 0)
    (artifact,) = job["artifacts"]
    made = site.viewer.get(artifact["url"])
    assert made.content == b"Selamat pagi"
    assert made.headers["content-type"].startswith("text/plain")
    assert (before, available(site.viewer)) == (WELCOME, WELCOME - 1)


def test_what_a_viewer_made_is_nobody_elses(site: Site) -> None:
    (job, *_) = site.viewer.get("/api/jobs").json()["items"]
    (artifact,) = job["artifacts"]

    assert site.anonymous.get(artifact["url"]).status_code == 401
    assert site.operator.get(artifact["url"]).status_code == 404


def test_an_app_without_models_is_on_nobodys_dashboard(site: Site) -> None:
    assert [apps(one) for one in site.everybody()] == [[], ["echo"], ["echo"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/models"),
        ("GET", "/songs?number=1"),
        ("GET", "/songs"),
        ("GET", "/radio"),
        ("POST", "/hum"),
        ("POST", "/hum/quote"),
    ],
)
def test_an_app_without_models_cannot_be_reached(
    site: Site, method: str, path: str
) -> None:
    for client in (site.viewer, site.operator):
        answer = client.request(
            method,
            f"/api/apps/mute{path}",
            json={} if method == "POST" else None,
            headers={"Idempotency-Key": "1"},
        )

        assert answer.status_code == 404, answer.text
        assert answer.json()["code"] == HIDDEN


def test_not_even_the_public_route_of_a_hidden_app_answers(site: Site) -> None:
    answer = site.anonymous.get("/api/apps/mute/radio")

    assert (answer.status_code, answer.json()["code"]) == (404, HIDDEN)


def test_the_page_of_a_hidden_app_is_not_there(site: Site) -> None:
    headers = {"Accept": "text/html"}

    assert site.viewer.get("/apps/mute", headers=headers).status_code == 404
    assert site.viewer.get("/apps/echo", headers=headers).status_code == 200


def test_why_names_the_missing_models_and_the_cure(site: Site) -> None:
    said = site.machine.lumiku("why", "mute")

    assert said.returncode == 1
    assert "NO_MODELS" in said.stdout
    assert "a plugin without models is never shown" in said.stdout
    assert "add a Model to the plugin's declaration" in said.stdout


def test_why_of_a_visible_app_exits_0(site: Site) -> None:
    assert site.machine.lumiku("why", "echo").returncode == 0


def test_the_operator_is_told_over_http_as_well(site: Site) -> None:
    answer = site.operator.get("/api/admin/apps/mute/visibility")

    verdict = answer.json()
    assert verdict["visible"] is False
    assert [one["code"] for one in verdict["blocking"]] == ["NO_MODELS"]
    assert verdict["blocking"][0]["fix"]["who"] == "author"


def test_the_server_process_has_mapped_no_library_for_pictures(site: Site) -> None:
    listed = site.operator.get("/api/admin/processes").json()["items"]
    (pid,) = [one["pid"] for one in listed if one["role"] == "server" and one["alive"]]

    mapped = Path(f"/proc/{pid}/maps").read_text()

    assert "sqlite" in mapped
    assert [name for name in ("numpy", "embree", "PIL/") if name in mapped] == []


def test_its_events_are_followed_by_server_sent_events(site: Site) -> None:
    (job, *_) = site.viewer.get("/api/jobs").json()["items"]
    listed = site.viewer.get(f"/api/jobs/{job['id']}/events").json()["items"]

    text = site.viewer.get(f"/api/jobs/{job['id']}/stream").text
    later = site.viewer.get(
        f"/api/jobs/{job['id']}/stream", headers={"Last-Event-ID": "2"}
    ).text

    assert numbers(text) == [one["seq"] for one in listed]
    assert numbers(text) == list(range(1, len(listed) + 1))
    assert numbers(later) == numbers(text)[2:]
    assert "event: succeeded\n" in text


def numbers(stream: str) -> list[int]:
    return [int(number) for number in re.findall(r"^id: (\d+)$", stream, re.MULTILINE)]


def test_its_events_are_followed_by_websocket(site: Site) -> None:
    (job, *_) = site.viewer.get("/api/jobs").json()["items"]
    address = str(site.viewer.base_url).replace("http", "ws", 1).rstrip("/")
    headers = {"Cookie": f"lumiku_session={site.viewer.cookies['lumiku_session']}"}

    with connect(f"{address}/api/events/ws", additional_headers=headers) as socket:
        socket.send("no json")
        wrong = json.loads(socket.recv(30))
        socket.send(json.dumps({"op": "subscribe", "job": "job_nobodys"}))
        absent = json.loads(socket.recv(30))
        socket.send(json.dumps({"op": "subscribe", "job": job["id"]}))
        first = json.loads(socket.recv(30))

    assert wrong["problem"]["code"] == "invalid-input"
    assert absent["problem"]["code"] == "not-found"
    assert (first["seq"], first["type"]) == (1, "queued")


def test_a_switch_turned_in_a_shell_is_seen_by_the_running_server(
    site: Site,
) -> None:
    why = ("--reason", "a test")

    assert site.machine.lumiku("plugins", "disable", "echo", *why).returncode == 0
    until(lambda: apps(site.viewer) == [], "the app is gone")
    gone = site.viewer.post("/api/apps/echo/say", json={})
    assert site.machine.lumiku("plugins", "enable", "echo", *why).returncode == 0
    until(lambda: apps(site.viewer) == ["echo"], "the app is back")

    assert (gone.status_code, gone.json()["code"]) == (404, HIDDEN)


def test_rows_deleted_by_hand_hide_the_app_until_they_are_seeded_again(
    site: Site,
) -> None:
    """The incident, on a running server."""
    database = sqlite3.connect(site.machine.home / "data" / "lumiku.db")
    with database:
        database.execute("DELETE FROM model")
    database.close()

    until(lambda: apps(site.viewer) == [], "the app is gone")
    why = site.machine.lumiku("why", "echo")
    health = site.anonymous.get("/health").json()
    assert site.machine.lumiku("seed").returncode == 0
    until(lambda: apps(site.viewer) == ["echo"], "the app is back")

    assert (why.returncode, "NO_MODELS" in why.stdout) == (1, True)
    assert "lumiku seed" in why.stdout
    assert health["status"] == "degraded"
    assert any("0 are stored" in one["cause"] for one in health["failing"])


def test_an_app_that_gets_a_model_appears_at_the_next_start(
    site: Site,
) -> None:
    home = site.machine.home
    source = home / "mute-2"
    shutil.copytree(STRANGERS / "mute", source)
    change(source / "acme_mute.py", "= ()", '= (Model("hum", price=2),)')
    change(source / "pyproject.toml", '"1.0.0"', '"2.0.0"')
    site.machine.install(wheel_of(source, home / "wheel-2"))

    site.restart()

    assert [apps(one) for one in site.everybody()] == [[], *[["echo", "mute"]] * 2]
    assert site.viewer.get("/api/apps/mute/songs?number=3").json() == {"number": 3}
    assert site.anonymous.get("/api/apps/mute/radio").json() == {"number": 1}
    assert site.machine.lumiku("why", "mute").returncode == 0
    quote = site.viewer.post("/api/apps/mute/hum/quote", json={}).json()
    assert (quote["price"], quote["available"]) == (2, WELCOME - 1)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
