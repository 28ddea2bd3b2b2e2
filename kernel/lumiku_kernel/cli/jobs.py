"""`jobs`: what was asked for, what has become of it, and what is done about it."""

import inspect
import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, Reason, group, say, show
from lumiku_kernel.cli.open import opened

if TYPE_CHECKING:
    from lumiku_kernel.jobs.which import Which

jobs = group("jobs", "Jobs.")

FILTER: dict[str, Any] = {
    "state": Annotated[str | None, typer.Option(help="Such as queued or failed.")],
    "app": Annotated[str | None, typer.Option(help="Of one app.")],
    "account": Annotated[str | None, typer.Option(help="Of one account: id or email.")],
    "code": Annotated[str | None, typer.Option(help="That ended with this error.")],
    "model": Annotated[str | None, typer.Option(help="Of one model, by its full key.")],
    "older": Annotated[
        float | None, typer.Option(help="Accepted so many seconds ago.")
    ],
    "newer": Annotated[
        float | None, typer.Option(help="Accepted since so many seconds.")
    ],
}
Gone = Annotated[bool, typer.Option("--discarded", help="Those discarded instead.")]
Limit = Annotated[int, typer.Option(min=1, max=1000)]
Said = dict[str, Any]
One = Annotated[str | None, typer.Argument(help="A job's id; without it, a filter.")]


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a filter; what they say comes as `said`."""

    @wraps(command)
    def calling(**given: Any) -> None:
        command(said={name: given.pop(name) for name in FILTER}, **given)

    own = inspect.signature(command, eval_str=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    options = [
        inspect.Parameter(name, kind, default=None, annotation=option)
        for name, option in FILTER.items()
    ]
    kept = [one for name, one in own.parameters.items() if name != "said"]
    merged = own.replace(
        parameters=sorted([*kept, *options], key=lambda one: one.kind),
    )
    calling.__signature__ = merged  # type: ignore[attr-defined]
    calling.__annotations__ = {
        name: one.annotation for name, one in merged.parameters.items()
    }
    return calling


def _which(said: Said, **more: Any) -> "Which":
    from lumiku_kernel.jobs.which import Which

    return Which(**said, **more)


@jobs.command("list")
@filtered
def list_jobs(
    said: Said,
    limit: Limit = 50,
    *,
    discarded: Gone = False,
    as_json: AsJson = False,
) -> None:
    """Everybody's jobs, newest first."""
    from lumiku_kernel.jobs import read

    which = _which(said, discarded=discarded)
    with opened() as (_, store), store.read() as session:
        found = read.anybodys(session, which, limit=limit)
    rows = [
        {
            **one,
            "made": f"{one['items']['ok']}/{one['items']['total']}",
            "error": one["error"]["code"] if one["error"] else None,
        }
        for one in found
    ]
    columns = ("id", "app", "worker", "state", "made", "price", "settled", "error")
    show(found if as_json else rows, columns, as_json=as_json)


@jobs.command("show")
def show_job(
    job_id: str, *, as_json: Annotated[bool, typer.Option("--json")] = True
) -> None:
    """A job with its items, artifacts and events, as JSON."""
    del as_json
    from lumiku_kernel.jobs import events, read

    with opened() as (_, store), store.read() as session:
        job = read.whole(session, job_id, None)
        job["events"] = events.after(session, job_id, 0, limit=1000)
    say(json.dumps(job, indent=2))


@jobs.command()
def cancel(job_id: str, reason: Reason = "lumiku jobs cancel") -> None:
    """Ask for the end of a job."""
    from lumiku_kernel.jobs.cancel import cancel as ask
    from lumiku_kernel.store.audit import By

    with opened() as (_, store):
        ask(store, job_id, None, by=By("cli", reason))
    say(f"{job_id}: cancel asked for")


@jobs.command()
@filtered
def retry(
    said: Said,
    job_id: One = None,
    limit: Limit = 100,
    reason: Reason = "lumiku jobs retry",
    *,
    as_json: AsJson = False,
) -> None:
    """Queue what a job still lacks, or all that answer a filter; their owners pay."""
    from lumiku_kernel.jobs import failed
    from lumiku_kernel.jobs.funding import Payer
    from lumiku_kernel.jobs.submit import retry as again
    from lumiku_kernel.store.audit import By

    by = By("cli", reason)
    _one_or_some(job_id, said)
    with opened() as (settings, store):
        seconds = settings.job_deadline_seconds
        payer = Payer(free=settings.free)
        if job_id is not None:
            again(store, job_id, None, deadline_seconds=seconds, by=by, payer=payer)
            say(f"{job_id}: queued again")
            return
        which = _which(said)
        done = failed.retry_all(
            store, which, limit=limit, deadline_seconds=seconds, by=by, payer=payer
        )
    _tell(done, "queued again", as_json=as_json)


@jobs.command()
@filtered
def discard(
    said: Said,
    job_id: One = None,
    limit: Limit = 100,
    reason: Reason = "lumiku jobs discard",
    *,
    as_json: AsJson = False,
) -> None:
    """Let a failed job go, or all that answer a filter: nobody tries them again."""
    from lumiku_kernel.jobs import failed
    from lumiku_kernel.store.audit import By

    by = By("cli", reason)
    _one_or_some(job_id, said)
    with opened() as (_, store):
        if job_id is not None:
            failed.discard(store, job_id, by)
            say(f"{job_id}: discarded")
            return
        done = failed.discard_all(store, _which(said), limit=limit, by=by)
    _tell(done, "discarded", as_json=as_json)


@jobs.command()
@filtered
def export(
    said: Said,
    form: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
    *,
    discarded: Gone = False,
) -> None:
    """All jobs that answer, as lines of JSON or as a table, on standard output."""
    from lumiku_kernel.jobs import failed

    if form not in ("jsonl", "csv"):
        raise typer.BadParameter("jsonl or csv", param_hint="--format")
    which = _which(said, discarded=discarded)
    with opened() as (_, store):
        for line in failed.export(store, which, "csv" if form == "csv" else "jsonl"):
            sys.stdout.write(line)


def _one_or_some(job_id: str | None, said: dict[str, Any]) -> None:
    """A job or a filter; neither would mean every failed job there is."""
    if (job_id is None) == all(value is None for value in said.values()):
        raise typer.BadParameter("name a job, or what the jobs have in common")


def _tell(done: dict[str, Any], what: str, *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(done, indent=2))
    else:
        for job_id in done["done"]:
            say(f"{job_id}: {what}")
        for one in done["refused"]:
            say(f"{one['id']}: {one['code']}. {one['detail']}")
        if done["more"]:
            say("There are more; ask again.")
    if done["refused"]:
        raise typer.Exit(1)
