"""What a proxy does not pass is named, each thing by itself, through the proxy."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.backends import PATIENCE, free_port, lacking
from tests.operations.installation import OWN, Installation, made

PASSES = """
    proxy_pass http://127.0.0.1:{server};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    client_max_body_size 12m;
"""
HELD = """
    proxy_ignore_headers X-Accel-Buffering;
    gzip on; gzip_proxied any; gzip_types text/event-stream; gzip_min_length 0;
"""
WAYS = {
    "whole": PASSES,
    "no socket": PASSES.replace("$http_upgrade", '""').replace("$connection_", "$no_"),
    "held back": PASSES + HELD,
    "small bodies": PASSES.replace("12m", "1m"),
    "another site": "return 404;",
}
HEAD = """
daemon off; user root; pid {home}/nginx.pid; error_log {home}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
  uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  map $http_upgrade $no_upgrade {{ default close; }}
"""


@dataclass(frozen=True)
class Site:
    """An installation that is served, and the ports of its proxies."""

    there: Installation
    ports: dict[str, int]

    def through(self, way: str) -> dict[str, list[str]]:
        """What preflight has against a way, by code."""
        url = f"http://127.0.0.1:{self.ports[way]}"
        said = self.there.ask("preflight", "--json", "--public-url", url)
        found: dict[str, list[str]] = {}
        for one in said.json["items"]:
            if one["level"] != "ok":
                found.setdefault(one["check"], []).append(one["cause"])
                assert one["fix"]
        assert said.code == bool(found)
        return found


@contextmanager
def running(command: list[str], there: Installation, port: int) -> Iterator[None]:
    """A process that answers at a port, for as long as it is needed."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(OWN)}
    with (there.home / "said").open("ab") as said:
        process = subprocess.Popen(
            command, env=kept | there.environment, stdout=said, stderr=said
        )
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(port):
            assert process.poll() is None, (there.home / "said").read_text()
            assert time.monotonic() < end, "never: it answers"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/livez", timeout=5).status_code > 0
    return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server, and nginx in front of it in several ways."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        lacking("nginx")
    assert nginx is not None
    home: Path = tmp_path_factory.mktemp("public") / "home"
    there = made(home)
    server = free_port()
    there.set("LUMIKU_PORT", str(server))
    there.sql("DELETE FROM process WHERE role = 'server'")
    ports = {way: free_port() for way in WAYS}
    blocks = (
        f"server {{ listen 127.0.0.1:{ports[way]}; location / {{ {text} }} }}"
        for way, text in WAYS.items()
    )
    text = HEAD.format(home=home) + "\n".join(blocks).replace("{server}", str(server))
    (home / "nginx.conf").write_text(text + "\n}\n")
    serve = [sys.executable, "-m", "lumiku_kernel.cli", "serve"]
    before = [nginx, "-p", str(home), "-c", str(home / "nginx.conf")]
    with running(serve, there, server), running(before, there, ports["whole"]):
        yield Site(there, ports)


def test_a_proxy_that_passes_everything_has_nothing_against_it(site: Site) -> None:
    assert site.through("whole") == {}


def test_a_proxy_without_websocket_is_named_as_that(site: Site) -> None:
    ((code, (cause,)),) = site.through("no socket").items()

    assert code == "E01"
    assert "do not come by WebSocket" in cause


def test_a_proxy_that_holds_streams_back_is_named_as_that(site: Site) -> None:
    ((code, (cause,)),) = site.through("held back").items()

    assert code == "E01"
    assert "do not come by server-sent events" in cause


def test_a_proxy_that_refuses_large_bodies_is_named_as_that(site: Site) -> None:
    ((code, (cause,)),) = site.through("small bodies").items()

    assert code == "X01"
    assert "A body of 10 MiB" in cause
    assert "413" in cause


def test_another_site_at_the_address_is_named_as_that(site: Site) -> None:
    ((code, (cause,)),) = site.through("another site").items()

    assert code == "X01"
    assert "404" in cause
    assert "not ours" in cause


def test_nobody_at_the_address_is_named_as_that(site: Site) -> None:
    said = site.there.ask(
        "preflight", "--json", "--public-url", f"http://127.0.0.1:{free_port()}"
    )

    (wrong,) = (one for one in said.json["items"] if one["level"] != "ok")
    assert wrong["check"] == "X01"
    assert "ConnectError" in wrong["cause"]


def test_a_rehearsal_leaves_nothing(site: Site) -> None:
    count = "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {})"
    before = site.there.sql(count.format("account", "job"))

    site.through("whole")

    assert site.there.sql(count.format("account", "job")) == before
    kept = site.there.sql(count.format("api_key", "session"))
    assert kept == [(0, 0)]
    assert site.there.ask("verify").code == 0
