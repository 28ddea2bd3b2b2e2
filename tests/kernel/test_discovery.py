"""One bad plugin harms nobody else: each is refused alone, with the reason."""

import sys

import pytest
from tests.kernel.misfits import HOOK, ZOO
from tests.kernel.shop import Shop, good

from lumiku_kernel.plugins.admission import Loaded, Policy
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.plugins.prepare import record
from lumiku_kernel.plugins.registry import commit
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.gates import RECORDED


def found(shop: Shop) -> dict[str, Loaded]:
    return {one.id: one for one in commit(discover(points=shop.points)).found}


@pytest.mark.parametrize("kind", ZOO)
def test_a_plugin_that(kind: str, shop: Shop) -> None:
    """… is refused, and its neighbours on both sides stay."""
    code, source, said = ZOO[kind]
    shop.install("an-early-one", good("an-early-one"))
    shop.install("bad", source)
    shop.install("the-last-one", good("the-last-one"))

    loaded = found(shop)

    assert (loaded["bad"].state, loaded["bad"].code) == ("rejected", code)
    assert said in (loaded["bad"].reason or "")
    assert loaded["an-early-one"].state == loaded["the-last-one"].state == "ready"


METADATA = {
    "wants a newer contract": "lumiku-contracts>=99",
    "wants an older contract": "lumiku-contracts<0.1",
    "requires no contract": "httpx",
    "says nothing of what it requires": None,
}


@pytest.mark.parametrize("kind", METADATA)
def test_it_is_not_even_imported_if_it(kind: str, shop: Shop) -> None:
    touch = "__import__('pathlib').Path(__file__).with_suffix('.ran').touch()"
    module = shop.install("bad", touch, requires=METADATA[kind])
    shop.install("good", good("good"))

    loaded = found(shop)

    assert (loaded["bad"].state, loaded["bad"].code) == ("rejected", "CONTRACT_RANGE")
    assert not (shop.folder / f"{module}.ran").exists()
    assert loaded["good"].state == "ready"


@pytest.mark.parametrize(
    ("requires", "version"),
    [("lumiku-contracts>>1 ???", "1.0"), ("lumiku-contracts", "first try")],
)
def test_metadata_that_nobody_can_read_is_refused(
    shop: Shop, requires: str, version: str
) -> None:
    shop.install("bad", good("bad"), requires=requires, version=version)
    shop.install("good", good("good"))

    loaded = found(shop)

    assert (loaded["bad"].state, loaded["bad"].code) == ("rejected", "MANIFEST_INVALID")
    assert loaded["good"].state == "ready"


def test_two_distributions_with_one_id_are_both_refused(shop: Shop) -> None:
    for dist in ("acme-twin", "copycat-twin"):
        shop.install("twin", good("twin"), dist=dist)
    shop.install("good", good("good"))

    loaded = found(shop)

    assert (loaded["twin"].state, loaded["twin"].code) == ("rejected", "CONFLICT")
    assert "acme-twin and copycat-twin" in (loaded["twin"].reason or "")
    assert loaded["good"].state == "ready"


OFFERS = """
    @hookimpl
    def lumiku_plugin() -> Plugin:
        found = (Provider("same", open="a:b", offers=("images",)),)
        return declared({!r}, providers=found)
"""


def test_two_plugins_with_one_provider_are_both_refused(shop: Shop) -> None:
    for ident in ("one", "two"):
        shop.install(ident, OFFERS.format(ident))

    loaded = found(shop)

    assert [one.code for one in loaded.values()] == ["CONFLICT", "CONFLICT"]


def test_a_plugin_is_refused_with_what_it_needs_and_nobody_offers(shop: Shop) -> None:
    user = HOOK.format("declared('user', uses=(Use('images'),))")
    shop.install("user", user)
    patient = HOOK.format("declared('patient', uses=(Use('images', optional=True),))")
    shop.install("patient", patient)

    loaded = found(shop)

    assert loaded["user"].code == "USES_MISSING"
    assert "images" in (loaded["user"].reason or "")
    assert loaded["patient"].state == "ready"


def test_who_needs_comes_after_who_offers(shop: Shop) -> None:
    user = HOOK.format("declared('a-user', uses=(Use('images'),))")
    shop.install("a-user", user)
    shop.install("z-maker", OFFERS.format("z-maker"))

    registry = commit(discover(points=shop.points))

    assert list(registry.ready) == ["z-maker", "a-user"]


def test_a_plugin_left_out_by_the_operator_is_not_imported(shop: Shop) -> None:
    touch = "__import__('pathlib').Path(__file__).with_suffix('.ran').touch()"
    module = shop.install("left", touch)
    shop.install("taken", good("taken"))

    loaded = {
        one.id: one for one in discover(Policy(frozenset({"taken"})), shop.points)
    }

    assert (loaded["left"].state, loaded["left"].code) == (
        "left-out",
        "NOT_IN_ALLOWLIST",
    )
    assert not (shop.folder / f"{module}.ran").exists()
    assert loaded["taken"].state == "ready"


def test_a_refused_plugin_is_blamed_with_its_own_line(shop: Shop) -> None:
    source = "import json\njson.loads('{')"
    module = shop.install("bad", source)

    reason = found(shop)["bad"].reason or ""

    assert f"{module}.py:" in reason
    assert "decoder.py" not in reason


@pytest.mark.parametrize("kind", ZOO)
def test_what_was_found_can_be_written_down(
    kind: str, shop: Shop, store: Store
) -> None:
    shop.install("bad", ZOO[kind][1])

    record(store, commit(discover(points=shop.points)).found)


def test_every_code_of_a_refusal_belongs_to_a_gate() -> None:
    """Else a refused plugin would pass all gates and be shown."""
    codes = {code for code, _, _ in ZOO.values()}

    assert codes | {"CONTRACT_RANGE", "CONFLICT", "USES_MISSING"} <= RECORDED.keys()


def test_a_denied_plugin_is_not_imported(shop: Shop) -> None:
    module = shop.install("taken", good("taken"), dist="acme-taken")

    for word in ("taken", "acme-taken"):
        (found,) = discover(Policy(denied=frozenset({word})), shop.points)

        assert (found.state, found.code) == ("left-out", "DENIED")
    assert module not in sys.modules


def test_a_pin_gives_a_claimed_id_to_one_distribution(shop: Shop) -> None:
    shop.install("taken", good("taken"), dist="acme-one")
    shop.install("taken", good("taken"), dist="acme-two")

    (found,) = discover(Policy(pins={"taken": "Acme_Two"}), shop.points)

    assert (found.state, found.dist) == ("ready", "acme-two")


def test_in_safe_mode_only_pinned_plugins_are_loaded(shop: Shop) -> None:
    shop.install("pinned", good("pinned"), dist="acme-pinned")
    shop.install("other", good("other"))
    word = Policy(pins={"pinned": "acme-pinned"}, safe=True)

    found = {one.id: one for one in discover(word, shop.points)}

    assert found["pinned"].state == "ready"
    assert found["other"].code == "SAFE_MODE"


def test_a_pin_on_what_is_not_installed_says_so(shop: Shop) -> None:
    shop.install("taken", good("taken"), dist="acme-one")

    (found,) = discover(Policy(pins={"taken": "acme-gone"}), shop.points)

    assert (found.state, found.code) == ("rejected", "NOT_INSTALLED")
