"""Bells: who commits is heard elsewhere, and a lost word costs latency only."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import insert
from tests.backends import RedisServer, redis_server
from tests.kernel.flagged import ROW

from lumiku_kernel.store import Bell, Store, ring_out
from lumiku_kernel.store.tables import flags

LONG = 30.0
"""Seconds after which a bell will not ring any more."""


def change(store: Store, key: str = "a", *, quiet: bool = False) -> None:
    with store.write(quiet=quiet) as session:
        session.execute(insert(flags).values(key=key, **ROW))


@contextmanager
def ringing(store: Store, redis_url: str | None = None) -> Iterator[Bell]:
    bell = Bell(store, redis_url)
    bell.start()
    try:
        yield bell
    finally:
        bell.stop()
        bell.join()


@pytest.fixture
def elsewhere(store: Store) -> Iterator[Store]:
    """The same database, as another process has it."""
    other = Store(store.url)
    yield other
    other.close()


def test_the_bell_rings_when_somebody_else_has_written(
    store: Store, elsewhere: Store
) -> None:
    heard: list[int] = []
    with ringing(store) as bell:
        bell.listen(lambda: heard.append(1))
        seen = bell.wait(0, LONG)
        ring_out(elsewhere)
        change(elsewhere)

        assert bell.wait(seen, LONG) > seen
        assert heard


@pytest.fixture
def untimely(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ring comes but for a reason."""
    monkeypatch.setattr("lumiku_kernel.store.bell.TICK", LONG * 4)


@pytest.mark.usefixtures("untimely")
@pytest.mark.parametrize("kind", ["postgres"])
@pytest.mark.parametrize("by", ["redis", "notify"])
def test_a_commit_rings_here_and_elsewhere_without_waiting_for_a_tick(
    store: Store, elsewhere: Store, by: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_server").url if by == "redis" else None
    with ringing(store, url) as here, ringing(elsewhere, url) as there:
        assert here.heeds(LONG)
        assert there.heeds(LONG)
        before = here.rings, there.rings
        change(elsewhere)

        assert here.wait(before[0], LONG) > before[0]
        assert there.wait(before[1], LONG) > before[1]


@pytest.mark.usefixtures("untimely")
@pytest.mark.parametrize("kind", ["sqlite"])
def test_redis_rings_sooner_than_anybody_looks_at_the_file(
    store: Store,
    elsewhere: Store,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lumiku_kernel.store.bell.EVERY", LONG * 4)
    ring_out(elsewhere, redis_server.url)
    with ringing(store, redis_server.url) as bell:
        seen = bell.rings
        for number in range(int(LONG / 0.2)):  # until it has subscribed
            change(elsewhere, f"{number}")
            if bell.wait(seen, 0.2) > seen:
                break

        assert bell.rings > seen


@pytest.mark.usefixtures("untimely")
@pytest.mark.parametrize("kind", ["postgres"])
def test_a_sign_of_life_wakes_nobody(store: Store, elsewhere: Store) -> None:
    told: list[Callable[[], None]] = []
    with ringing(store) as bell:
        assert bell.heeds(LONG)
        elsewhere.listen(lambda: told.append(bell.stop))
        change(elsewhere, quiet=True)

    assert told == []


@pytest.fixture
def brittle() -> Iterator[RedisServer]:
    """A Redis that may be hurt."""
    with redis_server() as running:
        yield running


@pytest.mark.parametrize("kind", ["postgres"])
def test_the_bell_goes_on_without_redis_and_says_so_once(
    store: Store,
    elsewhere: Store,
    brittle: RedisServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ringing(store, brittle.url) as bell:
        assert bell.heeds(LONG)
        brittle.end(signal.SIGKILL)
        try:
            for number in range(3):
                seen = bell.rings
                change(elsewhere, f"{number}")
                assert bell.wait(seen, LONG) > seen
            while bell.heeds(0):
                bell.wait(bell.rings, LONG)
        finally:
            brittle.start()

        assert bell.heeds(LONG)

    said = [record.message for record in caplog.records if "bell" in record.message]
    assert [line.split(" (")[0] for line in said] == [
        "the bell of Redis is gone",
        "the bell of Redis is back",
    ]
