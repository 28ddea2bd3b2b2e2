"""How often something may be asked, counted in this process or in Redis.

The library's own memory starts a thread for nearly every request, which looks at every
key; the counters here are swept now and then by whoever comes.
"""

import logging
import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from lumiku_kernel.store.doors import fresh

SWEEP_SECONDS = 30.0
AGAIN_SECONDS = 5.0
"""After Redis was lost, until it is tried again."""
WAIT_SECONDS = 0.25
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """What is left of a rule; `reset` in seconds."""

    allowed: bool
    most: int
    left: int
    reset: int


class Rates:
    """Counts who has asked how often; without Redis, or when it is lost, alone."""

    def __init__(self, redis_url: str | None = None) -> None:
        """`redis_url` is where all servers count together."""
        self._alone = FixedWindowRateLimiter(Counters())
        self._shared: FixedWindowRateLimiter | None = None
        self._lost_until = 0.0
        self._rules: dict[int, RateLimitItem] = {}
        if redis_url is not None:
            named = fresh(redis_url)
            self._shared = FixedWindowRateLimiter(
                RedisStorage(
                    named.pop("url"),
                    **named,
                    socket_timeout=WAIT_SECONDS,
                    socket_connect_timeout=WAIT_SECONDS,
                )
            )

    @property
    def waits(self) -> bool:
        """Whether `take` asks another process."""
        return self._shared is not None and time.monotonic() >= self._lost_until

    def take(self, name: str, who: str, most: int) -> Count:
        """Count one of `most` per minute."""
        rule = self._rules.get(most)
        if rule is None:
            rule = self._rules[most] = RateLimitItemPerMinute(most)
        if self._shared is not None and self.waits:
            try:
                return _take(self._shared, rule, name, who)
            except Exception as error:  # whatever a client of Redis may raise
                self._lost_until = time.monotonic() + AGAIN_SECONDS
                told = "Redis is lost (%s): each server counts requests alone"
                log.warning(told, type(error).__name__)
        return _take(self._alone, rule, name, who)


def _take(
    limiter: FixedWindowRateLimiter, rule: RateLimitItem, name: str, who: str
) -> Count:
    allowed = limiter.hit(rule, name, who)
    reset, left = limiter.get_window_stats(rule, name, who)
    return Count(allowed, rule.amount, left, max(1, round(reset - time.time())))


class Counters(Storage):
    """Counters in memory that end by themselves."""

    STORAGE_SCHEME = ["lumiku"]  # noqa: RUF012 (the library's word)

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, float]] = {}
        self._sweep_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; the number so far."""
        now = time.time()
        with self._lock:
            if now >= self._sweep_at:
                self._sweep(now)
            count, until = self._known.get(key, (0, 0.0))
            if until <= now:
                count, until = 0, now + expiry
            self._known[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        """The number so far."""
        count, until = self._known.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When it begins again, in seconds since 1970."""
        return self._known.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """It is always there."""
        return True

    def reset(self) -> int | None:
        """Forget all."""
        with self._lock:
            known, self._known = self._known, {}
        return len(known)

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._lock:
            self._known.pop(key, None)

    def _sweep(self, now: float) -> None:
        self._sweep_at = now + SWEEP_SECONDS
        self._known = {k: one for k, one in self._known.items() if one[1] > now}
