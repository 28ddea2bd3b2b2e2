"""Runners are warm before a job is claimed for them; real processes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults.house import until
from tests.jobs.room import TRIAL, app_on_path, settings_in

from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.jobs.warm import AHEAD, Runners
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.prepare import prepare
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import processes

pytestmark = pytest.mark.slow
Keep = Callable[..., Runners]


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keep]:
    """Makes runners of a class `io`, and ends them."""
    monkeypatch.setenv("PYTHONPATH", str(TRIAL))
    monkeypatch.setenv("LUMIKU_PLUGINS", "trial")
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(tmp_path))
    with closing(Store(settings_in(tmp_path).database)) as store, app_on_path():
        prepare(settings_in(tmp_path), store)
    made: list[Runners] = []

    def keep(*warm: str, ring: Callable[[], None] = lambda: None) -> Runners:
        settings = settings_in(tmp_path, runner_jobs=AHEAD + 1)
        made.append(Runners(settings, {"io": warm}, tmp_path, ring))
        return made[-1]

    yield keep
    for runners in made:
        runners.close()


def job(number: int) -> dict[str, object]:
    """What is asked of a claimed job."""
    return {"id": f"job_{number}", "epoch": 1, "slot": "io"}


def test_a_job_is_claimed_only_when_a_runner_is_ready_for_it(keep: Keep) -> None:
    rung = threading.Event()
    runners = keep(ring=rung.set)

    assert not runners.ready("io")
    assert rung.wait(60)
    assert runners.ready("io")
    runners.promise(job(1))
    assert not runners.ready("io")
    assert runners.take(job(1)).ready


def test_a_successor_is_ready_before_a_runner_is_used_up(keep: Keep) -> None:
    runners = keep()
    until(lambda: runners.ready("io"), "a runner is ready")
    first = runners.take(job(0))
    runners.give_back("io", first)
    until(lambda: len(runners._idle["io"]) == 2, "its successor is ready")

    for number in range(1, AHEAD + 1):
        assert runners.take(job(number)) is first
        runners.give_back("io", first)

    assert not first.alive
    assert runners.take(job(9)).ready


def test_a_provider_that_does_not_open_is_attested_with_its_reason(
    keep: Keep, tmp_path: Path
) -> None:
    runners = keep("nobodys")
    settings = settings_in(tmp_path)
    store = Store(settings.database)
    presence = Presence(store, settings, "worker", commit(()), None)
    presence.appear()
    presence.idle_for, presence.unopened = lambda: 0.0, runners.faults

    until(lambda: runners.ready("io"), "a runner is ready without it")
    presence.live()

    with store.read() as session:
        (told,) = session.execute(processes.select()).mappings()
    store.close()
    assert told["providers"]["nobodys"]["state"] == "not_opened"
    assert "nobodys" in told["providers"]["nobodys"]["reason"]
