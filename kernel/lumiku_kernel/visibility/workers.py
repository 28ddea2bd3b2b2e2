"""Gates 13 and 14: can a model be run now? They degrade, and never hide."""

from collections.abc import Mapping
from typing import Any

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Fix
from lumiku_kernel.visibility.gates import NAMES, Gate
from lumiku_kernel.visibility.skew import together
from lumiku_kernel.visibility.snapshot import (
    ModelFact,
    PluginFact,
    ProcessFact,
    Snapshot,
)


def health_gate(usable: list[ModelFact], snapshot: Snapshot) -> Gate:
    """Gate 13: calls of some usable model have not failed so as to be held back."""
    found = {one.key: snapshot.presence.down(one.key) for one in usable}
    down = {key: why for key, why in found.items() if why is not None}
    evidence = {
        key: {"calls": why.calls, "failed": why.failed, "timeouts": why.timeouts}
        | {"detail": why.detail, "until": iso(why.until)}
        for key, why in down.items()
    }
    if len(down) < len(usable) or not down:
        return Gate(13, NAMES[13], effect="degrade", evidence=evidence)
    key, why = min(down.items(), key=lambda one: one[1].until)
    detail = f"Calls of {key} fail: {why.detail} It is tried again {iso(why.until)}."
    fix = Fix("operator", "mend what the provider says; lumiku doctor")
    code = "PROVIDER_DOWN"
    return Gate(13, NAMES[13], "fail", "degrade", code, detail, fix, evidence)


def worker_gate(app: PluginFact, usable: list[ModelFact], snapshot: Snapshot) -> Gate:
    """Gate 14: a working worker process with slots, of the version or one minor off."""
    working = snapshot.presence.working
    if not working:
        return _nobody(snapshot)
    able = [one for one in working if together(one.plugins.get(app.id), app.version)]
    if not able:
        return _skewed(app, working)
    classes = {slot_of(model, snapshot) for model in usable}
    if usable and not any(one.slots.get(slot) for one in able for slot in classes):
        named = "/".join(sorted(classes))
        detail = f"No living worker process has slots of the class {named}."
        return _degraded("NO_WORKER", detail, "lumiku work")
    return Gate(14, NAMES[14], effect="degrade")


def _degraded(code: str, detail: str, command: str, **evidence: Any) -> Gate:
    fix = Fix("operator", command)
    return Gate(14, NAMES[14], "fail", "degrade", code, detail, fix, evidence)


def _nobody(snapshot: Snapshot) -> Gate:
    presence = snapshot.presence
    idle = presence.alive("worker")
    if idle:
        since = iso(max(one.looked_at or 0.0 for one in idle))
        names = ", ".join(sorted(one.name for one in idle))
        detail = f"No worker process has looked for a job since {since}: {names}."
        again = "restart the worker processes"
        return _degraded("WORKER_STALE", detail, again, since=since)
    silent = presence.silent("worker")
    if silent:
        since = iso(max(one.seen_at for one in silent))
        detail = f"All worker processes are silent, the last of them since {since}."
        return _degraded("WORKER_STALE", detail, "lumiku work", since=since)
    return _degraded("NO_WORKER", "No worker process is alive.", "lumiku work")


def _skewed(app: PluginFact, working: tuple[ProcessFact, ...]) -> Gate:
    theirs = {
        one.name: one.plugins.get(app.id) or one.rejected.get(app.id) for one in working
    }
    versions = sorted({str(one) for one in theirs.values() if isinstance(one, str)})
    refused = [one for one in theirs.values() if isinstance(one, Mapping)]
    if versions:
        detail = (
            f"{app.id} {app.version} is installed; the worker processes have "
            f"{', '.join(versions)}."
        )
    elif refused:
        said = f"{refused[0].get('code')}. {refused[0].get('reason')}"
        detail = f"The worker processes refuse the plugin {app.id}: {said}"
    else:
        detail = f"No living worker process has the plugin {app.id}."
    again = "restart the worker processes"
    return _degraded("VERSION_SKEW", detail, again, processes=theirs)


def slot_of(model: ModelFact, snapshot: Snapshot) -> str:
    """The class of slots a model's jobs need; `cpu` for `LOCAL`."""
    provider = snapshot.configuration.providers.get(model.provider)
    return str(provider["cost"]) if provider else "cpu"
