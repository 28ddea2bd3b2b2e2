"""Who sees what: no models, not visible; the same model must pass; unknown hides not.

The verdict is a pure function of a snapshot, which is written by hand here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.flags.evaluate import Flags
from lumiku_kernel.flags.word import Word
from lumiku_kernel.visibility.explain import model_words, words
from lumiku_kernel.visibility.gates import INFORMING, NAMES, RECORDED
from lumiku_kernel.visibility.snapshot import (
    CircuitFact,
    Configuration,
    ModelFact,
    PluginFact,
    Presence,
    ProcessFact,
    Snapshot,
)
from lumiku_kernel.visibility.verdict import Verdict, evaluate, judge
from lumiku_kernel.visibility.wishes import Wish

NOW = 1_000_000.0
FREE = Viewer("usr_a", Tier.FREE)
PRO = Viewer("usr_b", Tier.PRO)
OPERATOR = Viewer("usr_o", Tier.FREE, "operator")
NOBODY = Viewer(None)
READY = {"state": "ready"}
LACKING = {"state": "not_configured", "settings": ["ACME_KEY"]}
ABSENT = {"state": "not_installed", "reason": "there is no module acme"}


def model(
    ident: str = "one",
    provider: str = "local",
    tier: Tier = Tier.FREE,
    *,
    enabled: bool = True,
) -> ModelFact:
    declaration = {"id": ident, "name": ident}
    return ModelFact(f"app:{ident}", ident, provider, tier, 5, enabled, declaration)


def worker(
    seen: float = NOW,
    started: float = NOW - 60,
    **words: Mapping[str, Any],
) -> ProcessFact:
    slots = {"cpu": 1, "io": 8}
    return ProcessFact("prc_1", "worker", seen, started, {"app": "1.0"}, words, slots)


def said(on: bool) -> Word:
    return Word(state="on" if on else "off")


def plugin(**changes: Any) -> PluginFact:
    declared = {"kind": "app", "models": [{}], "order": 1}
    fact = PluginFact("app", "acme-app", "1.0", "ready", None, None, declared)
    return replace(fact, **changes)


def snapshot(
    *models: ModelFact,
    app: PluginFact | None = None,
    flags: Mapping[str, bool] | None = None,
    providers: tuple[str, ...] = (),
    processes: tuple[ProcessFact, ...] | None = None,
) -> Snapshot:
    there = app or plugin()
    return Snapshot(
        Configuration(
            7,
            {there.id: there},
            {there.id: models} if models else {},
            Flags({key: said(on) for key, on in (flags or {}).items()}),
            {name: {"name": name, "cost": "io"} for name in providers},
        ),
        Presence(NOW, (worker(),) if processes is None else processes),
    )


def codes(verdict: Verdict) -> list[str | None]:
    return [gate.code for gate in (*verdict.blocking, *verdict.degraded)]


def test_an_app_with_a_usable_model_is_visible_and_can_run() -> None:
    verdict = judge(snapshot(model()), FREE, "app")

    assert (verdict.visible, verdict.runnable) == (True, True)
    assert verdict.summary == "app is visible and can run."
    assert set(verdict.funnel.values()) == {1}


def test_every_gate_is_evaluated_and_not_only_the_first_that_fails() -> None:
    app = plugin(state="rejected", code="IMPORT_ERROR", reason="no GPU")
    off = snapshot(app=app, flags={"app.enabled": False}, processes=())

    verdict = judge(off, FREE, "app")

    assert [gate.number for gate in verdict.gates] == list(range(1, 16))
    assert [gate.name for gate in verdict.gates] == list(NAMES.values())
    assert codes(verdict) == ["IMPORT_ERROR", "FLAG_OFF", "NO_MODELS", "NO_WORKER"]


HIDDEN: dict[str, tuple[int, Callable[[], Snapshot], str]] = {
    "NO_MODELS": (9, snapshot, "lumiku seed"),
    "FLAG_OFF": (
        7,
        lambda: snapshot(model(), flags={"app.enabled": False}),
        "lumiku plugins enable app",
    ),
    "ALL_MODELS_DISABLED": (
        10,
        lambda: snapshot(model(enabled=False), model("two", enabled=False)),
        "lumiku models set app:one --enable",
    ),
    "TIER_TOO_LOW": (
        11,
        lambda: snapshot(model(tier=Tier.PRO), model("two", tier=Tier.BASIC)),
        "--tier basic",
    ),
    "PROVIDER_NOT_INSTALLED": (
        12,
        lambda: snapshot(model(provider="acme")),
        "install a plugin with the provider “acme”",
    ),
    "PROVIDER_NOT_CONFIGURED": (
        12,
        lambda: snapshot(
            model(provider="acme"),
            providers=("acme",),
            processes=(worker(acme=LACKING),),
        ),
        "set ACME_KEY",
    ),
    "PROVIDER_NOT_OPENED": (
        12,
        lambda: snapshot(
            model(provider="acme"),
            providers=("acme",),
            processes=(worker(acme={"state": "not_opened", "reason": "no libgl"}),),
        ),
        "install what the provider lacks",
    ),
}


@pytest.mark.parametrize("code", HIDDEN)
def test_an_app_is_hidden_with_a_code_and_a_cure(code: str) -> None:
    number, make, cure = HIDDEN[code]

    verdict = judge(make(), FREE, "app")

    assert (verdict.visible, verdict.runnable) == (False, False)
    (gate,) = verdict.blocking
    assert (gate.number, gate.code) == (number, code)
    assert gate.fix is not None
    assert cure in gate.fix.command
    assert code in verdict.summary
    assert any(cure in line for line in words(verdict))


@pytest.mark.parametrize("code", sorted(RECORDED.keys() - INFORMING))
def test_what_a_start_has_recorded_of_a_plugin_hides_it(code: str) -> None:
    app = plugin(state="rejected", code=code, reason="because")

    verdict = judge(snapshot(model(), app=app), OPERATOR, "app")

    (gate,) = verdict.blocking
    assert (gate.number, gate.code, gate.detail) == (RECORDED[code][0], code, "because")
    assert gate.fix is not None
    assert gate.fix.command


def test_a_seed_that_failed_hides_only_if_it_leaves_no_models() -> None:
    app = plugin(state="rejected", code="SEED_FAILED", reason="because")

    beside = judge(snapshot(model(), app=app), FREE, "app")
    without = judge(snapshot(app=app), FREE, "app")

    assert beside.visible
    assert "SEED_FAILED" in [gate.code for gate in beside.gates]
    assert [gate.code for gate in without.blocking] == ["NO_MODELS"]


def test_an_app_nobody_installed_is_not_visible() -> None:
    verdict = judge(snapshot(model()), OPERATOR, "nowhere")

    assert not verdict.visible
    assert codes(verdict)[0] == "NOT_INSTALLED"


def test_a_declaration_whose_models_are_not_stored_is_seeded() -> None:
    """The incident: the code was there, the rows were not."""
    (gate,) = judge(snapshot(), FREE, "app").blocking

    assert gate.code == "NO_MODELS"
    assert gate.evidence == {"declared": 1, "stored": 0}
    assert gate.fix is not None
    assert gate.fix.command == "lumiku seed"


def test_a_plugin_that_declares_no_models_is_its_authors_affair() -> None:
    empty = plugin(declaration={"kind": "app", "models": []})

    (gate,) = judge(snapshot(app=empty), FREE, "app").blocking

    assert gate.code == "NO_MODELS"
    assert gate.fix is not None
    assert gate.fix.who == "author"


def test_a_model_without_a_price_is_never_free() -> None:
    bare = replace(model(), fault="PRICE_MISSING", price=0)

    alone = judge(snapshot(bare), FREE, "app")
    beside = judge(snapshot(bare, model("two")), FREE, "app")

    assert [(g.number, g.code) for g in alone.blocking] == [(9, "PRICE_MISSING")]
    assert [one.model.id for one in beside.dead] == ["one"]
    assert [one.id for one in beside.usable] == ["two"]


def test_a_declared_model_that_is_not_stored_is_told_beside_living_ones() -> None:
    declared = {"kind": "app", "models": [{"id": "one"}, {"id": "two"}]}

    verdict = judge(snapshot(model(), app=plugin(declaration=declared)), FREE, "app")

    gate = verdict.gates[7]
    assert verdict.visible
    assert (gate.outcome, gate.effect, gate.code) == ("fail", "inform", "SEED_PENDING")
    assert gate.evidence == {"lacking": ["two"]}


def test_an_app_whose_every_page_is_for_operators_is_theirs() -> None:
    pages = [{"path": "/", "auth": "operator"}]
    app = plugin(declaration={"kind": "app", "models": [{}], "pages": pages})

    assert codes(judge(snapshot(model(), app=app), PRO, "app")) == ["ROLE"]
    assert judge(snapshot(model(), app=app), OPERATOR, "app").visible


def test_only_the_signed_in_see_apps() -> None:
    verdict = judge(snapshot(model()), NOBODY, "app")

    assert codes(verdict) == ["LOGIN_REQUIRED"]


def test_an_operator_sees_every_tiers_apps() -> None:
    assert judge(snapshot(model(tier=Tier.ENTERPRISE)), OPERATOR, "app").visible


def failing(seen: Snapshot, *keys: str, until: float = NOW + 9) -> Snapshot:
    why = CircuitFact(until, "It says 502.", 30, 20, 0)
    return replace(
        seen, presence=replace(seen.presence, circuits=dict.fromkeys(keys, why))
    )


DEGRADED: dict[str, Callable[[], Snapshot]] = {
    "PROVIDER_DOWN": lambda: failing(snapshot(model()), model().key),
    "NO_WORKER": lambda: snapshot(model(), processes=()),
    "WORKER_STALE": lambda: snapshot(model(), processes=(worker(seen=NOW - 16),)),
    "VERSION_SKEW": lambda: snapshot(
        model(), processes=(replace(worker(), plugins={}),)
    ),
    "COMING_SOON": lambda: snapshot(
        model(),
        app=plugin(declaration={"models": [{}], "stability": "coming_soon"}),
    ),
}


@pytest.mark.parametrize("code", DEGRADED)
def test_an_app_is_shown_but_cannot_run(code: str) -> None:
    verdict = judge(DEGRADED[code](), FREE, "app")

    assert (verdict.visible, verdict.runnable) == (True, False)
    assert codes(verdict) == [code]


def test_a_model_that_fails_degrades_its_app_only_if_there_is_no_other() -> None:
    two = snapshot(model(), model("other"))

    verdict = judge(failing(two, model().key), FREE, "app")
    health = next(gate for gate in verdict.gates if gate.number == 13)

    assert verdict.runnable
    assert health.evidence[model().key]["failed"] == 20
    assert judge(
        failing(snapshot(model()), model().key, until=NOW), FREE, "app"
    ).runnable


def test_worker_processes_are_silent_for_a_while_before_they_are_gone() -> None:
    silent = judge(snapshot(model(), processes=(worker(seen=NOW - 60),)), FREE, "app")
    gone = judge(snapshot(model(), processes=(worker(seen=NOW - 121),)), FREE, "app")
    left = judge(snapshot(model(), processes=(worker(seen=0.0),)), FREE, "app")

    assert codes(silent) == ["WORKER_STALE"]
    assert "since 1970-01-12T13:45:40" in silent.degraded[0].detail
    assert codes(gone) == codes(left) == ["NO_WORKER"]
    assert silent.visible
    assert gone.visible


def test_a_living_worker_process_that_looks_for_no_job_does_not_count() -> None:
    for looked, expected in ((NOW - 29, []), (NOW - 31, ["WORKER_STALE"]), (None, [])):
        idle = replace(worker(), looked_at=looked, name="box:7")

        verdict = judge(snapshot(model(), processes=(idle,)), FREE, "app")

        assert codes(verdict) == expected
        assert [g for g in verdict.degraded if "box:7" not in g.detail] == []


def test_a_worker_process_more_than_a_minor_version_off_does_not_count() -> None:
    old = replace(worker(), plugins={"app": "0.9"}, name="box:7")
    near = replace(worker(), plugins={"app": "1.1.4"}, name="box:8")
    far = replace(worker(), plugins={"app": "1.2"}, name="box:9")

    alone = judge(snapshot(model(), processes=(old,)), FREE, "app")
    beside = judge(snapshot(model(), processes=(old, worker())), FREE, "app")

    assert codes(alone) == ["VERSION_SKEW"]
    assert "app 1.0 is installed; the worker processes have 0.9" in alone.summary
    assert beside.runnable
    assert judge(snapshot(model(), processes=(near,)), FREE, "app").runnable
    assert codes(judge(snapshot(model(), processes=(far,)), FREE, "app")) == [
        "VERSION_SKEW"
    ]


def test_what_a_worker_process_has_against_a_plugin_is_evidence() -> None:
    refused = {"app": {"code": "IMPORT_ERROR", "reason": "no GPU"}}
    able = replace(worker(), plugins={}, rejected=refused, name="box:7")

    (gate,) = judge(snapshot(model(), processes=(able,)), FREE, "app").degraded

    assert gate.code == "VERSION_SKEW"
    assert "IMPORT_ERROR. no GPU" in gate.detail
    assert gate.evidence["processes"] == {"box:7": refused["app"]}


def test_a_worker_process_without_slots_for_any_model_does_not_count() -> None:
    narrow = replace(worker(), slots={"io": 8})

    verdict = judge(snapshot(model(), processes=(narrow,)), FREE, "app")

    assert codes(verdict) == ["NO_WORKER"]
    assert "slots of the class cpu" in verdict.degraded[0].detail


def test_one_model_enabled_and_another_in_the_tier_is_not_visible() -> None:
    """The same model must pass the gates 10 to 12."""
    mixed = snapshot(model("a", tier=Tier.PRO), model("b", enabled=False))

    assert not judge(mixed, FREE, "app").visible
    assert judge(mixed, PRO, "app").visible


def test_one_model_in_the_tier_and_another_with_a_provider_is_not_visible() -> None:
    mixed = snapshot(model("a", provider="gone"), model("b", tier=Tier.PRO))

    verdict = judge(mixed, FREE, "app")

    assert not verdict.visible
    assert verdict.funnel["stored"] == 2
    assert verdict.funnel["provider_ready"] == 0


def test_a_provider_of_which_nobody_has_spoken_does_not_hide() -> None:
    """Unknown never hides; that no worker process lives is gate 14's matter."""
    silent = snapshot(model(provider="acme"), providers=("acme",), processes=())

    verdict = judge(silent, FREE, "app")

    assert verdict.visible
    assert codes(verdict) == ["NO_WORKER"]
    assert verdict.gates[11].outcome in ("pass", "unknown")


