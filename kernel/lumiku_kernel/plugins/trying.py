"""The child of `plugins.trial`: imports plugins that are new to this machine."""

import json
import os
import resource
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from lumiku_contracts import ENTRY_POINTS
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import load_one


def main() -> None:
    """Import what standard input names; tell of each before and after."""
    pipe = int(sys.argv[1])
    memory, wanted = json.load(sys.stdin)
    _limit(memory)
    for ident, value in wanted:
        _tell(pipe, {"begin": ident})
        point = EntryPoint(ident, value, ENTRY_POINTS)
        loaded = load_one(point, Loaded(ident, "?", "0"))
        _tell(pipe, {"end": ident, "code": loaded.code, "reason": loaded.reason})
    _tell(pipe, {"done": True})
    os._exit(0)  # threads that a plugin may have started do not keep us


def _limit(memory: int) -> None:
    """Bound the address space to what is used now and `memory` bytes more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _tell(pipe: int, message: dict[str, Any]) -> None:
    os.write(pipe, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
