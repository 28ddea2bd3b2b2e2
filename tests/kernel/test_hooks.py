"""A plugin's hooks run apart: one that raises, sleeps or waits harms nobody else."""

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from tests.faults.house import until
from tests.kernel.shop import Shop, good

from lumiku_contracts import JobEvent
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.hooks import Hooks, Limits
from lumiku_kernel.plugins.prepare import LIVE, record, tell
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import plugins
from lumiku_kernel.visibility.gates import RECORDED

QUICK = Limits(setup=0.3, event=0.05, again=(0.05, 0.1))
EVENT = JobEvent("job_1", 1, "queued", "make", "usr_1")
HOOKS = """
import threading, time
SEEN = []
NEVER = threading.Event()

@hookimpl
def {name}:
    {body}
"""
Told = list[tuple[str, str, str | None, str | None]]


def hook(ident: str, name: str, body: str) -> str:
    return HOOKS.format(name=name, body=body).replace("\n", "\n    ") + good(ident)


class Stage:
    """Plugins with hooks, and what is said of them."""

    def __init__(self, shop: Shop, **bodies: tuple[str, str]) -> None:
        for ident, (name, body) in bodies.items():
            shop.install(ident, hook(ident, name, body))
        found = discover(points=shop.points)
        self.found = {one.id: one for one in found}
        contexts: Any = {one.id: f"context of {one.id}" for one in found}
        self.told: Told = []
        self.hooks = Hooks(found, contexts, self._tell, QUICK)
        self._over = threading.Event()

    def _tell(self, *said: Any) -> None:
        self.told.append(said)

    def start(self) -> None:
        """Begin."""
        assert [one.code for one in self.found.values() if one.code] == []
        self.hooks.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.hooks.watch()

    def seen(self, ident: str) -> list[Any]:
        """What the module has noted."""
        found: list[Any] = sys.modules[self.found[ident].module].SEEN
        return found

    def codes(self, ident: str) -> list[str | None]:
        """The codes told, in order."""
        return [code for plugin, _, code, _ in self.told if plugin == ident]

    def end(self) -> None:
        """Tear down."""
        self._over.set()
        self.hooks.stop(0.2)


@pytest.fixture
def stage(shop: Shop) -> Iterator[Any]:
    made: list[Stage] = []

    def build(**bodies: tuple[str, str]) -> Stage:
        made.append(Stage(shop, **bodies))
        made[0].start()
        return made[0]

    yield build
    for one in made:
        one.end()


SETUP, EVENTS = "lumiku_setup(ctx)", "lumiku_job_event(event)"


def test_setup_is_given_its_own_context(stage: Any) -> None:
    there = stage(one=(SETUP, "SEEN.append(ctx)"), two=(SETUP, "SEEN.append(ctx)"))

    until(lambda: there.seen("one") and there.seen("two"), "both are set up")

    assert there.seen("one") == ["context of one"]


@pytest.mark.parametrize(
    "body", ["raise ValueError(7)", "raise SystemExit(3)", "NEVER.wait()"]
)
def test_a_setup_that_fails_is_told_and_harms_nobody(stage: Any, body: str) -> None:
    there = stage(bad=(SETUP, body), fine=(SETUP, "SEEN.append(ctx)"))

    until(lambda: there.codes("bad"), "it is told")

    assert there.codes("bad") == ["SETUP_FAILED"]
    assert there.seen("fine") == ["context of fine"]
    assert there.codes("fine") == []


def test_a_setup_that_fails_for_the_moment_is_tried_again(stage: Any) -> None:
    body = "SEEN.append(1)\n    if len(SEEN) < 4: raise Transient('Not yet.')"
    there = stage(slow=(SETUP, body))

    until(lambda: None in there.codes("slow"), "it is ready")

    assert there.codes("slow") == ["SETUP_RETRY"] * 3 + [None]
    assert {state for _, state, code, _ in there.told if code} == {"retry"}


def test_events_are_heard_in_their_order(stage: Any) -> None:
    there = stage(one=(EVENTS, "SEEN.append(event.seq)"))

    for seq in range(1, 50):
        there.hooks.hear("one", JobEvent("job_1", seq, "progress", "make", "usr_1"))

    until(lambda: len(there.seen("one")) == 49, "all are heard")
    assert there.seen("one") == list(range(1, 50))


def test_a_listener_that_raises_goes_on_hearing(stage: Any) -> None:
    there = stage(one=(EVENTS, "SEEN.append(event); raise KeyError"))

    for _ in range(5):
        there.hooks.hear("one", EVENT)

    until(lambda: len(there.seen("one")) == 5, "all are heard")
    assert there.codes("one") == []


@pytest.mark.parametrize("body", ["time.sleep(0.07)", "NEVER.wait()"])
def test_a_listener_that_is_late_too_often_hears_no_more(stage: Any, body: str) -> None:
    there = stage(
        slow=(EVENTS, f"SEEN.append(1); {body}"), fine=(EVENTS, "SEEN.append(1)")
    )

    for _ in range(9):
        there.hooks.hear("slow", EVENT)
        there.hooks.hear("fine", EVENT)

    until(lambda: there.codes("slow"), "it is told")
    until(lambda: len(there.seen("fine")) == 9, "the other has heard all")
    assert there.codes("slow") == ["HOOK_SWITCHED_OFF"]
    assert "slow" not in there.hooks.listening
    assert len(there.seen("slow")) <= 3


def test_teardown_is_called_and_not_waited_for(stage: Any) -> None:
    name = "lumiku_teardown(ctx)"
    there = stage(one=(name, "SEEN.append(ctx)"), two=(name, "NEVER.wait()"))

    there.end()

    assert there.seen("one") == ["context of one"]


def test_a_hook_that_is_no_function_of_threads_is_refused(shop: Shop) -> None:
    source = hook("bad", SETUP, "pass").replace(
        "def lumiku_setup", "async def lumiku_setup"
    )
    shop.install("bad", source)
    shop.install("odd", hook("odd", "lumiku_setup(wrong)", "pass"))

    found = {one.id: one for one in discover(points=shop.points)}

    assert [found[ident].code for ident in ("bad", "odd")] == ["MANIFEST_INVALID"] * 2


def test_what_servers_say_is_kept_when_a_worker_process_starts(store: Store) -> None:
    one = Loaded("app", "acme-app", "1.0")
    record(store, [one])
    tell(store, "app", "retry", "SETUP_RETRY", "Not yet.")

    record(store, [one], keep=LIVE)
    kept = code(store)
    record(store, [one])

    assert (kept, code(store)) == ("SETUP_RETRY", None)


def code(store: Store) -> str | None:
    with store.read() as session:
        found: str | None = session.execute(select(plugins.c.code)).scalar_one()
        return found


def test_each_code_of_a_hook_belongs_to_a_gate() -> None:
    assert RECORDED.keys() >= LIVE


def test_plugins_without_hooks_have_no_thread(shop: Shop) -> None:
    shop.install("plain", good("plain"))
    found = commit(discover(points=shop.points)).found

    assert Hooks(found, {"plain": None}, lambda *_: None).callers == {}  # type: ignore[dict-item]
