"""Warm runner processes, as the supervisor holds them: one socket each."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lumiku_kernel.settings import Settings

KILL_WAIT = 5.0


class RunnerDied(Exception):
    """The process ended while it had work in hand."""


class Runner:
    """A child process and our end of its socket."""

    def __init__(self, warm: tuple[str, ...]) -> None:
        """Start the process; it opens the providers named in `warm` at once."""
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        # One thread each: there is one runner for a core already.
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        fd = theirs.fileno()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "lumiku_kernel.jobs.runner", str(fd), *warm],
            pass_fds=(fd,),
            stdin=subprocess.DEVNULL,
            env=env,
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        self.jobs = 0
        self.ready = False

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
            self._connection.send_bytes(json.dumps(message).encode())
        except OSError as error:
            raise RunnerDied(self._ended()) from error

    def receive(self, timeout: float) -> dict[str, Any] | None:
        """Its next word, or None after `timeout` seconds, or raise `RunnerDied`."""
        # A dead runner's socket can stay open: a process it has forked may hold it.
        dead = not self.alive
        try:
            if not self._connection.poll(timeout):
                if dead:
                    raise RunnerDied(self._ended())
                return None
            message: dict[str, Any] = json.loads(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise RunnerDied(self._ended()) from error
        return message

    def memory(self) -> int:
        """Resident bytes now; 0 where the system does not say."""
        status = Path(f"/proc/{self.pid}/statm")
        if not status.exists():
            return 0
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """End it at once and wait for it."""
        self._process.kill()
        self._process.wait(KILL_WAIT)
        self._connection.close()

    def _ended(self) -> str:
        try:
            status = self._process.wait(KILL_WAIT)
        except subprocess.TimeoutExpired:
            return "the runner closed its socket"
        if status < 0:
            return f"the runner was ended by signal {-status}"
        return f"the runner ended with status {status}"


class Runners:
    """Idle runners by class of slot; made when wanted, replaced when worn."""

    def __init__(self, settings: Settings, warm: Mapping[str, tuple[str, ...]]) -> None:
        """`warm` names the providers a class's runners open at once."""
        self._settings = settings
        self._warm = warm
        self._idle: dict[str, list[Runner]] = defaultdict(list)
        self._all: set[Runner] = set()
        self._lock = threading.Lock()

    def prepare(self, slot: str, count: int) -> None:
        """Have `count` runners of a class ready before anybody asks."""
        for _ in range(count):
            self._idle[slot].append(self._new(slot))

    def take(self, slot: str) -> Runner:
        """A living runner, the warmest first."""
        with self._lock:
            while self._idle[slot]:
                runner = self._idle[slot].pop()
                if runner.alive:
                    return runner
                self._all.discard(runner)
        return self._new(slot)

    def give_back(self, slot: str, runner: Runner) -> None:
        """Keep it for the next job, or replace it when it is worn or dead."""
        runner.jobs += 1
        heavy = runner.memory() > self._settings.runner_memory_mb * 1024 * 1024
        if not runner.alive or heavy or runner.jobs >= self._settings.runner_jobs:
            self.discard(runner)
            if self._warm.get(slot):
                runner = self._new(slot)
            else:
                return
        with self._lock:
            self._idle[slot].append(runner)

    def discard(self, runner: Runner) -> None:
        """End a runner."""
        with self._lock:
            self._all.discard(runner)
        runner.kill()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            runners, self._all = self._all, set()
        for runner in runners:
            runner.kill()

    def _new(self, slot: str) -> Runner:
        runner = Runner(self._warm.get(slot, ()))
        with self._lock:
            self._all.add(runner)
        return runner
