"""Serves a plugin from its folder: a server and a worker process, anew after each save.

This process imports the kernel and never the plugin; what does is forked from it, so a
start costs no more than the plugin's own imports.
"""

import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any

from lumiku_kernel.cli import turn
from lumiku_kernel.cli.project import Project, Stamps
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.work import work
from lumiku_kernel.settings import Settings
from lumiku_kernel.up import is_ready, only_one, say, with_port

TICK = 0.1
IMPORT_SECONDS = 30.0
READY_SECONDS = 30.0
STOP_SECONDS = 5.0
FORK = multiprocessing.get_context("fork")
NOT_OURS = (
    *("DATABASE_URL", "LUMIKU_DATABASE_URL", "REDIS_URL", "LUMIKU_PUBLIC_URL"),
    *("LUMIKU_PLUGINS", "LUMIKU_PLUGINS_DENIED", "LUMIKU_PLUGIN_PINS"),
    *("LUMIKU_PLUGINS_REQUIRED", "LUMIKU_SAFE_MODE"),
)
"""What speaks of another installation than the one in the author's folder."""
OURS = {
    "LUMIKU_PLUGINS_TRIAL": "false",
    "LUMIKU_STOP_SECONDS": "0",
    "LUMIKU_LEASE_SECONDS": "2",
    "LUMIKU_WARM_RUNNERS": "false",
    # Two saves within a second, of the same size, would be one to a compiled file.
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Workbench:
    """One author's server and worker process."""

    def __init__(self, project: Project) -> None:
        """Nothing runs yet."""
        self._project = project
        self._lifeline = os.pipe()
        self._crew: dict[str, ForkProcess] = {}
        self._greeted = False
        self._told = False

    def run(self, host: str, port: int) -> None:
        """Serve, and serve again after every save, until told to stop."""
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
        # What becomes of every app on every start is news to an operator alone.
        logging.getLogger("lumiku_kernel.visibility").setLevel(logging.ERROR)
        # Nor are connections that are cut at the end, where nobody waits for them.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        # A flag, not an exception: that one could be lost where we fork.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._tell)
        settings = with_port(_settings(self._project, host, port))
        _share(settings, self._lifeline[0])
        self._project.go_on_path()
        with only_one(settings):
            say(f"{self._project.ident} from {self._project.folder}")
            try:
                self._follow(settings)
            finally:
                self._stop()

    def _tell(self, *_: object) -> None:
        self._told = True

    def _follow(self, settings: Settings) -> None:
        seen = self._project.stamps()
        self._again(settings)
        while not self._told:
            time.sleep(TICK)
            self._tend()
            found = self._project.stamps()
            if found != seen:
                say(f"\nsaved: {_names(self._project, seen, found)}")
                seen = found
                self._again(settings)

    def _again(self, settings: Settings) -> None:
        """Take in what was saved; if it is broken, what ran before runs on."""
        began = time.monotonic()
        try:
            self._project = Project.read(self._project.folder)
        except Problem as problem:
            say(f"✗ {problem.detail}")
            return
        self._project.lay_out()
        fresh = self._prepared()
        if fresh is None:
            running = bool(self._crew)
            kept = "what ran before runs on" if running else "nothing is served yet"
            say(f"{kept}; save again")
            return
        server, link, door = fresh
        self._dismiss()
        door.send("serve")
        self._crew = {"server": server}
        if not self._greeted:
            self._hire()
        if self._is_ready(settings):
            self._greet(settings, link, time.monotonic() - began)
        self._hire()

    def _prepared(self) -> tuple[ForkProcess, str, Connection] | None:
        """A process that has taken the plugin in and would serve it, if it can be.

        With it a sign-in link, and the door through which it is told to begin.
        """
        ours, theirs = FORK.Pipe()
        child = self._fork(turn.take_in, self._project, theirs)
        theirs.close()
        until = time.monotonic() + IMPORT_SECONDS
        while not ours.poll(TICK):
            if self._told or time.monotonic() > until:
                child.kill()
        try:
            link: str = ours.recv()
        except EOFError:
            child.join()
            if time.monotonic() > until:
                say(f"✗ its import took more than {IMPORT_SECONDS:.0f} s")
            elif child.exitcode != 1:
                say(f"✗ its import ended the process (status {child.exitcode})")
            return None
        return child, link, ours

    def _hire(self) -> None:
        """Start a worker process, unless there is one.

        It comes after the server, with which it would compete for the processor; the
        one before it counts as alive for so long, and jobs are taken for it.
        """
        if "worker process" not in self._crew:
            self._crew["worker process"] = self._fork(lambda: work(Settings()))

    def _is_ready(self, settings: Settings) -> bool:
        until = time.monotonic() + READY_SECONDS
        # After a save the worker process is started last: it is not waited for.
        while not is_ready(settings, staffed=not self._greeted):
            if self._told:
                return False
            if time.monotonic() > until or not self._crew["server"].is_alive():
                say("✗ not ready; lumiku doctor on this data folder says why:")
                say(f"  LUMIKU_DATA_DIR={settings.data_dir} lumiku doctor")
                return False
            time.sleep(0.05)
        return True

    def _greet(self, settings: Settings, link: str, seconds: float) -> None:
        if not self._greeted:
            say(f"sign in, once: {link}")
            say(f"ready {settings.url} after {seconds:.1f} s")
            self._greeted = True
        else:
            say(f"ready again after {seconds:.1f} s")
        self._fork(turn.look, self._project)

    def _tend(self) -> None:
        """Say it when a process has ended by itself."""
        for name, process in list(self._crew.items()):
            if not process.is_alive():
                say(f"✗ the {name} ended with status {process.exitcode}; save again")
                del self._crew[name]

    def _dismiss(self) -> None:
        """End what runs, at once: what it had in hand is rescued by the next.

        A worker process that took its leave would be missed until the server looks
        for the new one; for so long no job would be taken.
        """
        for process in self._crew.values():
            process.kill()
            process.join()
        self._crew = {}

    def _stop(self) -> None:
        for process in self._crew.values():
            process.terminate()
        for process in self._crew.values():
            process.join(STOP_SECONDS)
        self._dismiss()

    def _fork(self, act: Callable[..., Any], *given: Any) -> ForkProcess:
        def child() -> None:
            os.close(self._lifeline[1])  # only the parent's end keeps us alive
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            act(*given)

        process = FORK.Process(target=child, daemon=True)
        process.start()
        return process


def _settings(project: Project, host: str, port: int) -> Settings:
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ.update(OURS)
    sys.dont_write_bytecode = True
    change = {"data_dir": project.home / "data", "host": host, "port": port}
    return Settings().model_copy(update=change)


def _share(settings: Settings, lifeline: int) -> None:
    """Tell the children, by the environment, what was decided here."""
    os.environ["LUMIKU_DATA_DIR"] = str(settings.data_dir)
    os.environ["LUMIKU_HOST"] = settings.host
    os.environ["LUMIKU_PORT"] = str(settings.port)
    os.environ["LUMIKU_PARENT_FD"] = str(lifeline)


def _names(project: Project, before: Stamps, after: Stamps) -> str:
    changed = {name for name, _ in before.items() ^ after.items()}
    return ", ".join(sorted(os.path.relpath(name, project.folder) for name in changed))
