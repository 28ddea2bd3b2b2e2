"""Jobs sent while their app is switched each second: `python -m bench.storm`.

Two servers take a thousand requests for jobs from eight programs. None may be accepted
later than two seconds after its app was switched off, and what each pays is the price
that its 202 has named. Both are counted, and printed.
"""

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from tests.faults.house import House, until
from tests.kernel.test_flags_processes import SWITCH, answers, operator, serve

from lumiku_kernel.ledger.post import grant
from lumiku_kernel.store.tables import accounts, ledger_entries, ledger_txns

SENT, PROGRAMS = 1000, 8
GRACE = 2.0
"""Seconds within which a switch must be heard everywhere."""

Answer = tuple[float, int, dict[str, Any]]


class Switch:
    """Turns the app off and on each second, and notes when."""

    def __init__(self, client: httpx.Client, address: str) -> None:
        """On."""
        self._client, self._address = client, address
        self._over = threading.Event()
        self.turned: list[tuple[float, str]] = []

    def run(self) -> None:
        """Toggle until `stop`."""
        version, state = 0, "off"
        while not self._over.wait(1.0):
            began = time.monotonic()
            answer = self._client.put(
                f"{self._address}{SWITCH}",
                json={"state": state, "reason": "a measurement"},
                headers={"If-Match": f'"{version}"'},
            )
            answer.raise_for_status()
            # It is off for certain from the answer on, and on from the request.
            sure = time.monotonic() if state == "off" else began
            self.turned.append((sure, state))
            version, state = version + 1, "on" if state == "off" else "off"

    def stop(self) -> None:
        """Toggle no more."""
        self._over.set()

    def off_for(self, sent: float) -> float:
        """Seconds for which the app had been off when a request was sent."""
        before = [one for one in self.turned if one[0] <= sent]
        return sent - before[-1][0] if before and before[-1][1] == "off" else 0.0


def send(client: httpx.Client, address: str, number: int) -> Answer:
    """One request for a job."""
    sent = time.monotonic()
    answer = client.post(
        f"{address}/api/apps/trial/write",
        json={},
        headers={"Idempotency-Key": f"storm-{number}"},
    )
    time.sleep(0.08)  # so that the storm outlasts a dozen toggles
    return sent, answer.status_code, answer.json()


def charged(house: House) -> dict[str, int]:
    """What each job has had reserved, by the ledger."""
    taken = (ledger_txns.c.kind == "reserve") & (ledger_entries.c.amount > 0)
    statement = (
        select(ledger_txns.c.job_id, ledger_entries.c.amount)
        .join(ledger_entries, ledger_entries.c.txn_id == ledger_txns.c.id)
        .where(taken)
    )
    with house.room.store.read() as session:
        return {row.job_id: row.amount for row in session.execute(statement)}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "house")
        try:
            answers_, switch = _storm(house)
            paid = charged(house)
        finally:
            house.leave()
    accepted = [one for one in answers_ if one[1] in (200, 202)]
    off = [switch.off_for(one[0]) for one in accepted]
    named = {one[2]["job"]["id"]: one[2]["job"]["price"] for one in accepted}
    wrong = [job for job, price in named.items() if paid.get(job, 0) != price]
    codes = sorted({one[2].get("code", "accepted") for one in answers_})
    print(
        f"{len(answers_)} sent, {len(accepted)} accepted, answers: {', '.join(codes)}"
    )
    late = sum(1 for seconds in off if seconds > GRACE)
    print(f"{len(switch.turned)} toggles, accepted too late: {late}")
    print(f"the latest that was accepted after off: {max(off) * 1000:.0f} ms")
    print(f"charges that differ from the price in the answer: {len(wrong)}")
    print(f"charges without an accepted request: {len(set(paid) - set(named))}")


def _storm(house: House) -> tuple[list[Answer], Switch]:
    addresses = [serve(house), serve(house)]
    house.run("work")
    client = httpx.Client(headers=operator(house), timeout=60, trust_env=False)
    first, second = addresses
    until(lambda: answers(client, first), "the first server answers")
    until(lambda: answers(client, second), "the second server answers")
    with house.room.store.write() as session:
        for ident in session.execute(select(accounts.c.id)).scalars().all():
            grant(session, ident, 100_000, actor="bench", reason="storm")
    switch = Switch(client, addresses[0])
    turning = threading.Thread(target=switch.run)
    turning.start()
    with ThreadPoolExecutor(PROGRAMS) as pool:
        found = list(pool.map(lambda n: send(client, addresses[n % 2], n), range(SENT)))
    switch.stop()
    turning.join()
    return found, switch


if __name__ == "__main__":
    main()
