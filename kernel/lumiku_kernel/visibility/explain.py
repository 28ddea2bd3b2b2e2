"""The verdict in words, for `lumiku why`."""

from collections.abc import Iterator

from lumiku_kernel.visibility.verdict import Verdict


def words(verdict: Verdict) -> Iterator[str]:
    """Lines: summary, funnel, each failed gate with its fix, dead models, wishes."""
    yield verdict.summary
    yield "models: " + " → ".join(f"{n} {name}" for name, n in verdict.funnel.items())
    for gate in (*verdict.blocking, *verdict.degraded):
        yield f"✗ gate {gate.number} {gate.name}: {gate.code}. {gate.detail}"
        if gate.fix:
            yield f"  fix ({gate.fix.who}): {gate.fix.command}"
    for one in verdict.models:
        if one.gate is not None and not one.usable:
            yield f"- {one.model.key}: {one.gate.code}. {one.gate.detail}"
            if one.gate.fix:
                yield f"  fix ({one.gate.fix.who}): {one.gate.fix.command}"
    if verdict.would_be_visible_if:
        yield "It would be visible if:"
        for wish in verdict.would_be_visible_if:
            yield f"  · {wish}"
