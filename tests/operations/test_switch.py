"""Up and down by one minor release, under load: nothing fails, nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends import Backend
from tests.operations.load import Load
from tests.operations.release import Release, before, new
from tests.operations.stage import Process, Stage

pytestmark = pytest.mark.faults
EVERYBODY = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres+redis", id="postgres+redis"),
]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """The release before, and this one."""
    folder = tmp_path_factory.mktemp("releases")
    return before(folder / "old"), new(folder / "new")


@pytest.fixture
def stage(tmp_path: Path, backend: Backend) -> Iterator[Stage]:
    """An installation on which nothing runs."""
    made = Stage(tmp_path / "stage", backend)
    yield made
    made.close()


def _another_server(
    stage: Stage, load: Load, release: Release, old: Process
) -> Process:
    beside = stage.serve(release)
    load.goes_on(f"a server of {release.version} beside the other")
    stage.front.point(beside.port)
    load.goes_on("nginx asks the other server")
    old.stop()
    load.goes_on(f"servers of {release.version} only")
    return beside


def _another_worker(
    stage: Stage, load: Load, release: Release, old: Process
) -> Process:
    beside = stage.work(release)
    load.goes_on(f"a worker process of {release.version} beside the other")
    old.stop()
    load.goes_on(f"worker processes of {release.version} only")
    return beside


@pytest.mark.parametrize("backend", EVERYBODY, indirect=True)
def test_up_and_down_by_one_minor_release_nothing_fails_and_nothing_is_lost(
    stage: Stage, releases: tuple[Release, Release]
) -> None:
    old, this = releases
    assert (old.version, this.version) == ("0.1.0", "0.2.0")
    stage.ask(old, "lumiku migrate")
    who = "ana@example.org"
    stage.ask(old, f"echo a-long-password | lumiku users create {who} --password-stdin")
    stage.ask(old, f"lumiku credits grant {who} 100000 --reason test")
    key = stage.ask(old, f"lumiku keys create first --as {who} --quiet")
    server, worker = stage.serve(old), stage.work(old)
    server.until(lambda: server.ready("W01"), "the server has seen the worker process")
    stage.front.point(server.port)

    with Load(stage.front.url, key).running() as load:
        load.goes_on("the old release")
        stage.ask(this, "lumiku migrate")
        load.goes_on("old servers on a migrated database")
        server = _another_server(stage, load, this, server)
        worker = _another_worker(stage, load, this, worker)
        load.goes_on("the new release")
        worker = _another_worker(stage, load, old, worker)
        server = _another_server(stage, load, old, server)
        load.goes_on("the old release again")

    assert load.failed == []
    assert load.ended() == {"succeeded": len(load.accepted)}
    for release in releases:
        assert "error" not in stage.ask(release, "lumiku verify")
    assert stage.ask(old, "lumiku migrate").startswith("kernel revisions applied: none")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_two_that_migrate_at_once_wait_for_each_other_and_say_how_to_go_back(
    stage: Stage, releases: tuple[Release, Release]
) -> None:
    old, this = releases
    stage.ask(old, "lumiku migrate")

    both = stage.ask(this, "lumiku migrate & lumiku migrate; wait")

    assert both.count("kernel revisions applied: 0005") == 1
    assert both.count("kernel revisions applied: none") == 1
    assert both.count("lumiku restore ") == 1
