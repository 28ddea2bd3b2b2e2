"""How many models there are: declared, stored, orphaned, retired, usable; pure."""

from dataclasses import asdict, dataclass

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.visibility.snapshot import Configuration, Snapshot
from lumiku_kernel.visibility.verdict import judge

BEST = Viewer("usr_", Tier.ENTERPRISE)
"""Who may use whatever anybody may."""


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of models, computed wherever they are told.

    `stored` are those of installed plugins; `orphaned` those of plugins that are no
    longer installed: kept, and shown to nobody; `usable` by somebody at least.
    """

    declared: int
    stored: int
    orphaned: int
    retired: int
    usable: int

    def document(self) -> dict[str, int]:
        """As JSON."""
        return asdict(self)


def orphans(configuration: Configuration) -> dict[str, list[str]]:
    """By plugin, the stored models whose plugin is not installed."""
    return {
        plugin: [one.key for one in models]
        for plugin, models in configuration.models.items()
        if not _installed(configuration, plugin)
    }


def _installed(configuration: Configuration, plugin: str) -> bool:
    fact = configuration.plugins.get(plugin)
    return fact is not None and fact.installed


def census(snapshot: Snapshot) -> Census:
    """All of them."""
    known = snapshot.configuration
    lost = orphans(known)
    stored = {app: models for app, models in known.models.items() if app not in lost}
    verdicts = (judge(snapshot, BEST, app) for app in stored)
    return Census(
        sum(len(one.declared) for one in known.plugins.values() if one.installed),
        sum(map(len, stored.values())),
        sum(map(len, lost.values())),
        sum(map(len, known.retired.values())),
        sum(len(one.usable) for one in verdicts if one.visible),
    )
