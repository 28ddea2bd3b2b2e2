"""`retention`: what is kept for how long, and what goes."""

from typing import Annotated

import typer

from lumiku_kernel.cli.frame import AsJson, app, show
from lumiku_kernel.cli.open import opened


@app.command()
def retention(
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Forget what is due; else it is only told.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What is kept for how long, and what is due to go. Servers tidy once an hour."""
    from lumiku_kernel import newcomers
    from lumiku_kernel.jobs import forget
    from lumiku_kernel.jobs.retention import retention as told
    from lumiku_kernel.jobs.shelves import shelf_of

    with opened() as (settings, store):
        found = told(store, settings)
        if now:
            shelf = shelf_of(settings)
            shelf.prepare()
            newcomers.lapse(settings, store)
            forget.tidy(store, shelf, settings)
    columns = ("kind", "rule", "rows", "bytes", "due", "due_bytes")
    show([one.document() for one in found], columns, as_json=as_json)