def test_what_a_dead_worker_process_has_attested_stays_known() -> None:
    dead = worker(seen=0.0, acme=LACKING)
    after = snapshot(model(provider="acme"), providers=("acme",), processes=(dead,))

    assert "PROVIDER_NOT_CONFIGURED" in codes(judge(after, FREE, "app"))


def test_a_living_worker_process_with_a_key_outweighs_a_later_one_without() -> None:
    """Else `lumiku work` from a shell without the key would hide the app."""
    able = worker(started=NOW - 600, acme=READY)
    for other in (
        worker(started=NOW - 5, acme=LACKING),
        worker(seen=0.0, started=NOW - 5, acme=LACKING),
    ):
        both = snapshot(
            model(provider="acme"), providers=("acme",), processes=(able, other)
        )

        assert judge(both, FREE, "app").visible


def test_a_dead_model_is_named_beside_living_ones() -> None:
    mixed = snapshot(
        model(),
        model("remote", provider="acme"),
        providers=("acme",),
        processes=(worker(acme=ABSENT),),
    )

    verdict = judge(mixed, FREE, "app")

    assert verdict.visible
    assert [one.model.id for one in verdict.dead] == ["remote"]
    assert "1 of its 2 models are usable by nobody" in verdict.summary
    told = {one["key"]: one for one in verdict.document()["models"]}
    assert told["app:remote"]["usable"] is False
    assert told["app:remote"]["code"] == "PROVIDER_NOT_INSTALLED"
    (first, *_) = model_words(verdict, "app:remote")
    assert "app:remote is not usable: PROVIDER_NOT_INSTALLED" in first


