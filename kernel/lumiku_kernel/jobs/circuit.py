"""When to leave a failing model alone: a circuit as a frozen value; pure.

Its window begins with a failure, so that models that work cost no writing.
"""

from dataclasses import dataclass, replace
from typing import Literal

Heard = Literal["ok", "failed", "timeout", "key"]
"""What a call came to; `key` is a refusal of our own key."""
WINDOW, OPEN, JITTER = 30.0, 30.0, 0.2
CALLS, SHARE, TIMEOUTS = 20, 0.5, 5
RETRY_WINDOW, RETRY_SHARE, RETRY_LEAST = 60.0, 0.2, 10
"""Of a provider's calls in so many seconds this share may be retries; or so many."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """Moments are seconds since 1970; the fields are the columns of the table."""

    window_at: float
    state: Literal["closed", "open", "half_open"] = "closed"
    calls: int = 0
    failed: int = 0
    timeouts: int = 0
    retries: int = 0
    open_until: float | None = None
    probe: str | None = None
    detail: str = ""

    def quiet(self, at: float) -> bool:
        """Whether a call that went well changes nothing."""
        over = at - self.window_at >= WINDOW
        return self.state == "closed" and over and not self.timeouts

    def counting(self, at: float) -> bool:
        """Whether a provider's calls are counted: one has failed of late."""
        return at - self.window_at < RETRY_WINDOW

    def shut(self, at: float) -> bool:
        """Whether calls are kept away, but for the one probe."""
        return self.state == "open" and at < (self.open_until or at)


def probing(circuit: Circuit, job: str, at: float) -> Circuit:
    """`job` is taken: of a model that failed it is the one that tries it again."""
    if circuit.state == "closed" or circuit.shut(at):
        return circuit
    return replace(circuit, state="half_open", probe=job)


def heard(
    circuit: Circuit, came: Heard, *, job: str, at: float, detail: str, luck: float
) -> Circuit:
    """What a call of `job` tells; `luck` in 0.0-1.0 spreads the moments of opening."""
    if circuit.state == "open":
        return circuit  # a call from before
    if circuit.state == "half_open":
        if job != circuit.probe:
            return circuit
        return Circuit(at) if came == "ok" else _opened(circuit, at, detail, luck)
    counted = _counted(circuit, came, at)
    many = counted.calls >= CALLS and counted.failed >= SHARE * counted.calls
    if came != "ok" and (came == "key" or many or counted.timeouts >= TIMEOUTS):
        return _opened(counted, at, detail, luck)
    return counted


def _counted(circuit: Circuit, came: Heard, at: float) -> Circuit:
    if at - circuit.window_at >= WINDOW:
        circuit = replace(circuit, window_at=at, calls=0, failed=0)
    return replace(
        circuit,
        calls=circuit.calls + 1,
        failed=circuit.failed + (came != "ok"),
        timeouts=circuit.timeouts + 1 if came == "timeout" else 0,
    )


def _opened(circuit: Circuit, at: float, detail: str, luck: float) -> Circuit:
    until = at + OPEN * (1 + JITTER * (2 * luck - 1))
    return replace(
        circuit, state="open", open_until=until, probe=None, detail=detail[:500]
    )


def one_more(budget: Circuit, at: float) -> Circuit:
    """A provider's row after another call; its window begins anew when it is over."""
    if not budget.counting(at):
        budget = Circuit(at)
    return replace(budget, calls=budget.calls + 1)


def may_retry(budget: Circuit, at: float) -> Circuit | None:
    """The row of a provider that is asked again; None if it is asked too often."""
    if not budget.counting(at):
        budget = Circuit(at)
    if budget.retries >= max(RETRY_LEAST, RETRY_SHARE * budget.calls):
        return None
    return replace(budget, retries=budget.retries + 1)
