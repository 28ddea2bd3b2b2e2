"""How soon every process goes by a changed flag: `python -m bench.flags`.

Two server and two worker processes on SQLite, on PostgreSQL, and on PostgreSQL with
Redis; toggles by HTTP. Each is timed from before the request until the last process has
written down that it has adopted the change, and until the other server's list of apps
shows it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from tests.backends import Backend, postgres, redis_server
from tests.faults.house import House, until
from tests.kernel.test_flags_processes import SWITCH, answers, epochs, operator, serve

from bench.table import Figure, plain

TOGGLES = 20
PROCESSES = 4
PAUSE = 0.05
"""Seconds between toggles, so that each finds the processes at rest."""
BACKENDS = ("sqlite", "postgres", "postgres+redis")


@contextmanager
def lent(name: str) -> Iterator[Backend]:
    """Servers of our own for as long as they are needed."""
    words = name.split("+")
    with ExitStack() as ends:
        url = None
        if "postgres" in words:
            url = ends.enter_context(ends.enter_context(postgres()).lent())
        bell = ends.enter_context(redis_server()).url if "redis" in words else None
        yield Backend(url, bell)


def toggle(
    house: House, client: httpx.Client, addresses: list[str], version: int
) -> tuple[float, float]:
    """Seconds until all have adopted it, and until the other server shows it."""
    state = "off" if version % 2 == 0 else "on"
    shown = 0.0
    began = time.monotonic()
    epoch = client.put(
        f"{addresses[0]}{SWITCH}",
        json={"state": state, "reason": "a measurement"},
        headers={"If-Match": f'"{version}"'},
    ).json()["epoch"]
    while True:
        if not shown:
            items = client.get(f"{addresses[1]}/api/apps").json()["items"]
            if bool(items) == (state == "on"):
                shown = time.monotonic() - began
        if shown and sum(one >= epoch for one in epochs(house)) == PROCESSES:
            return time.monotonic() - began, shown
        time.sleep(0.002)


def measured(folder: Path, name: str, toggles: int) -> Iterator[Figure]:
    """One kind of database."""
    with lent(name) as backend:
        house = House(folder / name, backend)
        try:
            addresses = [serve(house), serve(house)]
            house.run("work")
            house.run("work")
            until(lambda: len(epochs(house)) == PROCESSES, "all processes are there")
            client = httpx.Client(headers=operator(house), timeout=60, trust_env=False)
            until(
                lambda: all([answers(client, one) for one in addresses]),  # noqa: C419
                "the servers answer",
            )
            times = []
            for version in range(toggles):
                times.append(toggle(house, client, addresses, version))
                time.sleep(PAUSE)
        finally:
            house.leave()
    for what, place in (("adopted by all processes", 0), ("shown by the other", 1)):
        found = [one[place] * 1000 for one in times]
        value = f"{statistics.median(found):.0f} / {max(found):.0f}"
        yield Figure(f"{name}: {what}", value, f"ms, p50 / max of {toggles}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.flags", description=__doc__)
    parser.add_argument("--backend", choices=BACKENDS, action="append")
    parser.add_argument("--toggles", type=int, default=TOGGLES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumiku-flags-") as folder:
        for name in given.backend or BACKENDS:
            for figure in measured(Path(folder), name, given.toggles):
                print(plain(figure), flush=True)


if __name__ == "__main__":
    main()
