"""Judges a run by what was seen from outside; imports nothing of the product.

`python -m tests.faults.checker FOLDER` reads the programs' history, the provider's log
and what the public API said at the end, counts what must not be, and prints a table.
"""

import argparse
import base64
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.faults.records import Run, nonce_of

ENDED = frozenset({"succeeded", "partial", "failed", "canceled", "expired"})
RESUMED = frozenset({"progress", "item_done", "item_failed", *ENDED})
HURT = frozenset({"worker killed", "worker frozen"})
STUCK_SECONDS = 60.0


@dataclass(frozen=True)
class Count:
    """A figure and what it may be at most; `most` is None for what is only told."""

    name: str
    value: float
    most: float | None = 0
    example: str = ""

    @property
    def fine(self) -> bool:
        """Whether it passes."""
        return self.most is None or self.value <= self.most


def lost(run: Run) -> Iterator[str]:
    """Accepted jobs that are not there, or have not ended."""
    ended = {one["job"]["id"] for one in run.jobs if one["job"]["state"] in ENDED}
    return (job for job in run.accepted if job not in ended)


def stuck(run: Run) -> Iterator[str]:
    """Jobs that have not ended, and of which nothing was heard for long."""
    last = max((one["at"] for one in run.history), default=0.0)
    for found in run.jobs:
        if found["job"]["state"] not in ENDED:
            heard = max((_moment(event) for event in found["events"]), default=0.0)
            if last - heard > STUCK_SECONDS:
                yield found["job"]["id"]


def phantoms(run: Run) -> Iterator[str]:
    """Jobs that no program has asked for, and pictures that no provider has made."""
    made = {call["nonce"] for call in run.calls}
    yield from (
        one["job"]["id"] for one in run.jobs if one["job"]["id"] not in run.accepted
    )
    for found, one in run.pictures():
        nonce = nonce_of(base64.b64decode(one["content"]))
        if nonce not in made:
            yield f"{found['job']['id']} item {one['index']}: {one['status']} {nonce}"


def wrong(run: Run) -> Iterator[str]:
    """Pictures that are not what their job's program has asked for, or are lacking."""
    for found in run.jobs:
        job = found["job"]
        asked = run.accepted.get(job["id"])
        if asked is None:
            continue
        shown = {one["index"] for one in job["artifacts"]}
        if len(shown) != job["items"]["ok"]:
            yield f"{job['id']}: {len(shown)} pictures, {job['items']['ok']} delivered"
        if asked["user"] != found["user"]:
            yield f"{job['id']} belongs to another"
        for one in job["artifacts"]:
            nonce = nonce_of(base64.b64decode(one["content"]))
            if nonce != asked["nonces"][one["index"]]:
                yield f"{job['id']} item {one['index']} shows {nonce}"


def foreign(run: Run) -> Iterator[str]:
    """Answers that gave one user another's things."""
    for one in run.said("foreign"):
        if one["status"] != 404:
            yield f"{one['place']}: {one['status']}"


def duplicates(run: Run) -> Iterator[str]:
    """What is there, or was seen, more than once or out of order."""
    by_key = defaultdict(set)
    for job, asked in run.accepted.items():
        by_key[asked["key"]].add(job)
    yield from (f"{key}: {jobs}" for key, jobs in by_key.items() if len(jobs) > 1)
    places = Counter(
        (found["job"]["id"], one["index"]) for found, one in run.pictures()
    )
    yield from (f"{place}" for place, count in places.items() if count > 1)
    nonces = Counter(
        nonce_of(base64.b64decode(one["content"])) for _, one in run.pictures()
    )
    yield from (f"nonce {nonce}" for nonce, count in nonces.items() if count > 1)
    for found in run.jobs:
        yield from _disorder(found["job"]["id"], found["events"])
    for job, seen in _seen(run).items():
        if seen != list(range(1, len(seen) + 1)):
            yield f"{job}: a follower saw {seen}"


def _disorder(job: str, events: list[dict[str, Any]]) -> Iterator[str]:
    if [one["seq"] for one in events] != list(range(1, len(events) + 1)):
        yield f"{job}: events are not numbered without gaps"
    ends = [place for place, one in enumerate(events, 1) if one["type"] in ENDED]
    if len(ends) > 1 or (ends and ends[0] != len(events)):
        yield f"{job}: ended at {ends} of {len(events)} events"
    highest = 0.0
    for one in events:
        if one["type"] == "restarted":
            highest = 0.0
        if one["type"] == "progress":
            if one["progress"] < highest - 1e-6:
                yield f"{job}: progress falls at event {one['seq']}"
            highest = one["progress"]


def _seen(run: Run) -> dict[str, list[int]]:
    seen: dict[str, list[int]] = defaultdict(list)
    for one in run.said("seen", "follow"):
        seen[one["job"]].append(one["seq"])
    return seen


