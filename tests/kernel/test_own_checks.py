"""What plugins check of themselves is a line of the doctor's, and harms nobody."""

from pathlib import Path

import pytest
from tests.kernel.shop import Shop
from tests.regressions.house import opened

from lumiku_kernel.doctor import examine, own

SELF = """
    import os

    def ink() -> tuple[str, str]:
        return "The ink is low.", "acme refill"

    def paper() -> None:
        return None

    def power() -> None:
        raise RuntimeError("no power")

    @hookimpl
    def lumiku_plugin() -> Plugin:
        names = ("ink", "paper", "power")
        checks = tuple(Health(name, f"{__name__}:{name}") for name in names)
        return declared("press", health=checks)
"""


TALKATIVE = """
    import atexit

    def fine() -> None:
        print("{checking}")
        atexit.register(print, "bye")

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared("chatty", health=(Health("fine", f"{__name__}:fine"),))
"""
SLOW = """
    import time

    def endless() -> None:
        time.sleep(600)

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared("IDENT", health=(Health("endless", f"{__name__}:endless"),))
"""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On however busy a machine the children come to an end."""
    monkeypatch.setattr(own, "SECONDS", 60.0)


def test_what_a_plugin_prints_is_not_taken_for_its_answers(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, chatty=TALKATIVE) as room:
        told = examine(room.settings, room.store)

    (found,) = [one for one in told if one.check == "H01"]
    assert (found.level, found.cause) == ("ok", "chatty is well: fine.")


def test_plugins_that_never_answer_are_told_within_one_bound(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than are asked at once, so that the last is not asked at all."""
    monkeypatch.setattr(own, "SECONDS", 0.4)
    names = [f"slow-{n}" for n in range(own.AT_ONCE + 1)]
    apps = {one: SLOW.replace("IDENT", one) for one in names}
    with opened(tmp_path, shop, **apps) as room:
        told = examine(room.settings, room.store)

    found = [one for one in told if one.check == "H01"]
    assert [one.level for one in found] == ["error"] * own.AT_ONCE + ["warn"]
    assert "had not ended after" in found[0].cause
    assert "slow-4 were not asked: others took 0.4 s." in found[-1].cause


def test_each_answer_is_told_with_its_command(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, press=SELF) as room:
        told = examine(room.settings, room.store)

    found = {one.cause: one for one in told if one.check == "H01"}
    ink = found["press, ink: The ink is low."]
    assert (ink.level, ink.fix) == ("error", "acme refill")
    assert found["press is well: paper."].level == "ok"
    raised = found["press, power: its check raised RuntimeError: no power"]
    assert raised.level == "error"
