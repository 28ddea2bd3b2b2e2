"""Waiting until every process goes by a change."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from lumiku_kernel.visibility.converge import converged
from lumiku_kernel.web.context import Context


class Waiting(BaseModel):
    """`converged` waits up to 5 s until every process goes by the change."""

    model_config = ConfigDict(extra="forbid")
    wait: Literal["converged"] | None = None


def adopted(context: Context, epoch: int, query: Waiting) -> dict[str, Any]:
    """Adopt a change here; if asked to, wait for the other processes."""
    context.site.host.watch.refresh()
    if query.wait is None:
        return {"epoch": epoch}
    behind = converged(context.store, epoch)
    return {"epoch": epoch, "converged": not behind, "lagging": behind}
