"""What every answer must be, however bad the request was."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.inputs.bad import Bad

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
BETRAYED = ("Traceback (most recent", 'File "/', "sqlalchemy", "site-packages")


@dataclass
class Judge:
    """Asks, looks at the answers, and keeps what is wrong with them."""

    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    charged: int = 0

    def ask(self, client: httpx.Client, bad: Bad) -> None:
        """One request; its answer is judged."""
        request = client.build_request(
            bad.method,
            "/",
            headers=[(k.encode(), v) for k, v in bad.headers.items()],
            content=bad.content,
        )
        request.url = request.url.copy_with(raw_path=bad.path.encode())
        began = time.perf_counter()
        try:
            answer = client.send(request)
        except httpx.LocalProtocolError:
            return  # our own client does not send it
        except httpx.TransportError as error:
            self.faults.append(f"{type(error).__name__} at {bad}")
            return
        self.seconds.append(time.perf_counter() - began)
        self.statuses[answer.status_code] += 1
        fault = self._fault(answer)
        if fault is not None:
            self.faults.append(
                f"{fault}: {answer.status_code} {answer.text[:300]} at {bad}"
            )

    def _fault(self, answer: httpx.Response) -> str | None:
        text = answer.text
        if any(word in text for word in BETRAYED):
            return "it betrays how it is made"
        if answer.status_code < httpx.codes.BAD_REQUEST:
            if answer.status_code == httpx.codes.ACCEPTED and '"price"' in text:
                self.charged += int(answer.json()["job"]["price"])
            return None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR and not (
            answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
            and "retry-after" in answer.headers
        ):
            return "it is a fault of ours"
        if answer.headers.get("content-type") != "application/problem+json":
            return "it is no problem document"
        told: dict[str, Any] = answer.json()
        if not CODE.fullmatch(told.get("code", "")) or not told.get("request_id"):
            return "it has no code or no number"
        self.codes[told["code"]] += 1
        return None

    def p99(self) -> float:
        """Seconds that 99 of 100 answers took at most."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]
