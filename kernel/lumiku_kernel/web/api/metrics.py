"""What Prometheus reads: who sees what, and which processes there are."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.responses import Response

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.visibility.census import BEST
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import evaluate
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.counts import Kept
from lumiku_kernel.web.endpoint import Endpoint
from lumiku_kernel.web.measures import COUNTED, FOLLOWERS


class Seen(Collector):
    """The verdict of every app for every tier, and the living processes."""

    def __init__(self, snapshot: Snapshot) -> None:
        """As of this snapshot."""
        self._snapshot = snapshot

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each question."""
        labels: tuple[str, ...] = ("app", "tier")
        seen = GaugeMetricFamily("lumiku_app_visible", "Seen by a tier.", labels=labels)
        runs = GaugeMetricFamily("lumiku_app_runnable", "Can run now.", labels=labels)
        for tier in Tier:
            viewer = Viewer("usr_", tier)
            for app, verdict in evaluate(self._snapshot, viewer).items():
                seen.add_metric((app, tier.word), float(verdict.visible))
                runs.add_metric((app, tier.word), float(verdict.runnable))
        alive = GaugeMetricFamily("lumiku_processes", "Alive.", labels=("role",))
        for role in ("server", "worker"):
            alive.add_metric((role,), len(self._snapshot.presence.alive(role)))
        labels = ("model",)
        down = GaugeMetricFamily("lumiku_model_down", "Left alone.", labels=labels)
        for key in self._snapshot.presence.circuits:
            down.add_metric(
                (key,), float(self._snapshot.presence.down(key) is not None)
            )
        yield from (seen, runs, alive, down, *_best(self._snapshot))


def _best(snapshot: Snapshot) -> Iterator[GaugeMetricFamily]:
    """What nobody can have: apps hidden from everybody, and models."""
    labels: tuple[str, ...] = ("app", "code")
    hidden = GaugeMetricFamily(
        "lumiku_app_hidden", "Hidden from everybody, by its first gate.", labels=labels
    )
    labels = ("app", "state")
    models = GaugeMetricFamily(
        "lumiku_app_models",
        "Models: usable by somebody, by nobody, or not set up yet.",
        labels=labels,
    )
    for app, verdict in evaluate(snapshot, BEST).items():
        if verdict.blocking:
            hidden.add_metric((app, verdict.blocking[0].code or ""), 1.0)
        models.add_metric((app, "usable"), len(verdict.usable))
        broken = len(verdict.broken)
        models.add_metric((app, "dead"), broken)
        models.add_metric((app, "unset"), len(verdict.dead) - broken)
    yield from (hidden, models)


def metrics(context: Context) -> Response:
    """Prometheus' text format; a scraper sends an operator's key."""
    registry = CollectorRegistry()
    registry.register(Seen(context.snapshot))
    registry.register(Kept(context.store, context.settings))
    FOLLOWERS.set(context.site.hub.followers)
    told = generate_latest(registry) + generate_latest(COUNTED)
    return Response(told, media_type=CONTENT_TYPE_PLAIN_0_0_4)


ENDPOINTS = (
    Endpoint("GET", "/metrics", metrics, "operator", "operator", tag="health"),
)
