"""What the public API says when all is over: written down for the checker."""

import base64
import json
import time
from typing import Any

import httpx
from tests.faults.town import Town

ENDED = frozenset({"succeeded", "partial", "failed", "canceled", "expired"})
OK = 200


class Harvest:
    """Asks as each user, by HTTP alone."""

    def __init__(self, town: Town) -> None:
        """Nothing is asked yet."""
        self._town = town
        self._clients = {
            user: httpx.Client(
                base_url=town.urls[0],
                headers={"Authorization": f"Bearer {key}"},
                timeout=30,
                trust_env=False,
            )
            for user, key in town.keys.items()
        }

    def settle_the_unknown(self) -> None:
        """Replay each request whose outcome nobody knows, with its key."""
        lines = (self._town.folder / "history.jsonl").read_text().splitlines()
        for said in map(json.loads, lines):
            if said["kind"] == "unknown" and said["op"] == "submit":
                answer = self._clients[said["user"]].post(
                    f"/api/apps/oracle/{said['worker']}",
                    json=said["body"],
                    headers={"Idempotency-Key": said["key"]},
                )
                about = {key: said[key] for key in ("op", "key", "user", "nonces")}
                if answer.is_success:
                    job = answer.json()["job"]["id"]
                    self._town.history.write("ok", **about, job=job)
                else:
                    self._town.history.write("fail", **about, status=answer.status_code)

    def wait(self, seconds: float) -> float:
        """Wait for all jobs to end; how long it took, in seconds."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if not any(self._going(user) for user in self._clients):
                break
            time.sleep(0.3)
        return time.monotonic() - began

    def _going(self, user: str) -> bool:
        # Twice, for one may go from a state to another between two questions.
        for state in ("queued", "running", "retry_wait") * 2:
            found = self._ask(user, "/api/jobs", state=state, limit=1)
            if found["items"]:
                return True
        return False

    def gather(self) -> None:
        """Write all there is: jobs, events, pictures, credits."""
        path = self._town.folder / "harvest.jsonl"
        with path.open("w") as file:
            for user in self._clients:
                for job in self._all(user, "/api/jobs"):
                    file.write(json.dumps(self._job(user, job)) + "\n")
                held = self._ask(user, "/api/credits")
                line = {"what": "credits", "user": user, **held}
                file.write(json.dumps(line) + "\n")

    def job(self, user: str, job_id: str) -> dict[str, Any]:
        """A job, as its owner sees it."""
        found: dict[str, Any] = self._ask(user, f"/api/jobs/{job_id}")["job"]
        return found

    def _job(self, user: str, job: dict[str, Any]) -> dict[str, Any]:
        full = self.job(user, job["id"])
        events = self._all(user, f"/api/jobs/{job['id']}/events", "after")
        for one in full["artifacts"]:
            answer = self._clients[user].get(one["url"])
            one["status"] = answer.status_code
            one["content"] = base64.b64encode(answer.content).decode()
        return {"what": "job", "user": user, "job": full, "events": events}

    def strangers(self) -> None:
        """Ask for some of each user's things with another's key; write the answers."""
        users = list(self._clients)
        for user, other in zip(users, users[1:] + users[:1], strict=True):
            for job in self._ask(user, "/api/jobs", limit=3)["items"]:
                if user == other:
                    continue
                places = [f"/api/jobs/{job['id']}"]
                places += [one["url"] for one in job.get("artifacts", [])]
                for place in places:
                    status = self._clients[other].get(place).status_code
                    said = {"user": other, "place": place, "status": status}
                    self._town.history.write("foreign", **said)

    def _all(self, user: str, path: str, cursor: str = "cursor") -> list[Any]:
        found: list[Any] = []
        more: dict[str, Any] = {}
        while True:
            page = self._ask(user, path, limit=100, **more)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            more = {cursor: page["next_cursor"]}

    def _ask(self, user: str, path: str, **query: Any) -> Any:
        answer = None
        for _ in range(60):
            try:
                answer = self._clients[user].get(path, params=query)
            except httpx.TransportError:
                time.sleep(0.5)
                continue
            if answer.status_code == OK:
                return answer.json()
            time.sleep(0.5)
        said = answer.text if answer is not None else "no answer"
        raise RuntimeError(f"{path}: {said}")
