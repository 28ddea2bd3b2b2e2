"""Twenty creators at once: `python -m bench.creators [--app pose-generator]`.

Each sends a few pictures at the same moment. Printed are the seconds to the first
picture of each, and to the last: fair is a system that lets nobody wait twice as long
as another for all of theirs.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx

from bench.figures import start_job
from bench.processes import Site, site
from bench.table import Figure, middle_and_most, plain

CREATORS, PICTURES = 20, 3
ROADS = {
    "trial": ("trial/write", {"seconds": 0.2}),
    "pose-generator": ("pose-generator/generate", {"size": [256, 256]}),
}


@dataclass
class Creator:
    """One of them: when each of the pictures was there, in seconds."""

    client: httpx.Client
    moments: list[float]

    def create(self, road: str, body: object, gate: threading.Barrier) -> None:
        """Send all, then wait for each."""
        gate.wait()
        began = time.monotonic()
        jobs = [start_job(self.client, road, body) for _ in range(PICTURES)]
        for job in jobs:
            state = ""
            while state not in {"succeeded", "failed"}:
                answer = self.client.get(
                    f"/api/jobs/{job}", headers={"Prefer": "wait=60"}
                )
                state = answer.json()["job"]["state"]
            self.moments.append(time.monotonic() - began)


def enrolled(made: Site) -> list[Creator]:
    """Twenty accounts, each with a program of its own."""
    found = []
    for number in range(CREATORS):
        email = f"creator{number}@example.org"
        made.command("users", "create", email, "--tier", "pro")
        made.command("credits", "grant", email, "1000", "--reason", "a measurement")
        found.append(Creator(made.client("--as", email), []))
    return found


def creating(made: Site, app: str) -> Iterator[Figure]:
    """All at once."""
    road, body = ROADS[app]
    creators = enrolled(made)
    gate = threading.Barrier(CREATORS)
    threads = [
        threading.Thread(target=one.create, args=(road, body, gate)) for one in creators
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = [min(one.moments) for one in creators]
    last = [max(one.moments) for one in creators]
    late = quantiles(first, n=20)[-1]
    note = f"s, p50 / p95 of {CREATORS} creators, {app}"
    yield Figure("first picture", f"{median(first):.1f} / {late:.1f}", note)
    ratio = max(last) / min(last)
    yield Figure("all pictures", middle_and_most(last), "s, p50 / max")
    yield Figure("fairness", f"{ratio:.2f} x", "the last creator beside the first")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.creators", description=__doc__)
    parser.add_argument("--app", choices=tuple(ROADS), default="trial")
    app = parser.parse_args().app
    with tempfile.TemporaryDirectory(prefix="lumiku-creators-") as folder:
        plugins = "trial" if app == "trial" else None
        with site(Path(folder), plugins=plugins) as made:
            made.start()
            for figure in creating(made, app):
                print(plain(figure), flush=True)


if __name__ == "__main__":
    main()
