"""`webhooks`: where viewers' programs are told of jobs."""

from lumiku_kernel.cli.frame import AsJson, group, show
from lumiku_kernel.cli.open import opened

webhooks = group("webhooks", "Webhooks of all viewers.")


@webhooks.command("list")
def list_webhooks(*, as_json: AsJson = False) -> None:
    """Webhooks, their owners, and how their messages fare."""
    from lumiku_kernel.jobs import webhooks as rooms

    with opened() as (_, store), store.read() as session:
        rows = rooms.everyone(session)
    columns = ("id", "email", "url", "enabled", "due", "failed", "failing_since")
    show(rows, (*columns, "detail"), as_json=as_json)
