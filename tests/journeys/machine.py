"""A machine of a stranger's: a virtual environment, wheels, and `lumiku up`."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
STRANGERS = Path(__file__).parent.parent / "strangers"
"""Where distributions of strangers' lie."""
PATIENCE = 90.0
"""Seconds a busy machine is given for one start."""


@dataclass
class Machine:
    """A virtual environment that sees this one's packages, and a data folder."""

    home: Path
    plugins: str | None = None
    """The only ones, with commas; all that are installed if None."""

    def __post_init__(self) -> None:
        """Make the environment; nothing is downloaded."""
        venv.create(self.home / "venv", with_pip=False)
        (site,) = (self.home / "venv").glob("lib/python*/site-packages")
        ours = sysconfig.get_paths()["purelib"]
        (site / "kernel.pth").write_text(f"import site; site.addsitedir({ours!r})\n")

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.home / "venv" / "bin" / "python")

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told: its plugins, its data folder."""
        only = {} if self.plugins is None else {"LUMIKU_PLUGINS": self.plugins}
        return {
            "PATH": os.environ["PATH"],
            "LUMIKU_DATA_DIR": str(self.home / "data"),
            "LUMIKU_CPU_SLOTS": "1",
            "LUMIKU_STOP_SECONDS": "2",
            "LUMIKU_RATE_LIMITS": "off",
            **only,
        }

    def install(self, wheel: Path) -> None:
        """Install a wheel, or upgrade to it, from nowhere but the file."""
        command = (*PIP, "--python", self.python, "install", "--quiet")
        subprocess.run([*command, "--no-deps", "--no-index", str(wheel)], check=True)

    def lumiku(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [self.python, "-m", "lumiku_kernel.cli", *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def up(self) -> Iterator[str]:
        """`lumiku up` on a free port, from ready to stopped; gives its address."""
        process = subprocess.Popen(
            [self.python, "-m", "lumiku_kernel.cli", "up", "--port", "0"],
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines: Queue[str] = Queue()
        reader = Thread(target=_read, args=(process, lines), daemon=True)
        reader.start()
        try:
            yield _address(process, lines)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
            reader.join()
            if process.stdout is not None:
                process.stdout.close()


def _read(process: "subprocess.Popen[str]", lines: "Queue[str]") -> None:
    for line in process.stdout or ():
        lines.put(line)


def _address(process: "subprocess.Popen[str]", lines: "Queue[str]") -> str:
    said: list[str] = []
    while process.poll() is None:
        try:
            said.append(lines.get(timeout=PATIENCE))
        except Empty:
            break
        ready = re.match(r"ready (http://\S+)", said[-1])
        if ready:
            return ready[1]
    pytest.fail("lumiku up did not become ready:\n" + "".join(said))


def wheel_of(folder: Path, to: Path) -> Path:
    """The wheel of a distribution's folder, built without a network."""
    to.mkdir()
    command = (*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([*command, "--wheel-dir", str(to), str(folder)], check=True)
    (wheel,) = to.glob("*.whl")
    return wheel
