"""Worker processes, what waits for them, and the providers they attest."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from lumiku_kernel.clock import iso
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs import deliveries, webhooks
from lumiku_kernel.plugins.fingerprint import UNREAD, codes
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import jobs
from lumiku_kernel.visibility.census import BEST
from lumiku_kernel.visibility.skew import together
from lumiku_kernel.visibility.snapshot import ProcessFact
from lumiku_kernel.visibility.verdict import evaluate

OLD_SECONDS = 120.0
"""A queued job older than this is waiting for somebody who does not come."""
LATELY = 3600.0
"""Seconds in which deaths are worth a warning."""


def workers(asked: Question) -> Iterator[Finding]:
    """W01: a worker process lives, and has each plugin in the server's version."""
    alive = asked.snapshot.presence.alive("worker")
    if not alive:
        cause = "No worker process is alive: jobs are refused before any charge."
        yield Finding("W01", "error", cause, "lumiku work")
        return
    skewed = 0
    for idle in alive:
        if idle not in asked.snapshot.presence.working:
            skewed += 1
            cause = f"The worker process {idle.name} lives and looks for no job."
            yield Finding("W01", "error", cause, ended(idle))
    for one in asked.snapshot.configuration.plugins.values():
        versions = {p.plugins[one.id] for p in alive if one.id in p.plugins}
        if one.state == "ready" and one.declaration.get("workers") and not versions:
            skewed += 1
            why = next(
                (p.rejected[one.id] for p in alive if one.id in p.rejected), None
            )
            said = f": {why['code']}. {why['reason']}" if why else "."
            cause = f"No living worker process has the plugin {one.id}{said}"
            fix = "start one where it is installed: lumiku work"
            yield Finding("W01", "error", cause, fix, {"plugin": one.id})
        if one.state == "ready" and versions - {one.version}:
            skewed += 1
            others = sorted(versions - {one.version})
            old = ", ".join(others)
            cause = f"Worker processes have {one.id} {old}, servers {one.version}."
            near = all(together(other, one.version) for other in others)
            # Others may still run another release, if one runs this.
            level = "warn" if near or one.version in versions else "error"
            fix = "; ".join(
                ended(p) for p in alive if p.plugins.get(one.id) in {*others}
            )
            yield Finding("W01", level, cause, fix)
    if not skewed:
        cause = f"{len(alive)} worker processes are alive."
        yield Finding("W01", "ok", cause, evidence={"alive": [p.id for p in alive]})


def builds(asked: Question) -> Iterator[Finding]:
    """W01, K01: processes run the code that is installed here, and it can be read."""
    presence, ours = asked.snapshot.presence, codes()
    for name, word in ours.items():
        if word.startswith(UNREAD):
            cause = f"Files of {name} cannot be read: {word.removeprefix(UNREAD)}."
            fix = "let this account read them, or install the package anew"
            yield Finding("K01", "warn", cause, fix, {"plugin": name})
    other = [
        (one, names)
        for one in presence.everyone
        if "code" in one.attested and (names := _unlike(one, ours))
    ]
    able = [one for one in presence.working if not _unlike(one, ours)]
    for one, names in other:
        grave = one.role == "worker" and not able
        what, since = ", ".join(names), iso(one.started_at)
        cause = (
            f"The {one.role} {one.name} (process {one.pid}, since {since}) "
            f"runs other code of {what} than is installed."
        )
        fix = ended(one)
        evidence = {"process": one.id, "pid": one.pid, "packages": names}
        yield Finding("W01", "error" if grave else "warn", cause, fix, evidence)
    if presence.everyone and not other:
        yield Finding("W01", "ok", "Processes run the code that is installed here.")


def ended(one: ProcessFact) -> str:
    """How a process is ended, so that its supervisor starts another."""
    where = one.name.partition(":")[0] if one.role == "worker" else one.name
    told = "what supervises it starts it anew; if nothing does"
    again = "lumiku work" if one.role == "worker" else "lumiku serve"
    return f"on {where}: kill -TERM {one.pid} ({told}: {again})"


def _unlike(one: ProcessFact, ours: Mapping[str, str]) -> list[str]:
    """Of what is installed here, the packages of which a process runs other code."""
    theirs = one.attested.get("code", {})
    return [name for name, code in ours.items() if theirs.get(name, code) != code]


