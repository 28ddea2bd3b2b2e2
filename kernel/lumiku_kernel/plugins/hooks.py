"""Calls plugins' hooks: each plugin's in a thread of its own, timed, apart.

A hook that raises is told in the log, one that is late is told to operators; neither
keeps anybody else waiting. A thread that never comes back is left behind.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lumiku_contracts import JobEvent, PluginContext, Transient
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import said

SETUP_SECONDS = 5.0
EVENT_SECONDS = 0.25
MOST_LATE = 3
"""A plugin whose hook was late so often hears of no more events."""
MOST_WAITING = 1000
"""Events that wait for a slow hook; further ones are lost to it."""
AGAIN = (60.0, 300.0, 1800.0)
"""Seconds until a setup that failed for the moment is tried again."""
WATCH_EVERY = 0.1

Tell = Callable[[str, str, str | None, str | None], None]
"""Of a plugin: its id, state, code and reason."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long hooks may take, and when a setup is tried again."""

    setup: float = SETUP_SECONDS
    event: float = EVENT_SECONDS
    again: tuple[float, ...] = AGAIN


class Caller:
    """One plugin's thread: sets up, then hears of events."""

    def __init__(
        self, one: Loaded, context: PluginContext, tell: Tell, limits: Limits
    ) -> None:
        """Nothing is called yet."""
        self.id = one.id
        self._hooks = one.hooks
        self._context = context
        self._tell = tell
        self._limits = limits
        self._events: queue.Queue[JobEvent | None] = queue.Queue(MOST_WAITING)
        self._stopped = threading.Event()
        self._late = 0
        self._busy: tuple[str, float] | None = None
        self._state: tuple[str, str | None] = ("ready", None)
        self.listens = bool(one.hooks.lumiku_job_event.get_hookimpls())
        self._thread = threading.Thread(
            target=self._run, name=f"hooks {one.id}", daemon=True
        )

    def start(self) -> None:
        """Set up, and then listen."""
        self._thread.start()

    def hear(self, event: JobEvent) -> None:
        """Have an event told to it; never waits."""
        if not self.listens:
            return
        try:
            self._events.put_nowait(event)
        except queue.Full:
            log.warning("plugin %s is too slow: an event is lost to it", self.id)

    def watch(self) -> None:
        """Notice a hook that does not come back."""
        busy = self._busy
        if busy is None:
            return
        what, since = busy
        took = time.monotonic() - since
        if what == "setup" and took > self._limits.setup:
            late = f"lumiku_setup took more than {self._limits.setup:g} s."
            self._say("rejected", "SETUP_FAILED", late)
        if what == "event" and took > self._limits.event * MOST_LATE:
            self._switch_off()

    def stop(self, seconds: float) -> None:
        """Let it clean up, but not for longer than `seconds`."""
        self._stopped.set()
        with suppress(queue.Full):
            self._events.put_nowait(None)
        self._thread.join(0 if self._busy else seconds)
        cleaning = threading.Thread(target=self._tear_down, daemon=True)
        cleaning.start()
        cleaning.join(seconds)
        if cleaning.is_alive():
            log.warning("plugin %s: lumiku_teardown takes too long", self.id)

    def _run(self) -> None:
        if not self._set_up():
            return
        while (event := self._events.get()) is not None:
            if self.listens and not self._stopped.is_set():
                self._hear(event)

    def _set_up(self) -> bool:
        """Whether it is set up; tries again what fails for the moment."""
        for again in (*self._limits.again, *[self._limits.again[-1]] * 10_000):
            try:
                self._timed("setup", ctx=self._context)
            except Transient as error:
                wait = error.retry_after or again
                reason = f"{error.detail} It is tried again in {wait:.0f} s."
                self._say("retry", "SETUP_RETRY", reason)
                if self._stopped.wait(wait):
                    return False
                continue
            except BaseException as error:
                log.exception("plugin %s: lumiku_setup failed", self.id)
                self._say("rejected", "SETUP_FAILED", said(error))
                return False
            if self._state[1] != "SETUP_FAILED":  # it was not too late
                self._say("ready", None, None)
            return True
        return False

    def _hear(self, event: JobEvent) -> None:
        began = time.monotonic()
        try:
            self._timed("event", event=event)
        except BaseException:
            log.exception("plugin %s: lumiku_job_event failed", self.id)
        if time.monotonic() - began > self._limits.event:
            self._late += 1
            if self._late >= MOST_LATE:
                self._switch_off()

    def _switch_off(self) -> None:
        if self.listens:
            self.listens = False
            late = f"lumiku_job_event took more than {self._limits.event:g} s too often"
            self._say("ready", "HOOK_SWITCHED_OFF", f"{late}; it hears no more.")

    def _timed(self, what: str, **given: Any) -> None:
        name = {"setup": "lumiku_setup", "event": "lumiku_job_event"}[what]
        self._busy = (what, time.monotonic())
        try:
            getattr(self._hooks, name)(**given)
        finally:
            self._busy = None

    def _tear_down(self) -> None:
        try:
            self._hooks.lumiku_teardown(ctx=self._context)
        except BaseException:
            log.exception("plugin %s: lumiku_teardown failed", self.id)

    def _say(self, state: str, code: str | None, reason: str | None) -> None:
        if (state, code) == self._state and code != "SETUP_RETRY":
            return
        self._state = (state, code)
        if code is not None:
            log.warning("plugin %s: %s. %s", self.id, code, reason)
        try:
            self._tell(self.id, state, code, reason)
        except Exception:
            log.exception("what became of plugin %s could not be written", self.id)


class Hooks:
    """All plugins' callers."""

    def __init__(
        self,
        found: Iterable[Loaded],
        contexts: Mapping[str, PluginContext],
        tell: Tell,
        limits: Limits | None = None,
    ) -> None:
        """Only plugins that have hooks are given a thread."""
        self.callers = {
            one.id: Caller(one, contexts[one.id], tell, limits or Limits())
            for one in found
            if one.id in contexts and _has_hooks(one.hooks)
        }

    @property
    def listening(self) -> tuple[str, ...]:
        """The plugins that hear of events."""
        return tuple(one.id for one in self.callers.values() if one.listens)

    def start(self) -> None:
        """Begin all at once."""
        for one in self.callers.values():
            one.start()

    def hear(self, plugin_id: str, event: JobEvent) -> None:
        """Tell a plugin, if it listens."""
        if plugin_id in self.callers:
            self.callers[plugin_id].hear(event)

    def watch(self) -> None:
        """Notice those that do not come back."""
        for one in self.callers.values():
            one.watch()

    def stop(self, seconds: float = SETUP_SECONDS) -> None:
        """Tear all down, side by side."""
        ends = [
            threading.Thread(target=one.stop, args=(seconds,), daemon=True)
            for one in self.callers.values()
        ]
        for end in ends:
            end.start()
        for end in ends:
            end.join(seconds + 1)


def _has_hooks(hooks: Any) -> bool:
    names = ("lumiku_setup", "lumiku_teardown", "lumiku_job_event")
    return any(getattr(hooks, name).get_hookimpls() for name in names)
