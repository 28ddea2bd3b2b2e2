"""Takes each guard out of a copy of the product in turn; the tests must notice.

`python -m tests.faults.mutants [NAME …]` prints caught or survived for each, and ends
with 1 if any has survived, or no longer fits the source.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
JOBS = "kernel/lumiku_kernel/jobs/"
LEDGER = "kernel/lumiku_kernel/ledger/"
STORE = "kernel/lumiku_kernel/store/"
STATES, SUBMIT = "tests/jobs/test_states.py", "tests/jobs/test_submit.py"
ENDING = "tests/jobs/test_ending_early.py"
BOOKS, GUARDS = "tests/ledger/test_ledger.py", "tests/jobs/test_guards.py"
TURNS, EVENTS = "tests/jobs/test_turns.py", "tests/jobs/test_events.py"
HOOKS = "tests/jobs/test_webhooks.py"
DEATHS = "tests/faults/test_deaths.py::test_a_killed_runner_costs_nothing_but_time"
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Mutant:
    """`old` stands once in `file`; with `new` for it, one of `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "renew without the epoch",
        JOBS + "claim.py",
        "tuple_(jobs.c.id, jobs.c.epoch).in_(wanted),",
        "jobs.c.id.in_([one[0] for one in wanted]),",
        (GUARDS, STATES),
    ),
    Mutant(
        "renew of a lease that ran out",
        JOBS + "claim.py",
        "            jobs.c.lease_until > now(),\n",
        "",
        (STATES,),
    ),
    Mutant(
        "item_done without the epoch",
        JOBS + "finish.py",
        """    statement = (
        update(jobs)
        .where(
            jobs.c.id == job_id, jobs.c.epoch == epoch, jobs.c.state == states.RUNNING
        )
        .values(**values""",
        """    statement = (
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == states.RUNNING)
        .values(**values""",
        (STATES,),
    ),
    Mutant(
        "finish without the epoch",
        JOBS + "finish.py",
        'if row["epoch"] != epoch or row["state"] not in from_states:',
        'epoch = row["epoch"]\n    if row["state"] not in from_states:',
        (STATES,),
    ),
    Mutant(
        "give_back without the epoch",
        JOBS + "claim.py",
        """jobs.c.epoch == epoch, jobs.c.state == states.RUNNING
        )
        .values(
            state=state,""",
        """jobs.c.state == states.RUNNING
        )
        .values(
            state=state,""",
        (STATES,),
    ),
    Mutant(
        "a claim that keeps the epoch",
        JOBS + "claim.py",
        """            epoch=jobs.c.epoch + 1,
            attempt=jobs.c.attempt + 1,""",
        "            attempt=jobs.c.attempt + 1,",
        (STATES,),
    ),
    Mutant(
        "a rescue that keeps the epoch",
        JOBS + "claim.py",
        "            epoch=jobs.c.epoch + 1,\n            rescues=",
        "            rescues=",
        (STATES, GUARDS),
    ),
    Mutant(
        "a claim of jobs in any state",
        JOBS + "choose.py",
        "        (jobs.c.state == states.QUEUED)\n",
        "        jobs.c.state.in_([states.QUEUED, states.RUNNING])\n",
        (STATES, GUARDS),
    ),
    Mutant(
        "a claim before its time",
        JOBS + "choose.py",
        "        & (jobs.c.not_before <= now())\n",
        "",
        (GUARDS, STATES),
    ),
    Mutant(
        "a claim past the deadline",
        JOBS + "choose.py",
        "        & (jobs.c.deadline_at > now())\n",
        "",
        (STATES,),
    ),
    Mutant(
        "a claim beyond max_running",
        JOBS + "choose.py",
        "func.count() >= tiers.c.max_running",
        "func.count() >= tiers.c.max_running + 1000",
        (TURNS,),
    ),
    Mutant(
        "a claim of plugins that are not here",
        JOBS + "choose.py",
        '\n        & jobs.c.plugin_id.in_(bindparam("plugins", expanding=True))',
        "",
        (STATES,),
    ),
    Mutant(
        "rescues without end",
        JOBS + "sweep.py",
        "if rescues + 1 >= states.MOST_RESCUES:",
        "if rescues + 1 >= states.MOST_RESCUES + 1000:",
        (STATES,),
    ),
    Mutant(
        "leases that never run out",
        JOBS + "sweep.py",
        "jobs.c.lease_until < now()",
        "jobs.c.lease_until < 0",
        (STATES,),
    ),
    Mutant(
        "leases judged by this process's clock",
        JOBS + "claim.py",
        'lease_until=now() + bindparam("seconds", type_=Float()),',
        "lease_until=__import__('time').time() + bindparam('seconds', type_=Float()),",
        (GUARDS,),
    ),
    Mutant(
        "a cancelled job that is queued again",
        JOBS + "claim.py",
        "if session.execute(asked.with_for_update()).scalar_one() is not None:",
        "if session.execute(asked.with_for_update()).scalar_one() == -1:",
        (ENDING,),
    ),
    Mutant(
        "cancel of a job that has ended",
        JOBS + "cancel.py",
        'if row["state"] in states.MOVES["cancel"].before:',
        'if row["state"] != states.RUNNING:',
        (ENDING,),
    ),
    Mutant(
        "a retry of what has not ended",
        JOBS + "submit.py",
        'may = row["state"] in states.MOVES["retry"].before',
        'may = row["state"] != "none"',
        (ENDING,),
    ),
    Mutant(
        "an item delivered twice",
        JOBS + "finish.py",
        'mine, job_items.c.state == "queued")',
        "mine)",
        (STATES, GUARDS),
    ),
    Mutant(
        "a finalize for each call",
        LEDGER + "post.py",
        # Both of its guards: the name of the movement, and the index that it is in.
        'once, job = f"finalize:{job_id}:{funding}", (job_id, funding)',
        "once, job = f\"finalize:{__import__('uuid').uuid4()}\", (job_id, None)",
        (BOOKS,),
    ),
    Mutant(
        "a finalize that nothing refuses",
        JOBS + "finish.py",
        """    if changed(session, statement) != 1:
        raise states.LostLease(job_id)
    finalize(
        session,
        row["account_id"],
        settle=settle,
        release=release,""",
        """    if changed(session, statement) != 1:
        raise states.LostLease(job_id)
    finalize(
        session,
        row["account_id"],
        settle=settle + release,
        release=0,""",
        (STATES,),
    ),
    Mutant(
        "a balance that may be overdrawn",
        LEDGER + "moves.py",
        "able.scalar_subquery() == len(real)",
        "able.scalar_subquery() >= 0",
        (BOOKS, SUBMIT),
    ),
    Mutant(
        "a reservation of PostgreSQL's that does not look",
        LEDGER + "postgres.py",
        "FILTER (WHERE purse <> :reserved), 0) >= :price",
        "FILTER (WHERE purse <> :reserved), 0) >= 0",
        (SUBMIT, BOOKS),
    ),
    Mutant(
        "balances of PostgreSQL's that are not locked",
        LEDGER + "postgres.py",
        "(:allowance, :available, :reserved) ORDER BY purse FOR UPDATE",
        "(:allowance, :available, :reserved) ORDER BY purse",
        (GUARDS,),
    ),
    Mutant(
        "BEGIN instead of BEGIN IMMEDIATE",
        STORE + "engine.py",
        '"BEGIN IMMEDIATE" if writing else "BEGIN"',
        '"BEGIN"',
        (SUBMIT, GUARDS),
    ),
    Mutant(
        "no idempotency row",
        JOBS + "submit.py",
        "                keep(session, once, job_id)\n",
        "",
        (SUBMIT,),
    ),
    Mutant(
        "an idempotency key for any request",
        JOBS + "idempotency.py",
        'if row["fingerprint"] != once.fingerprint:',
        'if row["fingerprint"] == 0:',
        (SUBMIT,),
    ),
    Mutant(
        "an idempotency key for everybody",
        JOBS + "submit.py",
        'Once(f"{account_id} POST /api/apps/{app}/{worker}", key, print_)',
        'Once(f"POST /api/apps/{app}/{worker}", key, print_)',
        (SUBMIT,),
    ),
    Mutant(
        "events that share a number",
        JOBS + "finish.py",
        ".values(**values, next_seq=jobs.c.next_seq + 1)",
        ".values(**values, next_seq=jobs.c.next_seq + 2)",
        (STATES, EVENTS),
    ),
    Mutant(
        "an item that is done before its artifacts are written",
        JOBS + "fate.py",
        """        with self.store.write() as session:
            finish.item_done(session, job, index, made,""",
        """        with self.store.write() as session:
            finish.item_done(session, job, index, [],""",
        (DEATHS,),
    ),
    Mutant(
        "an artifact that is visible before its item is done",
        JOBS + "finish.py",
        "values(created_at=now()), list(made))\n",
        "values(created_at=now()), list(made))\n"
        "        session.commit()\n        raise states.LostLease(job['id'])\n",
        (GUARDS,),
    ),
    Mutant(
        "no message for the webhook with the event",
        JOBS + "events.py",
        "    if kind in deliveries.TYPES:",
        "    if kind == 0:",
        (HOOKS,),
    ),
    Mutant(
        "two sweepers at once",
        JOBS + "sweep.py",
        "return leases.c.until.between(now(), now() + LONGEST)",
        "return leases.c.until < 0",
        (STATES, GUARDS),
    ),
)


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of all that git knows, or would."""
    words = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory(prefix="lumiku-mutants-") as folder:
        root = Path(folder)
        for name in set(listed.stdout.splitlines()):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
        yield root


def tested(root: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """The tests' status in the copy, and what failed first."""
    members = ["contracts", "kernel", *(f"plugins/{one.name}" for one in plugins(root))]
    path = os.pathsep.join(str(root / one) for one in ["", *members])
    words = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--durations=0")
    done = subprocess.run(
        [
            sys.executable,
            *words,
            *(one for one in tests if (root / one.partition("::")[0]).exists()),
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    said = [
        line
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED", "ERROR"))
    ]
    return done.returncode, (said or [""])[0][:160]


def plugins(root: Path) -> list[Path]:
    """The folders of our plugins."""
    return [one for one in (root / "plugins").iterdir() if one.is_dir()]


def tried(root: Path, mutant: Mutant) -> tuple[bool, str]:
    """Whether a mutant was caught, and by what."""
    file = root / mutant.file
    source = file.read_text()
    if source.count(mutant.old) != 1:
        return False, f"fits {source.count(mutant.old)} places of {mutant.file}"
    file.write_text(source.replace(mutant.old, mutant.new))
    try:
        status, said = tested(root, mutant.tests)
    finally:
        file.write_text(source)
    return status == FAILED, said or f"status {status}"


def main() -> int:
    """Try all, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of mutants")
    given = parser.parse_args()
    chosen = [
        one
        for one in MUTANTS
        if not given.names or any(part in one.name for part in given.names)
    ]
    survived = 0
    with copied() as root:
        every = tuple(sorted({test for one in chosen for test in one.tests}))
        status, said = tested(root, every)
        if status != PASSED:
            print(f"the tests fail without any mutant: {said}")
            return 1
        for one in chosen:
            began = time.monotonic()
            caught, said = tried(root, one)
            survived += not caught
            word = "caught" if caught else "SURVIVED"
            print(
                f"{word:8} {one.name}: {said}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    print(f"{len(chosen) - survived} of {len(chosen)} caught")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
