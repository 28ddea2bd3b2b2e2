"""What plugins declare is kept in the database, and the operator's word apart."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from tests.kernel.shop import Shop, good

from lumiku_contracts import Model, Plugin, Tier
from lumiku_kernel.catalogue.models import reconcile
from lumiku_kernel.catalogue.overrides import override
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.change import switch
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.prepare import record
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.store import Bell, Store
from lumiku_kernel.store.tables import audits, model_overrides, models
from lumiku_kernel.visibility.census import Census, census, orphans
from lumiku_kernel.visibility.watch import Watch, take

CHEAP, FINE = Model("cheap", price=1), Model("fine", price=5, tier=Tier.PRO)


def plugin(*declared: Model, ident: str = "app", **more: Any) -> Plugin:
    return Plugin(ident, name="App", models=declared, **more)


def store_models(store: Store, *declared: Model, version: str = "1.0") -> list[str]:
    changes = reconcile(store, [(plugin(*declared), version)])
    return [f"{change.act} {change.key}" for change in changes]


def row(store: Store, key: str) -> Mapping[str, Any]:
    with store.read() as session:
        found = session.execute(select(models).where(models.c.key == key))
        return dict(found.mappings().one())


def epoch(store: Store) -> int:
    return take(store).configuration.epoch


def test_declared_models_are_stored_once(store: Store) -> None:
    assert store_models(store, CHEAP, FINE) == ["insert app:cheap", "insert app:fine"]
    before = epoch(store)

    assert store_models(store, CHEAP, FINE) == []

    assert epoch(store) == before
    kept = take(store).configuration.models["app"]
    assert [(one.key, one.price, one.tier) for one in kept] == [
        ("app:cheap", 1, Tier.FREE),
        ("app:fine", 5, Tier.PRO),
    ]


def test_a_changed_declaration_is_stored(store: Store) -> None:
    store_models(store, CHEAP)

    said = store_models(store, Model("cheap", price=2), version="1.1")

    assert said == ["update app:cheap"]
    assert row(store, "app:cheap")["price"] == 2


def test_a_model_that_is_gone_is_retired_and_may_come_back(store: Store) -> None:
    store_models(store, CHEAP, FINE)

    gone = store_models(store, FINE)
    without = take(store).configuration.models["app"]
    back = store_models(store, CHEAP, FINE)

    assert set(gone) == {"retire app:cheap", "update app:fine"}
    assert [one.key for one in without] == ["app:fine"]
    assert "update app:cheap" in back
    assert len(take(store).configuration.models["app"]) == 2


def test_an_older_release_leaves_the_models_of_a_newer_one_alone(store: Store) -> None:
    """During a rolling upgrade the old processes start again, too."""
    store_models(store, CHEAP, FINE, version="2.0")

    assert store_models(store, Model("cheap", price=9), version="1.10") == []

    assert row(store, "app:cheap")["price"] == 1
    assert row(store, "app:fine")["retired_at"] is None


def test_versions_are_compared_as_versions(store: Store) -> None:
    store_models(store, CHEAP, version="1.9")

    said = store_models(store, Model("cheap", price=3), version="1.10")

    assert said == ["update app:cheap"]


def test_the_models_of_a_plugin_that_is_gone_are_kept(store: Store) -> None:
    store_models(store, CHEAP)

    assert reconcile(store, []) == []

    assert row(store, "app:cheap")["retired_at"] is None


def test_a_look_changes_nothing(store: Store) -> None:
    store_models(store, CHEAP)
    before = epoch(store)

    said = reconcile(store, [(plugin(FINE), "1.0")], dry_run=True)

    assert {one.act for one in said} == {"insert", "retire"}
    assert epoch(store) == before


WHO: dict[str, Any] = {"actor": "usr_boss", "reason": "a test"}


def test_the_operators_word_outweighs_and_outlives_the_authors(store: Store) -> None:
    store_models(store, CHEAP)

    override(store, "app:cheap", price=7, **WHO)
    override(store, "app:cheap", tier=Tier.BASIC, **WHO)
    store_models(store, Model("cheap", price=2), version="2.0")

    (fact,) = take(store).configuration.models["app"]
    assert (fact.price, fact.tier, fact.enabled) == (7, Tier.BASIC, True)
    with store.read() as session:
        written = session.execute(select(audits).order_by(audits.c.id)).mappings().all()
    assert [one["after"]["price"] for one in written] == [7, 7]
    assert [one["before"] and one["before"]["tier"] for one in written] == [None, None]


def test_a_price_of_nothing_is_a_price(store: Store) -> None:
    store_models(store, CHEAP)

    override(store, "app:cheap", price=0, **WHO)

    (fact,) = take(store).configuration.models["app"]
    assert fact.price == 0


def test_a_model_nobody_declared_cannot_be_overridden(store: Store) -> None:
    with pytest.raises(Problem) as told:
        override(store, "app:nothing", price=1, **WHO)

    assert told.value.code == "not-found"
    with store.read() as session:
        assert session.execute(select(model_overrides)).all() == []
        assert session.execute(select(audits)).all() == []


def test_a_switch_is_one_change_with_its_reason(store: Store) -> None:
    key = enabled_key("app")
    before = epoch(store)

    for on in (False, True):
        switch(store, key, on=on, **WHO)

    flags = take(store).configuration.flags
    assert flags.outcomes("app.enabled") == {True}
    assert epoch(store) > before
    with store.read() as session:
        written = session.execute(select(audits).order_by(audits.c.id)).mappings().all()
    assert written[0]["before"] is None
    assert written[0]["after"] == written[1]["before"]
    assert [(one["after"]["version"], one["after"]["state"]) for one in written] == [
        (1, "off"),
        (2, "on"),
    ]
    assert {one["reason"] for one in written} == {"a test"}


def test_models_are_counted_by_what_has_become_of_them(store: Store) -> None:
    record(store, [Loaded("app", "acme-app", "1.0", plugin=plugin(CHEAP, FINE))])
    store_models(store, CHEAP, FINE, Model("old", price=1))
    store_models(store, CHEAP, FINE)
    lost = plugin(CHEAP, ident="lost")
    reconcile(store, [(lost, "1.0")])

    counts = census(take(store))

    assert counts == Census(declared=2, stored=2, orphaned=1, retired=1, usable=2)
    assert orphans(take(store).configuration) == {"lost": ["lost:cheap"]}
    record(store, [])
    counts = census(take(store))
    assert counts == Census(declared=0, stored=0, orphaned=3, retired=1, usable=0)


def test_an_unchanged_start_raises_no_epoch(shop: Shop, store: Store) -> None:
    shop.install("app", good("app"))
    found = commit(discover(points=shop.points)).found
    record(store, found)
    before = epoch(store)

    record(store, found)

    assert epoch(store) == before


def test_a_plugin_that_was_uninstalled_is_remembered_as_gone(store: Store) -> None:
    record(store, [Loaded("app", "acme-app", "1.0", plugin=plugin(CHEAP))])

    record(store, [])

    fact = take(store).configuration.plugins["app"]
    assert (fact.state, fact.code) == ("missing", "NOT_INSTALLED")
    assert "acme-app is gone" in (fact.reason or "")
    assert fact.declaration["name"] == "App"


def test_a_running_process_notices_what_is_changed_by_hand(store: Store) -> None:
    record(store, [Loaded("app", "acme-app", "1.0", plugin=plugin(CHEAP))])
    store_models(store, CHEAP)
    bell = Bell(store)
    watch = Watch(store, bell)
    assert "app" in watch.snapshot.configuration.models
    bell.start()
    watch.start()
    try:
        with store.write() as session:
            session.connection().exec_driver_sql("DELETE FROM model")

        for _ in range(60):
            if "app" not in watch.snapshot.configuration.models:
                break
            bell.wait(bell.rings, 1)
    finally:
        watch.stop()
        bell.stop()

    assert "app" not in watch.snapshot.configuration.models
