"""The command line, called in this process: quicker, and just as true."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from lumiku_kernel.cli import main


@dataclass(frozen=True)
class Said:
    """What a command has said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said, read as JSON."""
        return json.loads(self.out)


def lumiku(*arguments: str, stdin: str = "") -> Said:
    """Run `lumiku` with these arguments; an exception is a traceback, and exit 1."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), _sent(arguments, stdin):
        try:
            main()
            code: object = 0
        except SystemExit as left:
            code = left.code or 0
    return Said(code if isinstance(code, int) else 1, out.getvalue(), err.getvalue())


@contextmanager
def _sent(arguments: tuple[str, ...], stdin: str) -> Iterator[None]:
    with (
        patch.object(sys, "argv", ["lumiku", *arguments]),
        patch.object(sys, "stdin", io.StringIO(stdin)),
    ):
        yield
