"""From a tap to a preview, and what of it is not the drawing: `python -m bench.tap`.

A tap is the POST of a free job that somebody waits for. Pages wait for its answer
(`Prefer: wait`); programs may follow its events instead. The drawing is what stands
between the commits of its start and of its picture, as the job's own events say; all
else is ours: the way in, the queue, the way back, the answer.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx

from bench.figures import events
from bench.processes import Site, site
from bench.table import Figure, middle_and_most, plain

PREVIEW = "avatar-creator/preview"
PAUSE = 0.3
"""Seconds between two taps, so that each finds everybody at rest."""
ENDED = frozenset({"succeeded", "partial", "failed", "canceled", "expired"})
_taps = count()
Tap = Callable[[httpx.Client, str], str]
"""Starts a job at an address and returns, once its end is known here, its id."""


def by_answer(client: httpx.Client, road: str) -> str:
    """As pages do: one request, which is answered when the job has ended."""
    answer = client.post(f"/api/apps/{road}", json={}, headers=_headers("wait=60"))
    answer.raise_for_status()
    job: dict[str, str] = answer.json()["job"]
    return job["id"]


def by_event(client: httpx.Client, road: str) -> str:
    """As programs may: the job is accepted, its stream is read to the last event."""
    answer = client.post(
        f"/api/apps/{road}", json={}, headers=_headers("respond-async")
    )
    answer.raise_for_status()
    ident: str = answer.json()["job"]["id"]
    with client.stream("GET", f"/api/jobs/{ident}/stream") as told:
        for line in told.iter_lines():
            if line.startswith("data: ") and json.loads(line[6:])["type"] in ENDED:
                break
    return ident


def _headers(prefer: str) -> dict[str, str]:
    return {"Idempotency-Key": f"tap-{next(_taps)}", "Prefer": prefer}


def tapping(made: Site, taps: int = 10, road: str = PREVIEW) -> Iterator[Figure]:
    """Both ways, one tap at a time; the first of each only warms."""
    ways: dict[str, Tap] = {"answer": by_answer, "event": by_event}
    with made.client() as client:
        for name, tap in ways.items():
            whole, beside = [], []
            for number in range(taps + 1):
                time.sleep(PAUSE)
                began = time.perf_counter()
                ident = tap(client, road)
                took = (time.perf_counter() - began) * 1000
                if number:
                    at = events(client, ident)
                    whole.append(took)
                    beside.append(took - (at["item_done"] - at["started"]) * 1000)
            note = f"ms, p50 / max of {taps}"
            yield Figure(f"tap to preview, by {name}", middle_and_most(whole, 0), note)
            yield Figure("  of it not the drawing", middle_and_most(beside, 0), note)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.tap", description=__doc__)
    parser.add_argument("--taps", type=int, default=10)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="lumiku-tap-") as folder,
        site(Path(folder)) as made,
    ):
        made.start()
        for figure in tapping(made, given.taps):
            print(plain(figure), flush=True)


if __name__ == "__main__":
    main()