def waiting(asked: Question) -> Iterator[Finding]:
    """W02: no job waits for nobody; no runner has died lately."""
    old = (jobs.c.state == "queued") & (jobs.c.created_at < now() - OLD_SECONDS)
    fatal = jobs.c.error_code.in_(("runner-died", "worker-died"))
    died = fatal & (jobs.c.ended_at > now() - LATELY)
    with asked.store.read() as session:
        count = session.execute(select(func.count()).where(old)).scalar_one()
        dead = list(session.execute(select(jobs.c.id).where(died).limit(10)).scalars())
    if count:
        cause = f"{count} jobs have been queued for more than {OLD_SECONDS:.0f} s."
        yield Finding("W02", "warn", cause, "lumiku jobs list --state queued")
    if dead:
        cause = f"Processes died of {len(dead)} jobs in the last hour: {dead[0]} …"
        yield Finding(
            "W02", "warn", cause, f"lumiku jobs show {dead[0]}", {"jobs": dead}
        )
    if not count and not dead:
        yield Finding("W02", "ok", "No job waits for nobody.")


def told(asked: Question) -> Iterator[Finding]:
    """N01: webhooks take what they are sent, and somebody sends it."""
    with asked.store.read() as session:
        hooks = webhooks.everyone(session)
        late = deliveries.late(session)
    off = [one for one in hooks if not one["enabled"] and "five days" in one["detail"]]
    failing = [one for one in hooks if one["enabled"] and one["failing_since"]]
    fix = "lumiku webhooks list"
    for one in off:
        cause = f"The webhook {one['id']} of {one['email']} is off: {one['detail']}"
        yield Finding("N01", "warn", cause, fix)
    if failing:
        cause = f"{len(failing)} webhooks fail, {failing[0]['id']} the first."
        yield Finding("N01", "warn", cause, fix, {"webhooks": failing[:10]})
    if late:
        cause = f"{late} messages to webhooks are due and nobody sends them."
        yield Finding("N01", "warn", cause, "start a server: lumiku serve")
    if not (off or failing or late):
        yield Finding("N01", "ok", f"No webhook of {len(hooks)} fails.")


def providers(asked: Question) -> Iterator[Finding]:
    """P01: each provider's settings are there, and what it needs is installed."""
    wrong, spare = 0, _spare(asked)
    for name in asked.snapshot.configuration.providers:
        word = asked.snapshot.presence.attested(name)
        if word is None:
            continue
        if word["state"] == "ready":
            yield from _plainer(name, word.get("without", ()))
            continue
        wrong += 1
        needing = [
            one.key
            for stored in asked.snapshot.configuration.models.values()
            for one in stored
            if one.provider == name and one.enabled
        ]
        level = "error" if needing else "warn"
        if word["state"] == "not_configured":
            names = ", ".join(word["settings"])
            cause = f"{names} missing: {len(needing)} enabled models need {name}."
            fix = f"set {names} for the worker process and restart it"
            if name in spare:
                level, cause = "ok", f"{name} is not set up ({cause[:-1]})."
            elif asked.snapshot.presence.once_ready(name):
                cause += " It was set before."
                fix += ", or switch those models off: lumiku models set MODEL --disable"
        else:
            cause = f"The provider {name} cannot be opened: {word.get('reason', '')}"
            cure = word.get("fix") or "install what it lacks"
            fix = f"{cure} and restart the worker process"
        yield Finding("P01", level, cause, fix, {"models": needing})
    if not wrong:
        yield Finding("P01", "ok", "No provider is known to lack anything.")


def _plainer(name: str, without: Sequence[str]) -> Iterator[Finding]:
    if without:
        cause = f"{name} works without {' and '.join(without)}: slower or plainer."
        fix = f"pip install {' '.join(without)} (if made for this machine); restart"
        yield Finding("P01", "warn", cause, fix, {"without": list(without)})


def _spare(asked: Question) -> set[str]:
    """Providers never set up that no app depends on: each has other models."""
    verdicts = evaluate(asked.snapshot, BEST).values()
    dead = [one for verdict in verdicts for one in verdict.dead]
    broken = {one.model.provider for verdict in verdicts for one in verdict.broken}
    return {one.model.provider for one in dead} - broken


def calls(asked: Question) -> Iterator[Finding]:
    """P02: no model is left alone because its calls fail."""
    presence = asked.snapshot.presence
    for key, why in presence.circuits.items():
        cause = f"Calls of {key} fail, so that its jobs wait: {why.detail}"
        evidence = {"calls": why.calls, "failed": why.failed, "until": iso(why.until)}
        fix = "mend what the provider says; it is tried again by itself"
        yield Finding("P02", "error", cause, fix, evidence)
    if not presence.circuits:
        yield Finding("P02", "ok", "No model is left alone.")
