"""A runner process as the supervisor holds it: by one socket."""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lumiku_kernel.jobs.chatter import Chatter
from lumiku_kernel.jobs.wire import (
    LONGEST_WORD,
    SEND_SECONDS,
    Garbled,
    Wire,
    understood,
)

KILL_WAIT = 5.0
MOST_FILES = 10_000
"""Files in a runner's folder; more count as a full one."""
MB = 1024 * 1024

log = logging.getLogger(__name__)


class RunnerDied(Exception):
    """The process ended while it had work in hand."""


class NotStarted(Exception):
    """The process ended, or was silent, before it was ready for work."""


class Runner:
    """A child process and our end of its socket; its files lie in `folder`."""

    def __init__(self, warm: tuple[str, ...], bench: Path) -> None:
        """Start the process; it opens the providers named in `warm` at once."""
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        self.folder = _folder(bench)
        # One thread each: there is one runner for a core already.
        env = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "TMPDIR": str(self.folder),
        }
        fd = theirs.fileno()
        words = ["lumiku_kernel.jobs.runner", str(fd), str(os.getpid()), *warm]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", *words],
            pass_fds=(fd,),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            env=env,
        )
        theirs.close()
        os.close(writing)
        ours.settimeout(SEND_SECONDS)
        self._wire = Wire(ours, LONGEST_WORD)
        self._chatter = Chatter(reading, f"runner {self.pid}")
        self.began = time.monotonic()
        self.jobs = 0
        self.ready = False
        self.opening: str | None = None
        """The provider that it is opening before it is ready."""
        self.unopened: dict[str, dict[str, str]] = {}
        """Providers that it could not open: the `reason`, and the `fix` if known."""

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def send(self, message: Mapping[str, Any]) -> None:
        """Tell it, or raise `RunnerDied`."""
        try:
            self._wire.say(message)
        except OSError as error:
            raise RunnerDied(self._ended()) from error

    def receive(self, timeout: float) -> dict[str, Any] | None:
        """Its next word, or None after `timeout` seconds.

        Raises `RunnerDied`, and `Garbled` for what is no word.
        """
        # A dead runner's socket can stay open: a process it has forked may hold it.
        dead = not self.alive
        try:
            word = self._wire.hear(0.0 if dead else timeout)
        except (EOFError, OSError) as error:
            raise RunnerDied(self._ended()) from error
        if word is None and dead:
            raise RunnerDied(self._ended())
        return None if word is None else understood(word)

    def start(self, seconds: float) -> bool:
        """Hear a little of how its start goes; whether it is ready, or `NotStarted`."""
        if self.ready:
            return True
        try:
            word = self.receive(0.1)
        except (RunnerDied, Garbled) as error:
            raise NotStarted(f"{error}\n{self._chatter.last_words()}") from error
        if word is None:
            if time.monotonic() - self.began > seconds:
                raise NotStarted(f"the runner was not ready in {seconds:.0f} s")
        elif word["op"] == "opening":
            self.opening = word["provider"]
        elif word["op"] == "unopened":
            why = {name: word.get(name) or "" for name in ("reason", "fix")}
            self.unopened[word["provider"]] = why
        elif word["op"] == "ready":
            self.ready = True
        return self.ready

    def memory(self) -> int:
        """Resident bytes now; 0 where the system does not say."""
        try:
            status = Path(f"/proc/{self.pid}/statm").read_text()
        except OSError:
            return 0
        return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def disk(self, enough: int) -> int:
        """Bytes in its folder; it counts no further than beyond `enough`."""
        total = count = 0
        for place, _, files in os.walk(self.folder):
            for name in files:
                with suppress(OSError):
                    total += Path(place, name).lstat().st_size
                count += 1
                if total > enough or count > MOST_FILES:
                    return enough + 1
        return total

    def kill(self) -> None:
        """End it and all it has started at once, wait for it, clear its folder."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        try:
            self._process.wait(KILL_WAIT)
        except subprocess.TimeoutExpired:
            log.exception("runner %s does not die", self.pid)
        self._wire.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ended(self) -> str:
        try:
            status = self._process.wait(KILL_WAIT)
        except subprocess.TimeoutExpired:
            return "the runner closed its socket"
        if status < 0:
            return f"the runner was ended by signal {-status} ({_name(-status)})"
        return f"the runner ended with status {status}"


def _folder(bench: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="runner-", dir=bench))
    except OSError:  # it is full; the system's own place may not be
        return Path(tempfile.mkdtemp(prefix="lumiku-runner-"))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
