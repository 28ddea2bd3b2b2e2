"""Other queues on a Redis of the bench's own, each as its documents say to use it.

Each job appends to a file the moment, given with it, when it was sent, and the moment
when it started.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import redis

WORK = "import sys; from bench.peer import work; work(*sys.argv[1:])"
"""Imported by its name, so that sender and worker name their jobs alike."""
PATIENCE = 60.0
NAMES = ("raw BRPOP", "bare dramatiq", "huey")
Send = Callable[[float], object]


def note(path: Path, sent: float) -> None:
    """A job has started now."""
    with path.open("a") as file:
        file.write(json.dumps([sent, time.time()]) + "\n")


def lacking(name: str) -> str | None:
    """Why a peer cannot be measured here, or None."""
    if name == "huey" and find_spec("huey") is None:
        return "huey is not installed"
    return None


def raw(port: int, path: Path) -> tuple[Send, Callable[[], None]]:
    """One round trip a job, no acknowledgement: the floor of any queue on Redis."""
    client = redis.Redis(port=port)

    def work() -> None:
        while True:
            found: Any = client.brpop(["raw"], 1)
            if found:
                note(path, float(found[1]))

    return lambda sent: client.lpush("raw", str(sent)), work


def dramatiq(port: int, path: Path) -> tuple[Send, Callable[[], None]]:
    """Its own broker of Redis, with its own settings."""
    from dramatiq import Worker, actor  # noqa: PLC0415 (one peer in a process)
    from dramatiq.brokers.redis import RedisBroker  # noqa: PLC0415

    open_broker: Any = RedisBroker
    broker = open_broker(port=port)

    def run(sent: float) -> None:
        note(path, sent)

    make: Any = actor  # its overloads know no broker
    job = make(run, broker=broker, actor_name="run")

    def work() -> None:
        Worker(broker, worker_threads=8).start()
        signal.pause()

    return job.send, work


def huey(port: int, path: Path) -> tuple[Send, Callable[[], None]]:
    """Threads that block on Redis."""
    from huey import RedisHuey  # type: ignore[import-untyped]  # noqa: PLC0415

    queue = RedisHuey("bench", host="127.0.0.1", port=port, results=False)

    def run(sent: float) -> None:
        note(path, sent)

    job = queue.task(name="run")(run)
    return job, lambda: queue.create_consumer(workers=8).run()


MAKES = dict(zip(NAMES, (raw, dramatiq, huey), strict=True))


@contextmanager
def working(name: str, port: int, path: Path) -> Iterator[Send]:
    """A worker process of a peer; how to send it a job."""
    path.touch()
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, name, str(port), str(path)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        send, _ = MAKES[name](port, path)
        send(time.time())
        end = time.monotonic() + PATIENCE
        while not path.read_text():
            if process.poll() is not None:
                raise RuntimeError(f"{name} has ended")
            if time.monotonic() > end:
                raise TimeoutError(f"{name} does not start")
            time.sleep(0.01)
        yield send
    finally:
        process.kill()
        process.wait()


def waits(path: Path) -> list[float]:
    """Milliseconds from sending to start, of all jobs but the first."""
    pairs = [json.loads(line) for line in path.read_text().splitlines()]
    return [(started - sent) * 1000 for sent, started in pairs[1:]]


def work(name: str, port: str, path: str) -> None:
    """Be a worker process of a peer."""
    MAKES[name](int(port), Path(path))[1]()
