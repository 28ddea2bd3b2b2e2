"""`jobs`: what was asked for, and what has become of it."""

import json
from typing import Annotated

import typer

from lumiku_kernel.cli.frame import AsJson, group, say, show
from lumiku_kernel.cli.open import opened

jobs = group("jobs", "Jobs.")


@jobs.command("list")
def list_jobs(
    state: Annotated[str | None, typer.Option(help="Such as queued or failed.")] = None,
    app: Annotated[str | None, typer.Option(help="Of one app.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    *,
    as_json: AsJson = False,
) -> None:
    """Everybody's jobs, newest first."""
    from lumiku_kernel.jobs import read

    with opened() as (_, store), store.read() as session:
        found = read.many(session, None, limit=limit, app=app, state=state)
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
def show_job(job_id: str) -> None:
    """A job with its artifacts and events, as JSON."""
    from lumiku_kernel.jobs import events, read

    with opened() as (_, store), store.read() as session:
        job = read.one(session, job_id, None)
        job["events"] = events.after(session, job_id, 0, limit=1000)
    say(json.dumps(job, indent=2))


@jobs.command()
def cancel(job_id: str) -> None:
    """Ask for the end of a job."""
    from lumiku_kernel.jobs.cancel import cancel as ask
    from lumiku_kernel.store.audit import By

    with opened() as (_, store):
        ask(store, job_id, None, by=By("cli", "lumiku jobs cancel"))
    say(f"{job_id}: cancel asked for")


@jobs.command()
def retry(job_id: str) -> None:
    """Queue what an ended job still lacks; its owner pays."""
    from lumiku_kernel.jobs.submit import retry as again
    from lumiku_kernel.store.audit import By

    with opened() as (settings, store):
        seconds, by = settings.job_deadline_seconds, By("cli", "lumiku jobs retry")
        again(store, job_id, None, deadline_seconds=seconds, by=by)
    say(f"{job_id}: queued again")
