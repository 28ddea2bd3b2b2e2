"""nginx before an installation, which is told which server to send viewers to."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
from tests.backends import free_port, lacking
from tests.faults.house import DIE_WITH_US, until

CONF = """\
{user} daemon off; error_log {folder}/error.log; pid {folder}/pid; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_max_body_size 12m;
  upstream lumiku {{ server 127.0.0.1:{upstream} max_fails=0; }}
  map $http_upgrade $upgrading {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://lumiku;
      proxy_set_header Host $http_host;
{lines}
    }}
  }}
}}
"""
WELL = """\
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrading;
      proxy_read_timeout 90s;
"""
HOLDING = "      proxy_ignore_headers X-Accel-Buffering;\n"
"""Keeps event streams back, and passes no WebSocket."""


class Nginx:
    """The front: whoever asks it is sent to one server."""

    def __init__(self, folder: Path) -> None:
        """Not started."""
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            lacking("nginx")
        folder.mkdir()
        self._program, self._folder = str(program), folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where viewers come."""
        return f"http://127.0.0.1:{self.port}"

    def point(self, upstream: int, lines: str = WELL) -> None:
        """Send all that comes from now on to a server; returns when none goes on."""
        conf = self._folder / "nginx.conf"
        words: dict[str, object] = {
            "folder": self._folder,
            "port": self.port,
            "upstream": upstream,
        }
        # Its workers would be nobody, who cannot keep bodies in a folder of ours.
        words["user"] = "user root;" if os.geteuid() == 0 else ""
        conf.write_text(CONF.format(lines=lines, **words))
        if self._process is None:
            self._process = subprocess.Popen(
                [*DIE_WITH_US, self._program, "-c", str(conf), "-e", "stderr"],
                stdout=subprocess.DEVNULL,
                stderr=(self._folder / "stderr").open("wb"),
            )
            until(self._answers, "nginx answers")
            return
        before = set(self._children())
        self._process.send_signal(signal.SIGHUP)
        until(lambda: set(self._children()) - before, "nginx has read it")
        until(lambda: not before & set(self._children()), "nginx has let go of the old")

    def _children(self) -> list[int]:
        assert self._process is not None
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def _answers(self) -> bool:
        try:
            httpx.get(self.url, timeout=10, trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
