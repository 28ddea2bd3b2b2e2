"""`up`, `serve`, `work`: long-lived processes."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_kernel.cli.frame import app, log_to_stderr


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where all data lives.")] = None,
    workers: Annotated[int, typer.Option(help="Worker processes.", min=1, max=64)] = 1,
) -> None:
    """Start a server and worker processes here, and keep them running."""
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.up import up as start

    log_to_stderr("up")
    given = {"host": host, "port": port, "data_dir": data_dir}
    settings = Settings()
    changes = {name: value for name, value in given.items() if value is not None}
    start(settings.model_copy(update=changes), workers=workers)


@app.command()
def serve() -> None:
    """Run one server process."""
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.web.serve import serve as start

    log_to_stderr("server")
    start(Settings())


@app.command()
def work(
    queues: Annotated[
        str | None, typer.Option(help="Classes of slots to serve: cpu, io or cpu,io.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Jobs at once in each class.", min=1, max=256)
    ] = None,
) -> None:
    """Run one worker process."""
    from lumiku_kernel.jobs.work import work as start
    from lumiku_kernel.settings import Settings

    log_to_stderr("worker")
    settings = Settings()
    if concurrency is not None:
        change = {"worker_concurrency": concurrency, "cpu_slots": concurrency}
        settings = settings.model_copy(update=change)
    names = None if queues is None else frozenset(queues.split(","))
    if names is not None and not names <= {"cpu", "io"}:
        raise typer.BadParameter("--queues takes cpu, io or cpu,io")
    start(settings, names)


@app.command()
def alive() -> None:
    """Has the worker process of this machine given a sign of life; exit 1 if not.

    For probes: a database that cannot be asked is not the process's fault.
    """
    import socket

    from lumiku_kernel.cli.frame import fail, say
    from lumiku_kernel.cli.open import opened
    from lumiku_kernel.errors import Problem
    from lumiku_kernel.visibility.reading import read_presence

    try:
        with opened(migrated=False) as (settings, store), store.read() as session:
            presence = read_presence(session)
    except Problem as unasked:
        say(f"nothing is known: {unasked.code}. {unasked.detail}")
        return
    here, named = f"{socket.gethostname()}:", settings.worker_name
    mine = [
        one
        for one in presence.working
        if one.name == named or (named is None and one.name.startswith(here))
    ]
    if not mine:
        detail = f"No worker process called {named or f'{here}…'} looks for jobs."
        fail("worker-silent", detail, "restart the worker process")
        raise typer.Exit(1)
    say(f"{mine[-1].name} was seen {presence.at - mine[-1].seen_at:.0f} s ago")