def drift(run: Run) -> Iterator[str]:
    """Users whose credits are not what was given less what was delivered.

    Whose jobs go on has no balance that stands still; those jobs count as lost.
    """
    going = {one["user"] for one in run.jobs if one["job"]["state"] not in ENDED}
    delivered: Counter[str] = Counter()
    for found in run.jobs:
        delivered[found["user"]] += len(
            {one["index"] for one in found["job"]["artifacts"]}
        )
    for user, held in run.credits.items():
        due = run.setup["welcome"] - delivered[user] * run.setup["price"]
        if user not in going and held["available"] + held["reserved"] != due:
            yield f"{user} has {held['available']} + {held['reserved']}, not {due}"


def overdrawn(run: Run) -> Iterator[str]:
    """Users who have less than nothing."""
    for user, held in run.credits.items():
        if held["available"] < 0 or held["reserved"] < 0:
            yield user


def unfinalised(run: Run) -> Iterator[str]:
    """Users who have nothing under way, but something reserved."""
    going = {one["user"] for one in run.jobs if one["job"]["state"] not in ENDED}
    for user, held in run.credits.items():
        if held["reserved"] and user not in going:
            yield f"{user}: {held['reserved']}"


def recoveries(run: Run) -> list[float]:
    """Seconds from each death to the next sign of life of the jobs it interrupted.

    Where the next holder was killed too before it could say anything, its claim is the
    sign; the rest is the next recovery's.
    """
    hurts = [one["at"] for one in run.said("fault") if one["what"] in HURT]
    found = []
    for one in run.jobs:
        events = one["events"]
        for place, event in enumerate(events):
            rescued = event["type"] == "queued" and event.get("rescued")
            later = _resumed(events[place + 1 :])
            if not rescued or later is None:
                continue
            before = _moment(events[place - 1])
            causes = [at for at in hurts if before <= at <= _moment(event)]
            if causes:
                found.append(_moment(later) - causes[0])
    return sorted(found)


def _resumed(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first sign of life among what came after a rescue."""
    taken = None
    for event in events:
        if event["type"] in RESUMED:
            return event
        if event["type"] == "restarted":
            taken = event
        elif event.get("rescued"):
            return taken
    return None


def unavailable(run: Run) -> float:
    """Per cent of the programs' tries that a server failed to answer well."""
    tries = run.said("try")
    bad = [one for one in tries if one["status"] == 0 or one["status"] >= 500]
    return 100.0 * len(bad) / max(len(tries), 1)


def _moment(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()


def judge(folder: Path, *, limits: dict[str, float] | None = None) -> list[Count]:
    """All counts of a run; `limits` are pass lines for what is else only told."""
    run = Run(folder)
    told = limits or {}
    counts = [
        _counted("lost", lost(run)),
        _counted("stuck", stuck(run)),
        _counted("phantom", phantoms(run)),
        _counted("wrong picture", wrong(run)),
        _counted("given to strangers", foreign(run)),
        _counted("visible duplicates", duplicates(run)),
        _counted("credit drift", drift(run)),
        _counted("overdraft", overdrawn(run)),
        _counted("unfinalised", unfinalised(run)),
    ]
    facts = {"requests": float(len(run.said("invoke", "submit")))}
    facts["refused"] = float(len(run.said("fail", "submit")))
    states = Counter(one["job"]["state"] for one in run.jobs)
    facts |= {f"jobs {state}": float(n) for state, n in sorted(states.items())}
    facts["faults"] = float(len(run.said("fault")))
    delivered = sum(1 for _ in run.pictures())
    facts["pictures delivered"] = float(delivered)
    facts["extra provider calls"] = float(len(run.calls) - delivered)
    facts["tries not answered, %"] = round(unavailable(run), 3)
    found = recoveries(run)
    if found:
        facts["recoveries"] = float(len(found))
        facts["recovery p50 s"] = round(found[len(found) // 2], 2)
        facts["recovery p95 s"] = round(found[int(len(found) * 0.95)], 2)
        facts["recovery max s"] = round(found[-1], 2)
    for name in sorted(told.keys() - facts.keys()):
        facts[name] = 0.0
    counts += [Count(name, value, told.get(name)) for name, value in facts.items()]
    return counts


def _counted(name: str, found: Iterable[str]) -> Count:
    rows = list(found)
    return Count(name, len(rows), 0, "; ".join(rows[:3]))


def table(counts: Iterable[Count]) -> str:
    """The counts as lines for people."""
    rows = []
    for one in counts:
        most = "" if one.most is None else f"<= {one.most:g}"
        word = "" if one.most is None else ("ok" if one.fine else "BROKEN")
        rows.append(
            f"{one.name:24} {one.value:>10g} {most:>10} {word:6} {one.example}".rstrip()
        )
    return "\n".join(rows)


def main() -> int:
    """Judge a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    counts = judge(parser.parse_args().folder)
    print(table(counts))
    return 0 if all(one.fine for one in counts) else 1


if __name__ == "__main__":
    raise SystemExit(main())
