"""The hooks of a server process's plugins, and what they are told of jobs."""

import time
from functools import partial

from lumiku_contracts import PluginContext, Viewer
from lumiku_kernel.jobs import leave, sweep
from lumiku_kernel.jobs.feed import Feed
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.plugins.hooks import WATCH_EVERY, Hooks, Limits
from lumiku_kernel.plugins.prepare import tell

EVERY = 0.25
"""Seconds between two looks at what has happened to jobs, if a plugin listens."""
ELECTED_SECONDS = 10.0
LEAVE_EVERY = 5.0
LEAVE_SECONDS = 120.0


class Told:
    """Sets plugins up, tells them of their jobs, tears them down."""

    def __init__(self, host: Host, limits: Limits | None = None) -> None:
        """Nothing is called yet."""
        self._host = host
        self._feed = Feed(host.store)
        self._ours_until = 0.0
        flags = host.watch.snapshot.configuration.flags.of(Viewer(None))
        contexts: dict[str, PluginContext] = {
            plugin.id: PluginCall(
                plugin,
                Viewer(None),
                "",
                host.registry,
                host.store,
                host.tally.of(flags),
            )
            for plugin in host.registry.ready.values()
        }
        found = host.registry.found
        self.hooks = Hooks(found, contexts, partial(tell, host.store), limits)

    def start(self) -> None:
        """Set all up, and begin to tell them of jobs and of accounts that leave."""
        self._host.every(LEAVE_EVERY, "leaving accounts", self.see_off)
        self.hooks.start()
        self._host.at_end(self.hooks.stop)
        if self.hooks.callers:
            self._host.every(WATCH_EVERY, "hooks", self.hooks.watch)
        if self.hooks.listening:
            self._feed.begin(self.hooks.listening)
            self._host.every(EVERY, "job events", self.read)

    def see_off(self) -> None:
        """Have those who could not forget an account try again."""
        host = self._host
        gone = leave.leaving(host.store)
        if gone and sweep.elected(
            host.store, host.presence.id, seconds=LEAVE_SECONDS, task="leaving"
        ):
            for account_id in gone:
                leave.go_on(host.store, host.shelf, host.registry, account_id)

    def read(self) -> None:
        """One server process tells; another takes over when it is gone."""
        host, listening = self._host, self.hooks.listening
        if not listening:
            return
        if time.monotonic() > self._ours_until - ELECTED_SECONDS / 2:
            if not sweep.elected(
                host.store, host.presence.id, seconds=ELECTED_SECONDS, task="job-events"
            ):
                self._feed.begin(listening)
                return
            self._ours_until = time.monotonic() + ELECTED_SECONDS
        self._feed.read(listening, self.hooks.hear)
