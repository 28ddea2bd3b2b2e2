"""Counts how often plugins ask for a flag, in memory; written down now and then."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping

from lumiku_kernel.store import Store, now, upsert
from lumiku_kernel.store.tables import flag_uses


class Tally:
    """A process's counts since they were last written down."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, key: str) -> None:
        """One more."""
        with self._lock:
            self._asked[key] += 1

    def of(self, answers: Mapping[str, bool]) -> "Counted":
        """The same answers, counted."""
        return Counted(answers, self)

    def write(self, store: Store) -> None:
        """Add what was counted to the table; nothing is lost if that fails."""
        with self._lock:
            asked, self._asked = self._asked, Counter()
        if not asked:
            return
        try:
            with store.write(quiet=True) as session:
                for key, times in sorted(asked.items()):  # in order: no deadlock
                    fresh = {"key": key, "at": now(), "times": times}
                    more = {"at": now(), "times": flag_uses.c.times + times}
                    upsert(session, flag_uses, fresh, more)
        except BaseException:
            with self._lock:
                self._asked += asked
            raise


class Counted(Mapping[str, bool]):
    """Answers that count how often each is asked for."""

    def __init__(self, answers: Mapping[str, bool], tally: Tally) -> None:
        """`answers` are asked when this is."""
        self._answers = answers
        self._tally = tally

    def __getitem__(self, key: str) -> bool:
        """The answer, or KeyError."""
        value = self._answers[key]
        self._tally.count(key)
        return value

    def __iter__(self) -> Iterator[str]:
        """Every key, uncounted."""
        return iter(self._answers)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._answers)
