"""`migrate`, `seed`, `plugins`, `models`: what there is, and what of it is on."""

from typing import Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, Reason, app, group, say, show
from lumiku_kernel.cli.open import opened

plugins = group("plugins", "Plugins found, and whether they are on.")
models = group("models", "Models stored, and what the operator says of them.")


@app.command()
def migrate() -> None:
    """Bring the tables of the kernel and of each plugin up to date."""
    from lumiku_kernel import prepare

    with opened(migrated=False) as (settings, store):
        done = prepare.prepare(settings, store)
    if done.copy is not None:
        say(prepare.how_to_go_back(done.copy))
    say(f"kernel revisions applied: {', '.join(done.revisions) or 'none'}")
    say(f"models changed: {len(done.models)}, seed rows changed: {done.seeds}")
    rejected = [one for one in done.registry.found if one.state == "rejected"]
    for one in rejected:
        say(f"{one.id}: {one.code}. {one.reason}")
    if rejected or done.failed:
        raise typer.Exit(1)


@app.command()
def seed(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if something lacks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; say what would change.")
    ] = False,
) -> None:
    """Make stored models and seed rows those that plugins declare; idempotent."""
    from lumiku_kernel import prepare
    from lumiku_kernel.plugins import load
    from lumiku_kernel.plugins.prepare import checked

    with opened() as (settings, store):
        registry = checked(store, load(settings, store))
        only_look = check or dry_run
        done = prepare.seed(store, prepare.Prepared(registry), dry_run=only_look)
    for change in done.models:
        say(f"{'would ' if only_look else ''}{change.act} {change.key}")
    say(f"models: {len(done.models)} changes, seed rows: {done.seeds}")
    for plugin, reason in done.failed.items():
        say(f"{plugin}: SEED_FAILED. {reason}")
    unseen = [one for one in registry.found if one.state == "rejected"]
    for one in unseen:
        say(f"{one.id} was not looked at: {one.code}. {one.reason}")
    if done.failed or (check and (done.models or done.seeds or unseen)):
        raise typer.Exit(1)


def _plugin_rows(store: Any) -> list[dict[str, Any]]:
    from lumiku_kernel.doctor.release import offered
    from lumiku_kernel.flags.word import enabled_key
    from lumiku_kernel.visibility.watch import take

    configuration, here = take(store).configuration, offered()
    return [
        {
            "id": one.id,
            "kind": one.declaration.get("kind", "?"),
            "dist": one.dist,
            "version": one.version,
            "installed": here.get(one.id),
            "state": one.state,
            "on": True in configuration.flags.outcomes(enabled_key(one.id), True),
            "models": len(configuration.models.get(one.id, ())),
            "code": one.code,
            "reason": one.reason,
        }
        for one in configuration.plugins.values()
    ]


@plugins.command("list")
def list_plugins(*, as_json: AsJson = False) -> None:
    """Every plugin found by the last process to start."""
    with opened() as (_, store):
        rows = _plugin_rows(store)
    differ = any(row["installed"] not in (None, row["version"]) for row in rows)
    versions = ("version", "installed") if differ else ("version",)
    rest = ("state", "on", "models", "code", "reason")
    show(rows, ("id", "kind", *versions, *rest), as_json=as_json)
    for row in rows if not as_json else ():
        if row["installed"] not in (None, row["version"]):
            ident, new, old = row["id"], row["installed"], row["version"]
            say(f"{ident}: {new} is installed here, {old} is in force")


@plugins.command("show")
def show_plugin(ident: str) -> None:
    """What a plugin declares."""
    import json

    from lumiku_kernel.errors import not_found
    from lumiku_kernel.visibility.watch import take

    with opened() as (_, store):
        found = take(store).configuration.plugins.get(ident)
    if found is None:
        raise not_found("plugin")
    say(json.dumps(dict(found.declaration), indent=2))


def _switch(ident: str, *, on: bool, reason: str) -> None:
    from lumiku_kernel.errors import not_found
    from lumiku_kernel.flags.change import switch
    from lumiku_kernel.flags.word import enabled_key

    with opened() as (_, store):
        if ident not in {row["id"] for row in _plugin_rows(store)}:
            raise not_found("plugin")
        switch(store, enabled_key(ident), on=on, actor="cli", reason=reason)
    say(f"{ident} is {'on' if on else 'off'}")


@plugins.command()
def enable(ident: str, reason: Reason) -> None:
    """Switch a plugin on, at once, everywhere."""
    _switch(ident, on=True, reason=reason)


@plugins.command()
def disable(ident: str, reason: Reason) -> None:
    """Switch a plugin off, at once, everywhere."""
    _switch(ident, on=False, reason=reason)


@plugins.command()
def release(ident: str, reason: Reason) -> None:
    """Let a plugin out of quarantine before its time."""
    from lumiku_kernel.plugins import quarantine

    with opened() as (_, store):
        quarantine.release(store, ident, actor="cli", why=reason)
    say(f"{ident} is released")


@models.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """Every stored model, as authors and operator have it; counts at the end."""
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.visibility.census import BEST, census, orphans
    from lumiku_kernel.visibility.verdict import judge
    from lumiku_kernel.visibility.watch import take

    with opened() as (settings, store):
        snapshot = take(store, Local.of(settings))
    lost = orphans(snapshot.configuration)
    rows = [
        {
            "key": one.model.key,
            "provider": one.model.provider,
            "tier": one.model.tier.word,
            "price": one.model.price,
            "enabled": one.model.enabled,
            "usable": one.usable and app_id not in lost,
            "code": "ORPHANED" if app_id in lost else one.gate and one.gate.code,
        }
        for app_id in snapshot.configuration.models
        for one in judge(snapshot, BEST, app_id).models
    ]
    columns = ("key", "provider", "tier", "price", "enabled", "usable", "code")
    show(rows, columns, as_json=as_json)
    if not as_json:
        counts = census(snapshot).document()
        say(", ".join(f"{number} {name}" for name, number in counts.items()))


@models.command("set")
def set_model(
    key: str,
    reason: Reason,
    enable: Annotated[bool | None, typer.Option("--enable/--disable")] = None,
    tier: Annotated[
        str | None, typer.Option(help="free, basic, pro, enterprise.")
    ] = None,
    price: Annotated[int | None, typer.Option(help="Credits an item.", min=0)] = None,
) -> None:
    """Override a model's state, tier or price."""
    from lumiku_kernel.catalogue.overrides import override
    from lumiku_kernel.cli.open import tier_named

    with opened() as (_, store):
        after = override(
            store,
            key,
            enabled=enable,
            tier=tier_named(tier),
            price=price,
            actor="cli",
            reason=reason,
        )
    say(f"{key}: {after}")
