"""Which apps are shown but cannot run, and what worker processes and providers say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.kernel.facts import (
    ABSENT,
    FREE,
    LACKING,
    NOW,
    READY,
    codes,
    model,
    plugin,
    snapshot,
    worker,
)

from lumiku_kernel.visibility.explain import model_words
from lumiku_kernel.visibility.snapshot import CircuitFact, Snapshot
from lumiku_kernel.visibility.verdict import judge


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


@pytest.mark.parametrize(
    ("before", "broken", "words"),
    [
        ((), [], "can run; 1 of its 2 models are not set up"),
        ((READY,), ["remote"], "1 of its 2 models are usable by nobody"),
    ],
)
def test_a_key_that_was_never_given_is_no_fault_and_a_lost_one_is(
    before: tuple[Mapping[str, Any], ...], broken: list[str], words: str
) -> None:
    old = tuple(worker(seen=0.0, started=0.0, acme=word) for word in before)
    verdict = judge(
        snapshot(
            model(),
            model("remote", provider="acme"),
            providers=("acme",),
            processes=(*old, worker(acme=LACKING)),
        ),
        FREE,
        "app",
    )

    assert verdict.runnable
    assert [one.model.id for one in verdict.dead] == ["remote"]
    assert [one.model.id for one in verdict.broken] == broken
    assert words in verdict.summary


def test_without_any_other_model_a_key_that_was_never_given_hides() -> None:
    verdict = judge(
        snapshot(
            model("remote", provider="acme"),
            providers=("acme",),
            processes=(worker(acme=LACKING),),
        ),
        FREE,
        "app",
    )

    assert codes(verdict)[0] == "PROVIDER_NOT_CONFIGURED"
    assert [one.model.id for one in verdict.broken] == ["remote"]
