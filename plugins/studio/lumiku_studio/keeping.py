"""What is kept between pictures, by content and within a bound of bytes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import scipy.sparse as sp

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, those unused for longest forgotten; one at least is kept."""

    def __init__(self, most: int) -> None:
        """Keep at most `most` bytes of arrays."""
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[str, tuple[Value, int]] = OrderedDict()

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        value = make()
        with self._lock:
            self._held[key] = value, weight(value)
            while len(self._held) > 1 and self.bytes() > self._most:
                self._held.popitem(last=False)
        return value

    def bytes(self) -> int:
        """How much is held."""
        return sum(size for _, size in self._held.values())


def weight(value: Any) -> int:
    """Bytes of all arrays in a value's fields, each counted once."""
    found: dict[int, int] = {}
    _weigh(value, found)
    return sum(found.values())


def _weigh(value: Any, found: dict[int, int]) -> None:
    if isinstance(value, np.ndarray):
        whole = value if value.base is None else value.base
        found[id(whole)] = int(getattr(whole, "nbytes", value.nbytes))
    elif sp.issparse(value):
        for one in (value.data, value.indices, value.indptr):
            _weigh(one, found)
    elif isinstance(value, tuple | list):
        for one in value:
            _weigh(one, found)
    elif is_dataclass(value) and id(value) not in found:
        found[id(value)] = 0
        for field in fields(value):
            _weigh(getattr(value, field.name), found)
