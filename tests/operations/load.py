"""Programs that ask for jobs while something is done to an installation."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.faults.house import until

PATIENCE = 120.0
GOING = frozenset({"queued", "running", "retry_wait", "unsaid: 503", "unsaid: 504"})


@dataclass
class Load:
    """Programs that submit jobs and look at them, and what went wrong."""

    url: str
    key: str
    threads: int = 3
    during: str = "the beginning"
    """What is being done meanwhile."""
    asked: int = 0
    accepted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """While it lasts; at its end all have been answered."""
        crowd = [threading.Thread(target=self._live) for _ in range(self.threads)]
        for one in crowd:
            one.start()
        try:
            yield self
        finally:
            self._stop.set()
            for one in crowd:
                one.join(120)

    def goes_on(self, during: str) -> None:
        """Wait until some more has been accepted, and say what comes next."""
        self.during = during
        more = len(self.accepted) + 5
        until(lambda: len(self.accepted) >= more or self.failed, "jobs are accepted")

    def _live(self) -> None:
        # A connection each: one kept alive may be closed just when it is used again.
        alone = httpx.Limits(max_keepalive_connections=0)
        bearer = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(
            base_url=self.url, headers=bearer, timeout=60, trust_env=False, limits=alone
        ) as client:
            while not self._stop.wait(0.15):
                once = {"Idempotency-Key": secrets.token_hex(8)}
                body = {"items": 1, "seconds": 0.02}
                path = "/api/apps/trial/write"
                answer = self._ask(client, "POST", path, json=body, headers=once)
                if answer is not None:
                    job = answer.json()["job"]["id"]
                    self.accepted.append(job)
                    self._ask(client, "GET", f"/api/jobs/{job}")
                    self._ask(client, "GET", "/api/apps")

    def _ask(
        self, client: httpx.Client, method: str, path: str, **how: Any
    ) -> httpx.Response | None:
        self.asked += 1
        try:
            answer = client.request(method, path, **how)
        except httpx.HTTPError as error:
            self.failed.append(f"{self.during}: {method} {path}: {error!r}")
            return None
        if answer.is_success:
            return answer
        said = f"{answer.status_code} {answer.text[:300]}"
        self.failed.append(f"{self.during}: {method} {path}: {said}")
        return None

    def ended(self) -> dict[str, int]:
        """Wait until every accepted job has ended; how many in which state."""
        states: dict[str, int] = {}
        bearer = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(
            base_url=self.url, headers=bearer, timeout=60, trust_env=False
        ) as client:
            for job in self.accepted:
                end = time.monotonic() + PATIENCE
                while (state := _state(client, job)) in GOING:
                    if time.monotonic() > end:
                        break
                    time.sleep(0.1)
                states[state] = states.get(state, 0) + 1
        return states


def _state(client: httpx.Client, job: str) -> str:
    """Its state, or the server's refusal to say it now."""
    answer = client.get(f"/api/jobs/{job}")
    told = answer.json()
    state = told.get("job", told).get("state")
    return str(state or f"unsaid: {answer.status_code}")
