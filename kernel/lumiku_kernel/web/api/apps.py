"""The apps a viewer can see, what they take, and why others are not there."""

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from starlette.responses import Response

from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.visibility.snapshot import PluginFact, Snapshot
from lumiku_kernel.visibility.verdict import Verdict, evaluate, judge
from lumiku_kernel.web.api.lists import Listing
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint


class Which(BaseModel):
    """Which cards."""

    model_config = ConfigDict(extra="forbid")

    include: Literal["locked"] | None = None


class Card(BaseModel):
    """An app on the dashboard."""

    id: str
    name: str
    summary: str
    icon: str
    color: str
    order: int
    stability: str
    models: int
    runnable: bool
    degraded: list[str]
    url: str
    locked: bool = False
    tier: str | None = None


def card(fact: PluginFact, verdict: Verdict) -> Card:
    """The card of an app that the viewer sees."""
    said = fact.declaration
    return Card(
        id=fact.id,
        name=said.get("name") or fact.id,
        summary=said.get("summary", ""),
        icon=said.get("icon", "puzzle"),
        color=said.get("color", "slate"),
        order=said.get("order", 100),
        stability=said.get("stability", "stable"),
        models=len(verdict.usable),
        runnable=verdict.runnable,
        degraded=[gate.code or "" for gate in verdict.degraded],
        url=f"/apps/{fact.id}",
    )


def _locked(fact: PluginFact, verdict: Verdict) -> Card | None:
    codes = {gate.code for gate in verdict.blocking}
    if codes != {"TIER_TOO_LOW"}:
        return None
    lowest = min(one.model.tier for one in verdict.models if one.model.enabled)
    return card(fact, verdict).model_copy(update={"locked": True, "tier": lowest.word})


def cards(
    snapshot: Snapshot, verdicts: dict[str, Verdict], *, locked: bool
) -> list[Card]:
    """The cards, in their order."""
    shown = []
    for app, verdict in verdicts.items():
        fact = snapshot.configuration.plugins[app]
        if verdict.visible:
            shown.append(card(fact, verdict))
        elif locked:
            shown += filter(None, [_locked(fact, verdict)])
    return shown


class Shown:
    """Answers of `GET /api/apps`, kept as long as their snapshot is the newest.

    What is seen depends on tier, role and the switches that are on for some only, so
    few answers serve everybody.
    """

    def __init__(self) -> None:
        """Nothing is kept."""
        self._snapshot: Snapshot | None = None
        self._split: tuple[str, ...] = ()
        self._answers: dict[tuple[Any, ...], tuple[bytes, str]] = {}

    def answer(self, context: Context, *, locked: bool) -> tuple[bytes, str]:
        """The JSON and its ETag."""
        snapshot, viewer = context.snapshot, context.viewer
        if snapshot is not self._snapshot:
            self._snapshot, self._answers = snapshot, {}
            self._split = _split(snapshot)
        flags = snapshot.configuration.flags
        switches = tuple(flags.judge(one, viewer).value for one in self._split)
        key = (viewer.signed_in, viewer.tier, viewer.role, locked, switches)
        if key not in self._answers:
            shown = cards(snapshot, evaluate(snapshot, viewer), locked=locked)
            content = Listing[Card](items=shown).model_dump_json().encode()
            digest = hashlib.sha256(content).hexdigest()[:16]
            self._answers[key] = (content, f'"{digest}"')
        return self._answers[key]


def _split(snapshot: Snapshot) -> tuple[str, ...]:
    """The switches that are on for some viewers and off for others."""
    configuration = snapshot.configuration
    keys = (enabled_key(plugin) for plugin in configuration.plugins)
    return tuple(key for key in keys if len(configuration.flags.outcomes(key)) > 1)


_SHOWN = Shown()


async def list_apps(context: Context, query: Which) -> Response:
    """The apps this viewer sees; no query while nothing changes."""
    content, etag = _SHOWN.answer(context, locked=query.include == "locked")
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Authorization",
    }
    known = context.connection.headers.get("if-none-match", "")
    # Proxies that compress write W/ before the tag.
    if known == "*" or etag in (one.strip(" W/") for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


class ModelChoice(BaseModel):
    """A model as a viewer may choose it."""

    key: str
    id: str
    name: str
    description: str
    provider: str
    tier: str
    price: int
    available: bool
    reason: str | None


class WorkerForm(BaseModel):
    """A kind of job: what to send, and where."""

    name: str
    description: str
    url: str
    interactive: bool
    input: dict[str, Any]


class App(Card):
    """A card with all that is needed to start a job."""

    model_choices: list[ModelChoice]
    workers: list[WorkerForm]


def visible(context: Context, app: str) -> tuple[PluginFact, Verdict]:
    """The app and its verdict, or 404 `app-not-available`."""
    verdict = judge(context.snapshot, context.viewer, app)
    fact = context.snapshot.configuration.plugins.get(app)
    if fact is None or not verdict.visible or not fact.is_app:
        raise Problem(404, "app-not-available", f"There is no app “{app}” for you.")
    return fact, verdict


def choices(verdict: Verdict) -> list[ModelChoice]:
    """The models, living and dead; a dead one says that it is not available."""
    return [
        ModelChoice(
            key=one.model.key,
            id=one.model.id,
            name=one.model.name,
            description=one.model.declaration.get("description", ""),
            provider=one.model.provider,
            tier=one.model.tier.word,
            price=one.model.price,
            available=one.usable,
            reason=_reason(one.gate.code if one.gate and not one.usable else None),
        )
        for one in verdict.models
        if one.model.enabled
    ]


def _reason(code: str | None) -> str | None:
    if code is None:
        return None
    return "tier-too-low" if code == "TIER_TOO_LOW" else "not-available-now"


def show_app(context: Context, app: str) -> App:
    """One app."""
    fact, verdict = visible(context, app)
    plugin = context.site.host.registry.ready.get(app)
    forms = [
        WorkerForm(
            name=worker.name,
            description=worker.description,
            url=f"/api/apps/{app}/{worker.name}",
            interactive=worker.interactive,
            input=TypeAdapter(worker.accepts).json_schema(),
        )
        for worker in (plugin.workers if plugin else ())
    ]
    return App(
        **card(fact, verdict).model_dump(),
        model_choices=choices(verdict),
        workers=forms,
    )


def list_models(context: Context, app: str) -> Listing[ModelChoice]:
    """The models of an app."""
    _, verdict = visible(context, app)
    return Listing[ModelChoice](items=choices(verdict))


def show_visibility(context: Context, app: str) -> dict[str, Any]:
    """Why an app is, or is not, there for this viewer; operators see everything."""
    verdict = judge(context.snapshot, context.viewer, app)
    return verdict.document() if context.viewer.is_operator else verdict.for_viewer()


READ = "jobs:read"
ENDPOINTS = (
    Endpoint("GET", "/api/apps", list_apps, "public", READ, tag="apps"),
    Endpoint("GET", "/api/apps/{app}", show_app, scope=READ, tag="apps"),
    Endpoint("GET", "/api/apps/{app}/models", list_models, scope=READ, tag="apps"),
    Endpoint(
        "GET", "/api/apps/{app}/visibility", show_visibility, scope=READ, tag="apps"
    ),
)
