"""`python -m tests.inputs [--requests N] [--seed N]`: bad inputs for a real server."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import httpx
from bench.processes import Site, site
from tests.inputs.bad import Writer
from tests.inputs.judge import Judge
from tests.inputs.schema import generated

SLOW = 1.0


def callers(made: Site) -> list[httpx.Client]:
    """A stranger, a viewer's browser, an operator's program."""
    stranger, browser, operator = (
        httpx.Client(base_url=made.url, timeout=60, trust_env=False) for _ in range(3)
    )
    key = made.command("keys", "create", "inputs", "--operator", "--quiet")
    operator.headers["Authorization"] = f"Bearer {key}"
    who = {"email": "storm@example.com", "password": "four words of storm"}
    browser.post("/api/auth/register", json=who).raise_for_status()
    return [browser, operator, operator, browser, operator, stranger]


def storm(made: Site, count: int, seed: int) -> Judge:
    """All of them, four of five our own and one of schemathesis."""
    judge, asking = Judge(), callers(made)
    document = httpx.get(f"{made.url}/openapi.json", trust_env=False).json()
    server = made.pid("serve")
    for number, bad in enumerate(Writer(document, seed).requests(count * 4 // 5)):
        judge.ask(asking[number % len(asking)], bad)
    for number, bad in enumerate(generated(document, count // 5)):
        judge.ask(asking[number % len(asking)], bad)
    if made.pid("serve") != server:
        judge.faults.append("the server was started again")
    return judge


def main() -> int:
    """Start a site, send, print, and say by the status whether all was well."""
    parser = argparse.ArgumentParser(prog="tests.inputs", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumiku-inputs-") as folder:
        with site(Path(folder)) as made:
            made.start()
            judge = storm(made, given.requests, given.seed)
            verdict = made.command("verify")
        log = (Path(folder) / "up.log").read_text()
    if "Traceback" in log:
        judge.faults.append(
            "the log has a traceback: " + log[log.index("Traceback") :][:2000]
        )
    lines = [
        f"seed {given.seed}: {len(judge.seconds)} requests, {len(judge.faults)} faults",
        f"statuses {dict(sorted(judge.statuses.items()))}",
        f"codes {dict(judge.codes.most_common())}",
        f"p99 {judge.p99() * 1000:.0f} ms, load {os.getloadavg()[0]:.1f}",
        verdict.splitlines()[-1] if verdict else "",
        *judge.faults[:20],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if judge.faults else 0


if __name__ == "__main__":
    sys.exit(main())
