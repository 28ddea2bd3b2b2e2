"""Programs that start jobs over HTTP, never give up, and write all of it down."""

import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from tests.faults.town import Town

ACCEPTED = (200, 202)
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 507})
PATIENCE = 180.0
"""Seconds after which a program gives a request up; what became of it is unknown."""


@dataclass(frozen=True)
class Habits:
    """How many jobs in how many seconds, and of what kind; `cancels` is a share."""

    jobs: int = 100
    seconds: float = 30.0
    threads: int = 6
    items: tuple[int, int] = (1, 2)
    delay: tuple[float, float] = (0.05, 0.5)
    cancels: float = 0.05
    follows: float = 0.2
    worker: str = "paint"
    crash: str = "none"
    modes: tuple[str, ...] = ("",)


class Crowd:
    """The programs of all users."""

    def __init__(self, town: Town, habits: Habits, seed: int) -> None:
        """Nobody has asked for anything."""
        self._town, self._habits = town, habits
        self._chance = random.Random(seed)  # noqa: S311 (repeatable)
        self._due = self._plan()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._threads = [
            threading.Thread(target=self._live, name=f"program-{n}", daemon=True)
            for n in range(habits.threads)
        ]
        self.left = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until all have been answered, or have given up."""
        for thread in self._threads:
            thread.join()

    def _plan(self) -> list[dict[str, Any]]:
        """Every request, with its moment; the same for the same seed."""
        habits, chance = self._habits, self._chance
        users = [f"user{n}" for n in range(self._town.plan.users)]
        return [
            {
                "at": habits.seconds * n / habits.jobs,
                "user": chance.choice(users),
                "key": f"op-{n}-{chance.getrandbits(32):08x}",
                "nonces": [
                    f"{chance.getrandbits(64):016x}"
                    for _ in range(chance.randint(*habits.items))
                ],
                "delay": round(chance.uniform(*habits.delay), 3),
                "mode": habits.modes[n % len(habits.modes)],
                "cancel": chance.random() < habits.cancels,
                "follow": chance.random() < habits.follows,
                "urls": chance.sample(self._town.urls, len(self._town.urls)),
            }
            for n in range(habits.jobs)
        ][::-1]

    def _live(self) -> None:
        with httpx.Client(timeout=20, trust_env=False) as client:
            while (op := self._next()) is not None:
                wait = self._began + op["at"] - time.monotonic()
                if wait > 0:
                    self.left.wait(wait)
                job_id = self._submit(client, op)
                if job_id and op["cancel"]:
                    self._cancel(client, op, job_id)
                elif job_id and op["follow"]:
                    self._follow(client, op, job_id)

    def _next(self) -> dict[str, Any] | None:
        with self._lock:
            return self._due.pop() if self._due else None

    def _submit(self, client: httpx.Client, op: dict[str, Any]) -> str | None:
        body = {
            "nonces": op["nonces"],
            "delay": op["delay"],
            "mode": op["mode"],
            "crash": self._habits.crash,
        }
        about = {key: op[key] for key in ("key", "user", "nonces")}
        about |= {"op": "submit", "body": body, "worker": self._habits.worker}
        path = f"/api/apps/oracle/{self._habits.worker}"
        self._town.history.write("invoke", **about)
        headers = {"Idempotency-Key": op["key"]}
        answer = self._ask(client, op, "POST", path, body=body, headers=headers)
        if answer is None:
            self._town.history.write("unknown", **about)
            return None
        if answer.status_code not in ACCEPTED:
            said = {"status": answer.status_code, "body": answer.text[:300]}
            self._town.history.write("fail", **about, **said)
            return None
        job_id: str = answer.json()["job"]["id"]
        self._town.history.write("ok", **about, job=job_id)
        return job_id

    def _cancel(self, client: httpx.Client, op: dict[str, Any], job_id: str) -> None:
        self._town.history.write("invoke", op="cancel", user=op["user"], job=job_id)
        answer = self._ask(client, op, "POST", f"/api/jobs/{job_id}/cancel", body={})
        done = answer is not None and answer.status_code in ACCEPTED
        kind = "ok" if done else "unknown"
        self._town.history.write(kind, op="cancel", user=op["user"], job=job_id)

    def _follow(self, client: httpx.Client, op: dict[str, Any], job_id: str) -> None:
        """Poll a job's events for a while, and write down what is seen, in order."""
        seen, end = 0, time.monotonic() + 3.0
        while time.monotonic() < end:
            path = f"/api/jobs/{job_id}/events?after={seen}"
            answer = self._ask(client, op, "GET", path)
            if answer is None or answer.status_code != ACCEPTED[0]:
                return
            for event in answer.json()["items"]:
                seen = event["seq"]
                said = {"job": job_id, "seq": seen, "type": event["type"]}
                self._town.history.write("seen", op="follow", **said)
            time.sleep(0.3)

    def _ask(
        self,
        client: httpx.Client,
        op: dict[str, Any],
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        """Ask until there is an answer that is one; each try is written down."""
        key = self._town.keys[op["user"]]
        headers = {**(headers or {}), "Authorization": f"Bearer {key}"}
        end, turn = time.monotonic() + PATIENCE, 0
        while time.monotonic() < end:
            url = op["urls"][turn % len(op["urls"])]
            turn += 1
            try:
                answer = client.request(method, url + path, json=body, headers=headers)
            except httpx.HTTPError as error:
                self._tried(method, 0, type(error).__name__)
                time.sleep(0.2)
                continue
            self._tried(method, answer.status_code, _code(answer))
            if answer.status_code not in AGAIN:
                return answer
            time.sleep(min(float(answer.headers.get("retry-after", 0.3)), 2.0))
        return None

    def _tried(self, method: str, status: int, code: str) -> None:
        self._town.history.write("try", method=method, status=status, code=code)


def _code(answer: httpx.Response) -> str:
    if answer.is_success:
        return ""
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return answer.text[:80]
