"""`run`: a job from the shell, without a server, with a progress bar."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lumiku_kernel.cli.accounts import whose
from lumiku_kernel.cli.frame import app, fail, say
from lumiku_kernel.cli.open import opened

if TYPE_CHECKING:
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.store import Store

WORKER_SECONDS = 60.0


@app.command()
def run(
    app_id: Annotated[str, typer.Argument(metavar="APP")],
    worker: Annotated[str, typer.Argument(metavar="WORKER")],
    input_: Annotated[
        Path | None, typer.Option("--input", help="A JSON file with the request.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE; a value may be JSON.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A model's key.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to put what is made.")] = None,
    as_: Annotated[
        str | None,
        typer.Option("--as", help="Who pays; without it, the first operator."),
    ] = None,
) -> None:
    """Run a job and wait for it; starts a worker process if none lives."""
    body = _body(input_, set_ or [], model)
    with opened() as (settings, store), _a_worker(store):
        job_id = _submit(settings, store, app_id, worker, body, as_)
        job = _follow(store, job_id)
        paths = _save(settings, store, job_id, out) if out is not None else []
    for path in paths:
        say(str(path))
    if job["result"] is not None:
        say(json.dumps(job["result"], indent=2, ensure_ascii=False))
    made = f"{job['items']['ok']} of {job['items']['total']}"
    paid = "" if settings.free else f", {job['settled']} credits"
    say(f"{job_id} {job['state']}: {made}{paid}")
    if job["error"]:
        fail(job["error"]["code"], job["error"]["detail"] or "", None)
    if job["state"] != "succeeded":
        raise typer.Exit(1)


def _body(file: Path | None, pairs: list[str], model: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if file is not None:
        try:
            body = json.loads(file.read_text())
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"--input: {error}") from error
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not found:
            raise typer.BadParameter(f"--set takes NAME=VALUE, not {pair}")
        try:
            body[name] = json.loads(value)
        except ValueError:
            body[name] = value
    return {**body, **({"model": model} if model else {})}


@contextmanager
def _a_worker(store: "Store") -> Iterator[None]:
    """See that a worker process lives for as long as the command runs."""
    from lumiku_kernel.visibility.watch import take

    if take(store).presence.alive("worker"):
        yield
        return
    say("no worker process lives; one is started for this job")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "lumiku_kernel.cli", "work"],
        env={**os.environ, "LUMIKU_PARENT_FD": str(reading)},
        pass_fds=(reading,),
        stdin=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + WORKER_SECONDS
        while not take(store).presence.alive("worker"):
            if process.poll() is not None or time.monotonic() > until:
                fail("no-worker", "The worker process did not start.", "lumiku work")
                raise typer.Exit(1)
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        os.close(reading)
        os.close(writing)


def _submit(
    settings: "Settings",
    store: "Store",
    app_id: str,
    worker: str,
    body: dict[str, Any],
    email: str | None,
) -> str:
    from lumiku_contracts import Tier, Viewer
    from lumiku_kernel.accounts.tiers import Tiers
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.jobs import space
    from lumiku_kernel.jobs.funding import Payer
    from lumiku_kernel.jobs.quote import quote
    from lumiku_kernel.jobs.submit import submit
    from lumiku_kernel.plugins import load
    from lumiku_kernel.plugins.prepare import checked
    from lumiku_kernel.visibility.watch import take

    registry = checked(store, load(settings, store))
    with store.read() as session:
        payer = whose(session, email)
    viewer = Viewer(payer["id"], Tier[payer["tier"].upper()], payer["role"])
    snapshot = take(store, Local.of(settings))
    asked = quote(
        store=store,
        registry=registry,
        snapshot=snapshot,
        viewer=viewer,
        request_id="cli",
        app=app_id,
        worker=worker,
        body=body,
    )
    paid = "for" if settings.free else f"{asked.price} credits, paid by"
    say(f"{len(asked.items)} items, {paid} {payer['email']}")
    space.check(settings, store, viewer)
    accepted = submit(
        store,
        asked,
        viewer,
        version=registry.version(app_id),
        key=None,
        flags=snapshot.configuration.flags.kept(app_id, viewer),
        deadline_seconds=settings.job_deadline_seconds,
        payer=Payer(None, Tiers(store).of(viewer.tier), settings.free),
        request_id="cli",
    )
    return accepted.job_id


def _follow(store: "Store", job_id: str) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from lumiku_kernel.jobs import read
    from lumiku_kernel.jobs.states import ENDED
    from lumiku_kernel.visibility.reading import read_presence

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(job_id, total=1.0)
        alive = time.monotonic()
        while True:
            with store.read() as session:
                job = read.one(session, job_id, None)
                if read_presence(session).alive("worker"):
                    alive = time.monotonic()
            if time.monotonic() - alive > WORKER_SECONDS:
                detail = f"No worker process lives any more; {job_id} waits for one."
                fail("no-worker", detail, "lumiku work")
                raise typer.Exit(1)
            made = f"{job['items']['ok']}/{job['items']['total']}"
            said = f"{job['state']} {made} {job['note']}".strip()
            progress.update(bar, completed=job["progress"], description=said)
            if job["state"] in ENDED:
                return job
            time.sleep(0.2)


def _save(settings: "Settings", store: "Store", job_id: str, out: Path) -> list[Path]:
    from sqlalchemy import select

    from lumiku_kernel.jobs.shelves import shelf_of
    from lumiku_kernel.store.tables import artifacts, job_items

    shelf = shelf_of(settings)
    out.mkdir(parents=True, exist_ok=True)
    statement = (
        select(artifacts.c.key, artifacts.c.kind, artifacts.c.item, job_items.c.label)
        .join(
            job_items,
            (job_items.c.job_id == artifacts.c.job_id)
            & (job_items.c.index == artifacts.c.item),
        )
        .where(artifacts.c.job_id == job_id)
        .order_by(artifacts.c.item, artifacts.c.position)
    )
    with store.read() as session:
        rows = session.execute(statement).all()
    saved = []
    for row in rows:
        words = [f"{row.item + 1:03d}", _plain(row.label)]
        if row.kind != "image":
            words.append(_plain(row.kind))
        target = out / ("-".join(filter(None, words)) + Path(row.key).suffix)
        with target.open("wb") as file:
            file.writelines(shelf.read(row.key))
        saved.append(target)
    return saved


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