def test_viewers_are_told_only_what_they_can_act_on() -> None:
    off = judge(snapshot(model(), flags={"app.enabled": False}), FREE, "app")
    dear = judge(snapshot(model(tier=Tier.PRO)), FREE, "app")

    assert off.for_viewer()["blocking"] == []
    assert [one["code"] for one in dear.for_viewer()["blocking"]] == ["TIER_TOO_LOW"]
    assert "fix" not in str(dear.for_viewer())


def test_what_would_make_it_visible_is_the_lowest_tier_that_suffices() -> None:
    dear = snapshot(
        model("a", tier=Tier.ENTERPRISE),
        model("b", tier=Tier.PRO),
        model("c", "gone", Tier.BASIC),
    )

    assert (
        "the viewer's tier were pro"
        in judge(dear, Viewer("usr_", Tier.BASIC), "app").would_be_visible_if
    )


@pytest.mark.parametrize(
    "whole",
    [
        snapshot(model(), flags={"app.enabled": False}),
        snapshot(model(tier=Tier.PRO), flags={"app.enabled": False}),
        snapshot(model(), app=plugin(state="rejected", code="IMPORT_ERROR")),
    ],
)
def test_no_tier_is_promised_where_no_tier_would_help(whole: Snapshot) -> None:
    for viewer in (FREE, NOBODY):
        wishes = judge(whole, viewer, "app").would_be_visible_if

        assert not [wish for wish in wishes if wish.startswith("the viewer's tier")]


def test_a_wish_has_all_that_must_be_otherwise() -> None:
    whole = snapshot(model(tier=Tier.PRO, enabled=False), flags={"app.enabled": False})

    wishes = judge(whole, FREE, "app").would_be_visible_if

    on = "the app were switched on (lumiku plugins enable app --reason 'it is wanted')"
    enabled = "app:one were enabled (lumiku models set app:one --enable)"
    how = "lumiku models set app:one --tier free"
    opened = f"app:one were open to the tier free ({how})"
    assert wishes == (
        f"{on} and {enabled} and {opened}",
        f"{on} and {enabled} and the viewer's tier were pro",
    )


def test_extensions_have_no_card() -> None:
    app = plugin(declaration={"kind": "extension"})

    assert evaluate(snapshot(model(), app=app), OPERATOR) == {}


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
