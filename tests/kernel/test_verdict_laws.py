"""What holds of every verdict, whatever the snapshot and the viewer."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.facts import (
    ABSENT,
    LACKING,
    NOW,
    READY,
    model,
    plugin,
    said,
    snapshot,
)

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.visibility.snapshot import Presence, ProcessFact, Snapshot
from lumiku_kernel.visibility.verdict import evaluate, judge
from lumiku_kernel.visibility.wishes import Wish

words_ = st.sampled_from([READY, LACKING, ABSENT])
providers_ = st.sampled_from(["local", "acme", "beta"])
models_ = st.builds(
    lambda n, provider, tier, enabled: model(
        f"m{n}", provider, Tier(tier), enabled=enabled
    ),
    st.integers(0, 5),
    providers_,
    st.integers(0, 3),
    st.booleans(),
)
processes_ = st.builds(
    lambda seen, started, plugins, words, slots: ProcessFact(
        f"prc_{started}", "worker", seen, started, plugins, words, slots
    ),
    st.sampled_from([0.0, NOW - 20, NOW - 1]),
    st.integers(1, 9).map(float),
    st.sampled_from([{}, {"app": "1.0"}, {"app": "0.9"}]),
    st.dictionaries(st.sampled_from(["acme", "beta"]), words_),
    st.sampled_from([{}, {"cpu": 1}, {"io": 8}, {"cpu": 1, "io": 8}]),
)
apps_ = st.sampled_from(
    [
        plugin(),
        plugin(declaration={"models": [], "stability": "coming_soon"}),
        plugin(declaration={"models": [{"id": "m0"}, {"id": "x", "tier": "pro"}]}),
        plugin(state="rejected", code="IMPORT_ERROR"),
    ]
)
snapshots = st.builds(
    lambda models, app, flags, providers, processes: snapshot(
        *models, app=app, flags=flags, providers=providers, processes=tuple(processes)
    ),
    st.lists(models_, max_size=4, unique_by=lambda one: one.key),
    apps_,
    st.sampled_from([{}, {"app.enabled": True}, {"app.enabled": False}]),
    st.sampled_from([(), ("acme",), ("acme", "beta")]),
    st.lists(processes_, max_size=3, unique_by=lambda one: one.started_at),
)
viewers = st.builds(
    Viewer,
    st.sampled_from([None, "usr_a"]),
    st.sampled_from(Tier),
    st.sampled_from(["user", "operator"]),
)


def with_configuration(whole: Snapshot, **changes: Any) -> Snapshot:
    return replace(whole, configuration=replace(whole.configuration, **changes))


def losses(whole: Snapshot) -> list[Snapshot]:
    """Every snapshot that has one thing less than `whole`."""
    models = whole.configuration.models.get("app", ())
    providers = whole.configuration.providers
    processes = whole.presence.processes
    fewer = [
        with_configuration(whole, models={"app": models[:n] + models[n + 1 :]})
        for n in range(len(models))
    ]
    fewer += [
        with_configuration(
            whole,
            models={"app": (*models[:n], replace(one, **less), *models[n + 1 :])},
        )
        for n, one in enumerate(models)
        for less in ({"enabled": False}, {"tier": Tier.ENTERPRISE})
    ]
    fewer += [
        with_configuration(
            whole, providers={k: v for k, v in providers.items() if k != name}
        )
        for name in providers
    ]
    fewer += [
        replace(
            whole,
            presence=Presence(
                NOW,
                (*processes[:n], replace(one, seen_at=0.0), *processes[n + 1 :]),
            ),
        )
        for n, one in enumerate(processes)
    ]
    off = whole.configuration.flags.saying("app.enabled", said(False))
    fewer.append(with_configuration(whole, flags=off))
    gone = plugin(state="missing", code="NOT_INSTALLED")
    fewer.append(with_configuration(whole, plugins={"app": gone}))
    fewer.append(with_configuration(whole, plugins={}))
    return fewer


@settings(max_examples=150, deadline=None)
@given(snapshots, viewers)
def test_having_less_never_shows_or_runs_more(whole: Snapshot, viewer: Viewer) -> None:
    """A model, provider or worker process gone, or anything switched off."""
    before = judge(whole, viewer, "app")

    for less in losses(whole):
        after = judge(less, viewer, "app")

        assert after.visible <= before.visible
        assert after.runnable <= before.runnable
        assert {one.key for one in after.usable} <= {one.key for one in before.usable}


@settings(max_examples=150, deadline=None)
@given(snapshots, viewers)
def test_no_models_not_visible(whole: Snapshot, viewer: Viewer) -> None:
    verdict = judge(whole, viewer, "app")

    assert bool(verdict.usable) or not verdict.visible
    assert verdict.visible or verdict.blocking
    assert verdict.visible or not verdict.runnable
    assert verdict.would_be_visible_if or verdict.visible
    assert list(verdict.funnel.values())[1:] == sorted(
        list(verdict.funnel.values())[1:], reverse=True
    )


@settings(max_examples=400, deadline=None)
@given(snapshots, viewers)
def test_every_wish_that_can_be_tried_comes_true(
    whole: Snapshot, viewer: Viewer
) -> None:
    """Tier, sign-in, switch, model stored, enabled or opened, provider set up."""
    for wish in judge(whole, viewer, "app").wishes:
        if wish.can_be_tried:
            there, who = wish.granted(whole, viewer)

            assert judge(there, who, "app").visible, wish.words


@settings(max_examples=150, deadline=None)
@given(snapshots, viewers)
def test_no_step_of_a_wish_is_idle(whole: Snapshot, viewer: Viewer) -> None:
    for wish in judge(whole, viewer, "app").wishes:
        for step in wish.steps if wish.can_be_tried else ():
            others = tuple(one for one in wish.steps if one is not step)
            there, who = Wish(others).granted(whole, viewer)

            assert not judge(there, who, "app").visible, step.words


@settings(max_examples=100, deadline=None)
@given(snapshots, viewers)
def test_the_verdict_depends_on_nothing_but_its_arguments(
    whole: Snapshot, viewer: Viewer
) -> None:
    assert evaluate(whole, viewer) == evaluate(whole, viewer)
