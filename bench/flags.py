"""How soon every process goes by a changed flag: `python -m bench.flags`.

Two server and two worker processes on one SQLite file, no Redis; 50 toggles by HTTP.
Each is timed from before the request until the last process has written down that it
has adopted the change, and until the other server's list of apps shows it.
"""

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from tests.faults.house import House, until
from tests.kernel.test_flags_processes import SWITCH, answers, epochs, operator, serve

TOGGLES = 50
PROCESSES = 4
PAUSE = 0.05
"""Seconds between toggles, so that each finds the processes at rest."""


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


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "house")
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
            for version in range(TOGGLES):
                times.append(toggle(house, client, addresses, version))
                time.sleep(PAUSE)
        finally:
            house.leave()
    for name, place in (("adopted by all processes", 0), ("shown by the other", 1)):
        found = [one[place] * 1000 for one in times]
        middle, most = statistics.median(found), max(found)
        print(f"{name}: median {middle:.0f} ms, max {most:.0f} ms ({TOGGLES} toggles)")


if __name__ == "__main__":
    main()
