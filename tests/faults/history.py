"""What happened, one line of JSON each, written as it happens."""

import json
import threading
import time
from pathlib import Path
from typing import Any


class History:
    """An append-only file; `at` is the wall clock in seconds."""

    def __init__(self, path: Path) -> None:
        """Append to `path`."""
        self._file = path.open("a")
        self._lock = threading.Lock()

    def write(self, kind: str, **said: Any) -> None:
        """Write a line: `invoke`, `ok`, `fail`, `unknown`, `fault`, `seen`, …."""
        line = json.dumps({"at": time.time(), "kind": kind, **said})
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def close(self) -> None:
        """No more."""
        self._file.close()
