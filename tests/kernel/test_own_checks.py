"""What plugins check of themselves is a line of the doctor's, and harms nobody."""

from pathlib import Path

from tests.kernel.shop import Shop
from tests.regressions.house import opened

from lumiku_kernel.doctor import examine

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


def test_each_answer_is_told_with_its_command(shop: Shop, tmp_path: Path) -> None:
    with opened(tmp_path, shop, press=SELF) as room:
        told = examine(room.settings, room.store)

    found = {one.cause: one for one in told if one.check == "H01"}
    ink = found["press, ink: The ink is low."]
    assert (ink.level, ink.fix) == ("error", "acme refill")
    assert found["press is well: paper."].level == "ok"
    raised = found["press, power: its check raised RuntimeError: no power"]
    assert raised.level == "error"
