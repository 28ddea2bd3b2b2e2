"""`python -m bench.guessing`: does the time of a refusal tell who has an account?

Wrong passwords for addresses with and without an account take turns; Mann-Whitney's
test (two-sided, normal approximation) says how likely their times are of one kind.
"""

import argparse
import math
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bench.processes import Site, site

TRIES = 4
"""Of each address: fewer than what makes it wait."""


def seconds(made: Site, pairs: int) -> tuple[list[float], list[float]]:
    """Times of refusals with an account, and without one."""
    known: list[float] = []
    unknown: list[float] = []
    with httpx.Client(base_url=made.url, timeout=60, trust_env=False) as client:
        for number in range(-(-pairs // TRIES)):
            who = {"email": f"known{number}@example.com", "password": "four odd words"}
            client.post("/api/auth/register", json=who).raise_for_status()
            client.cookies.clear()
        for number in range(pairs):
            place = number // TRIES
            for times, name in ((known, "known"), (unknown, "absent")):
                who = {
                    "email": f"{name}{place}@example.com",
                    "password": "not this one",
                }
                began = time.perf_counter()
                status = client.post("/api/auth/login", json=who).status_code
                times.append(time.perf_counter() - began)
                assert status == httpx.codes.UNAUTHORIZED, status
    return known, unknown


def likelihood(one: list[float], other: list[float]) -> float:
    """Mann-Whitney's p."""
    order = sorted(
        (value, side) for side, row in enumerate((one, other)) for value in row
    )
    ranks = sum(place for place, (_, side) in enumerate(order, 1) if side == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    deviation = math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(u - n * m / 2) / deviation / math.sqrt(2))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.guessing", description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="lumiku-guessing-") as folder,
        site(Path(folder)) as made,
    ):
        made.start()
        known, unknown = seconds(made, given.pairs)
    middle = [statistics.median(row) * 1000 for row in (known, unknown)]
    print(f"with an account {middle[0]:.1f} ms, without {middle[1]:.1f} ms (median)")
    print(f"p = {likelihood(known, unknown):.3f} of {given.pairs} pairs")


if __name__ == "__main__":
    main()
