"""The command line; each command imports what it needs when it is called."""

import sys

from lumiku_kernel.cli import (
    accounts,
    author,
    backup,
    catalogue,
    farewell,
    flags,
    gate,
    jobs,
    look,
    newcomers,
    processes,
    purse,
    retention,
    run,
    secrets,
    tiers,
    visibility,
    webhooks,
)
from lumiku_kernel.cli.frame import app, fail

COMMANDS = (
    processes,
    catalogue,
    flags,
    look,
    gate,
    accounts,
    newcomers,
    secrets,
    purse,
    farewell,
    retention,
    tiers,
    jobs,
    run,
    author,
    backup,
    visibility,
    webhooks,
)
"""Importing a file of commands adds them to the app."""


def main() -> None:
    """Run `lumiku`: exit 0 fine, 1 something is wrong, 2 usage."""
    from pydantic import ValidationError

    from lumiku_contracts import Refused

    try:
        app()
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for fault in error.errors():
            name = str(fault["loc"][0]).upper().removeprefix("LUMIKU_")
            said = f"LUMIKU_{name}: {fault['msg']}"
            fail("settings-invalid", said, "lumiku config --example")
        sys.exit(1)
    except Refused as problem:
        fail(problem.code, problem.detail, problem.fix)
        sys.exit(1)
