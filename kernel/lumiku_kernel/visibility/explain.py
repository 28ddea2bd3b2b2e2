"""The verdict in words, for `lumiku why`."""

from collections.abc import Iterator, Mapping
from typing import Any

from lumiku_kernel.clock import iso
from lumiku_kernel.visibility.verdict import Verdict


def words(verdict: Verdict, switched: str = "") -> Iterator[str]:
    """Lines: summary, funnel, each failed gate with its fix, dead models, wishes.

    `switched` is a sentence on who switched its flag off.
    """
    yield verdict.summary
    yield "models: " + " → ".join(f"{n} {name}" for name, n in verdict.funnel.items())
    for gate in (*verdict.blocking, *verdict.degraded):
        yield f"✗ gate {gate.number} {gate.name}: {gate.code}. {gate.detail}"
        if gate.code == "FLAG_OFF" and switched:
            yield f"  {switched}"
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


def model_words(verdict: Verdict, key: str) -> Iterator[str]:
    """Lines on one model of the app."""
    found = next((one for one in verdict.models if one.model.key == key), None)
    if found is None:
        yield f"There is no stored model {key}."
    elif found.usable:
        free = verdict.of[0].configuration.free
        price = "" if free else f": {found.model.price} credits an item"
        yield f"{key} is usable{price}."
    elif found.gate is not None:
        yield f"{key} is not usable: {found.gate.code}. {found.gate.detail}"
        if found.gate.fix:
            yield f"  fix ({found.gate.fix.who}): {found.gate.fix.command}"


def past(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored transition as a verdict of its time, as JSON."""
    return {
        "app": row["app"],
        "tier": row["tier"],
        "state": row["after"],
        "visible": row["after"] != "hidden",
        "since": iso(row["at"]),
        "before": row["before"],
        "cause": row["cause"],
        "codes": row["codes"],
        **row["evidence"],
        "epoch": row["epoch"],
    }


def past_words(row: Mapping[str, Any]) -> Iterator[str]:
    """Lines on a stored transition: since when, by what cause, and each gate."""
    said = past(row)
    yield (
        f"{said['app']} was {said['state']} for the tier {said['tier']} "
        f"since {said['since']} because {said['cause']}"
    )
    yield said["summary"]
    yield "models: " + " → ".join(f"{n} {name}" for name, n in said["funnel"].items())
    for gate in (*said["blocking"], *said["degraded"]):
        yield f"✗ gate {gate['gate']} {gate['name']}: {gate['code']}. {gate['detail']}"
    for key, code in said["dead"].items():
        yield f"- {key}: {code}"
