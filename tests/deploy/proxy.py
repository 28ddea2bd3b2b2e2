"""nginx with the site of `deploy/proxy/nginx.conf` and a certificate of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.backends import free_port, lacking
from tests.faults.house import DIE_WITH_US

SITE = Path(__file__).parent.parent.parent / "deploy" / "proxy" / "nginx.conf"
EDGE = "127.0.0.9"
"""A proxy before ours, whose word nginx takes: by it viewers come from anywhere."""
PATIENCE = 60.0
AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log notice;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    # Only for tests: what comes from one address speaks for others.
    set_real_ip_from {edge};
    real_ip_header X-Forwarded-For;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """One that runs."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Where viewers find it."""
        return f"https://localhost:{self.port}"

    @property
    def certificate(self) -> Path:
        """What they are to believe."""
        return self.folder / "fullchain.pem"

    @classmethod
    @contextmanager
    def running(cls, folder: Path, upstream: int, source: str) -> Iterator["Nginx"]:
        """In front of a port of this machine, to which it comes from `source`."""
        if shutil.which("nginx") is None:
            lacking("nginx")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _certify(folder)
        made = cls(folder, free_port())
        user = "user root;" if os.geteuid() == 0 else ""
        around = AROUND.format(folder=folder, user=user, edge=EDGE)
        (folder / "nginx.conf").write_text(around)
        (folder / "site.conf").write_text(_site(folder, made.port, upstream, source))
        program = ["nginx", "-e", str(folder / "error.log")]
        process = subprocess.Popen(
            [*DIE_WITH_US, *program, "-p", str(folder), "-c", "nginx.conf"],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait(made, process)
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _site(folder: Path, port: int, upstream: int, source: str) -> str:
    """The site as it is shipped, but for where things are."""
    text = SITE.read_text()
    there = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "server_name lumiku.example;": "server_name localhost;",
        "/etc/ssl/lumiku.example": str(folder),
        "127.0.0.1:3000": f"127.0.0.1:{upstream}",
        "proxy_http_version 1.1;": f"proxy_http_version 1.1; proxy_bind {source};",
    }
    for what, place in there.items():
        assert what in text, f"nginx.conf has no longer “{what}”"
        text = text.replace(what, place)
    return text


def _certify(folder: Path) -> None:
    """A certificate for localhost that is its own authority."""
    asked = ["openssl", "req", "-x509", "-newkey", "ec"]
    asked += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    asked += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    asked += ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(asked, cwd=folder, check=True, capture_output=True)


def _wait(nginx: Nginx, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while True:
        log = nginx.folder / "error.log"
        told = log.read_text() if log.exists() else ""
        assert process.poll() is None, told
        assert time.monotonic() < end, told
        try:
            socket.create_connection(("127.0.0.1", nginx.port), timeout=5).close()
        except OSError:
            time.sleep(0.02)
            continue
        return
