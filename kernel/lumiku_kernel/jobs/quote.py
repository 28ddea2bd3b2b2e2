"""What a request would make and cost, decided on the server alone.

The same road is taken for a price and for the job itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from lumiku_contracts import ItemSpec, PriceLine, Refused, Worker
from lumiku_contracts.work import Viewer
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs.agreed import agreed
from lumiku_kernel.jobs.given import check as check_uploads
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import ModelFact, Snapshot
from lumiku_kernel.visibility.verdict import Verdict, judge
from lumiku_kernel.visibility.workers import slot_of

MOST_ITEMS = 1000
MOST_CREDITS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Quote:
    """A request understood: its items, what each costs, and where it will run."""

    app: str
    worker: Worker
    model: ModelFact
    slot: str
    input: BaseModel
    items: tuple[ItemSpec, ...]
    lines: tuple[PriceLine, ...]
    fingerprint: str

    @property
    def price(self) -> int:
        """Credits for all items."""
        return sum(line.credits for line in self.lines)

    def price_of(self, index: int) -> int:
        """Credits for one item."""
        return sum(line.credits for line in self.lines if line.item == index)

    def breakdown(self) -> list[dict[str, Any]]:
        """The price lines, equal ones counted together."""
        counted: dict[tuple[str, int], int] = {}
        for line in self.lines:
            key = (line.label, line.credits)
            counted[key] = counted.get(key, 0) + 1
        return [
            {"label": label, "credits": each, "count": n, "total": each * n}
            for (label, each), n in counted.items()
        ]


def quote(
    *,
    store: Store,
    registry: Registry,
    snapshot: Snapshot,
    viewer: Viewer,
    request_id: str,
    app: str,
    worker: str,
    body: Mapping[str, Any],
) -> Quote:
    """Understand a request, or raise the problem with it; nothing is written."""
    verdict = judge(snapshot, viewer, app)
    if not verdict.visible or app not in registry.ready:
        raise Problem(404, "app-not-available", f"There is no app “{app}” for you.")
    kind = registry.worker(app, worker)
    if kind is None:
        raise not_found(f"worker “{worker}” of {app}")
    model = _choose(verdict, body.get("model"), worker, snapshot)
    _runnable(verdict)
    given = {name: value for name, value in body.items() if name != "model"}
    understood = _validate(kind, given)
    check_uploads(store, understood, viewer.id)
    call = PluginCall(
        registry.ready[app],
        viewer,
        request_id,
        registry,
        store,
        snapshot.configuration.flags.of(viewer),
    )
    items = _items(kind, understood)
    if kind.check is not None:
        try:
            _ask(app, kind.check, call, understood)
        finally:
            call.close()
    lines = _price(app, kind, understood, model, len(items))
    if snapshot.configuration.free:
        lines = tuple(PriceLine(line.item, line.label, 0) for line in lines)
    return Quote(
        app,
        kind,
        model,
        slot_of(model, snapshot),
        understood,
        items,
        lines,
        fingerprint(app, worker, body),
    )


def _choose(
    verdict: Verdict, wanted: Any, worker: str, snapshot: Snapshot
) -> ModelFact:
    """The model wanted, or the first that can be used and works."""
    down = snapshot.presence.down
    if wanted is None:
        able = [model for model in verdict.usable if model.serves(worker)]
        if not able:
            detail = f"No model that you can use serves “{worker}”."
            raise Problem(422, "no-model", detail)
        return next((model for model in able if not down(model.key)), able[0])
    key = wanted if ":" in str(wanted) else f"{verdict.app}:{wanted}"
    found = next((one for one in verdict.models if one.model.key == key), None)
    if found is None:
        known = ", ".join(one.model.id for one in verdict.models)
        raise Problem(
            422, "unknown-model", f"There is no model “{wanted}”; there are {known}."
        )
    if not found.usable and found.gate is not None:
        if found.gate.code == "TIER_TOO_LOW":
            raise Problem(
                403,
                "tier-too-low",
                found.gate.detail,
                extra={"tier": found.model.tier.word},
            )
        detail = f"{key} is not available now."
        raise Problem(503, "model-not-available", detail)
    if not found.model.serves(worker):
        detail = f"{key} does not serve “{worker}”."
        raise Problem(422, "model-not-for-worker", detail)
    if down(found.model.key) is not None:
        raise _down(found.model.name)
    return found.model


def _down(name: str) -> Problem:
    """The cause is the operator's affair; it stands in the verdict."""
    detail = f"{name} fails too often just now; it is tried again in a moment."
    return Problem(503, "provider-down", detail, headers={"Retry-After": "30"})


def _runnable(verdict: Verdict) -> None:
    for gate in verdict.degraded:
        if gate.code == "COMING_SOON":
            raise Problem(403, "coming-soon", gate.detail)
        if gate.code == "PROVIDER_DOWN":
            raise _down(verdict.app)
        raise Problem(
            503,
            "no-worker",
            gate.detail,
            fix="lumiku work",
            headers={"Retry-After": "10"},
        )


def _validate(worker: Worker, given: Mapping[str, Any]) -> BaseModel:
    accepts: type[BaseModel] = worker.accepts
    try:
        understood = accepts.model_validate_json(json.dumps(given))
    except ValidationError as error:
        raise invalid(error) from error
    try:
        # The runner reads the input as the job's row holds it, every default written.
        return accepts.model_validate_json(understood.model_dump_json(by_alias=True))
    except ValidationError as error:
        detail = f"{worker.name} cannot read its own input once it is stored."
        raise Problem(500, "plugin-error", detail) from error


def invalid(error: ValidationError) -> Problem:
    """422 `invalid-input`, naming each field at fault."""
    faults = [
        {
            "field": ".".join(str(part) for part in fault["loc"]),
            "code": fault["type"],
            "detail": fault["msg"],
        }
        for fault in error.errors(include_url=False, include_input=False)
    ]
    first = faults[0]
    detail = f"{first['field'] or 'the body'}: {first['detail']}"
    return Problem(422, "invalid-input", detail, errors=faults)


def _items(worker: Worker, given: BaseModel) -> tuple[ItemSpec, ...]:
    if worker.items is None:
        return (ItemSpec(),)
    items = tuple(_ask(worker.name, worker.items, given))
    if not items:
        raise Problem(422, "nothing-to-make", "This request asks for no picture.")
    if len(items) > MOST_ITEMS:
        detail = f"A job has at most {MOST_ITEMS} items; this would have {len(items)}."
        raise Problem(422, "too-many-items", detail)
    return items


def _price(
    app: str, worker: Worker, given: BaseModel, model: ModelFact, count: int
) -> tuple[PriceLine, ...]:
    if worker.free:
        return ()
    if worker.price is None:
        return tuple(PriceLine(n, model.name, model.price) for n in range(count))
    lines = tuple(
        _ask(app, worker.price, given, agreed(model.declaration, model.price))
    )
    strange = any(line.credits < 0 or not 0 <= line.item < count for line in lines)
    if strange or sum(line.credits for line in lines) > MOST_CREDITS:
        raise Problem(500, "plugin-error", f"{app} asked for an impossible price.")
    return lines


def _ask(name: str, function: Any, *given: Any) -> Any:
    """Call into a plugin: its refusals pass, its faults are named as its own."""
    try:
        return function(*given)
    except Refused:
        raise
    except Exception as error:
        raise Problem(500, "plugin-error", f"{name} could not answer.") from error


def fingerprint(app: str, worker: str, body: Mapping[str, Any]) -> str:
    """The same for the same request, and for no other."""
    text = json.dumps([app, worker, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
