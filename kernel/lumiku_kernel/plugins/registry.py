"""The plugins of this process: conflicts resolved, one immutable snapshot."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select

from lumiku_contracts import Plugin, Provider, Resource, Worker
from lumiku_kernel.plugins.admission import Loaded, policy
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.settings import fault
from lumiku_kernel.plugins.trial import Trial
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import flags


@dataclass(frozen=True, slots=True)
class Registry:
    """What was found, and what may be used of it."""

    found: tuple[Loaded, ...]
    ready: Mapping[str, Plugin]
    providers: Mapping[str, tuple[Plugin, Provider]]
    resources: Mapping[str, tuple[Plugin, Resource]]

    def version(self, plugin_id: str) -> str:
        """The version of a plugin's distribution."""
        return next(one.version for one in self.found if one.id == plugin_id)

    def of(self, plugin_id: str) -> Loaded | None:
        """What was found of a plugin."""
        return next((one for one in self.found if one.id == plugin_id), None)

    def worker(self, plugin_id: str, name: str) -> Worker | None:
        """A worker of a ready plugin."""
        plugin = self.ready.get(plugin_id)
        workers = plugin.workers if plugin else ()
        return next((one for one in workers if one.name == name), None)

    def slot(self, provider: str) -> str:
        """The class of slots that a provider's jobs need; `cpu` for `LOCAL`."""
        known = self.providers.get(provider)
        return known[1].cost if known else "cpu"

    def capable(self, capability: str) -> tuple[Plugin, Provider] | None:
        """The only provider that offers a capability, if there is just one."""
        able = [
            pair for pair in self.providers.values() if capability in pair[1].offers
        ]
        return able[0] if len(able) == 1 else None


def load(settings: Settings, store: Store | None = None) -> Registry:
    """Discover, trying out what is new here, and commit what does not conflict.

    What `store` says is off is not imported.
    """
    off = _switched_off(store) if store is not None else ()
    memory = settings.data_dir.resolve() / "trial.json"
    trial = Trial(memory) if settings.plugins_trial else None
    found = discover(policy(settings, off), trial=trial)
    able = [_configured(one) for one in found]
    return commit([*able, *_expected(settings, {one.id for one in found})])


def _switched_off(store: Store) -> list[str]:
    """Ids of plugins that nobody is to have; one query."""
    said = flags.c.key.endswith(".enabled") & (flags.c.state == "off")
    with store.read() as session:
        keys = session.execute(select(flags.c.key).where(said)).scalars()
        return [key.removesuffix(".enabled") for key in keys]


def _configured(one: Loaded) -> Loaded:
    wrong = fault(one.plugin) if one.plugin and one.state == "ready" else None
    return one if wrong is None else one.rejected(*wrong)


def _expected(settings: Settings, there: set[str]) -> Iterator[Loaded]:
    """The plugins that must be ready here and that no distribution offers."""
    for ident in sorted(settings.required - there):
        reason = "LUMIKU_PLUGINS_REQUIRED names it; no distribution offers it."
        yield Loaded(ident, "?", "?", "missing", "EXPECTED_PLUGIN_MISSING", reason)


def commit(found: Iterable[Loaded]) -> Registry:
    """Reject those that clash or miss what they need; the rest is ready."""
    checked = _without_clashes(list(found))
    while True:
        after = [_with_needs(one, checked) for one in checked]
        if after == checked:
            break
        checked = after
    ready = {
        one.id: one.plugin for one in checked if one.state == "ready" and one.plugin
    }
    ordered = {ident: ready[ident] for ident in _topological(ready)}
    return Registry(
        tuple(checked),
        MappingProxyType(ordered),
        MappingProxyType(
            {
                one.name: (plugin, one)
                for plugin in ordered.values()
                for one in plugin.providers
            }
        ),
        MappingProxyType(
            {
                one.kind: (plugin, one)
                for plugin in ordered.values()
                for one in plugin.resources
            }
        ),
    )


def _claims(plugin: Plugin) -> Iterator[str]:
    yield from (f"provider {one.name}" for one in plugin.providers)
    yield from (f"resource {one.kind}" for one in plugin.resources)


def _offers(plugin: Plugin) -> set[str]:
    provided = {offer for one in plugin.providers for offer in one.offers}
    return provided | {f"resource:{one.kind}" for one in plugin.resources}


def _without_clashes(found: list[Loaded]) -> list[Loaded]:
    claims = Counter(
        claim for one in found if one.plugin for claim in _claims(one.plugin)
    )
    checked = []
    for one in found:
        clash = [
            c for c in (_claims(one.plugin) if one.plugin else ()) if claims[c] > 1
        ]
        reason = f"Another plugin also declares the {clash[0]}." if clash else ""
        checked.append(one.rejected("CONFLICT", reason) if clash else one)
    return checked


def _with_needs(one: Loaded, all_: list[Loaded]) -> Loaded:
    if one.state != "ready" or one.plugin is None:
        return one
    offered = {
        offer
        for other in all_
        if other.state == "ready" and other.plugin
        for offer in _offers(other.plugin)
    }
    missing = [
        use.name
        for use in one.plugin.uses
        if not use.optional and use.name not in offered
    ]
    if not missing:
        return one
    return one.rejected("USES_MISSING", f"No ready plugin offers {', '.join(missing)}.")


def _topological(ready: Mapping[str, Plugin]) -> list[str]:
    """Providers before users; otherwise by id. A circle falls back to ids."""
    order: list[str] = []

    def visit(ident: str, path: frozenset[str]) -> None:
        if ident in order or ident in path:
            return
        needs = {use.name for use in ready[ident].uses}
        for other in sorted(ready):
            if other != ident and needs & _offers(ready[other]):
                visit(other, path | {ident})
        order.append(ident)

    for ident in sorted(ready):
        visit(ident, frozenset())
    return order
