"""A declaration is frozen data that explains what is wrong with it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from lumiku_contracts import (
    LOCAL,
    DeclarationError,
    Flag,
    Free,
    Model,
    Page,
    Plugin,
    Provider,
    Resource,
    Route,
    Tier,
    Use,
    Worker,
)
from lumiku_contracts.words import KERNEL_ROUTES, RESERVED


class Wanted(BaseModel):
    """What a worker accepts."""

    text: str = ""


def answer(call: object) -> None:
    """A route's handler."""
    del call


def worker(name: str = "make") -> Worker:
    return Worker(name, accepts=Wanted, run="acme.work:run")


def test_a_misspelt_field_is_answered_with_the_right_name() -> None:
    wrong: dict[str, Any] = {"prise": 5}

    with pytest.raises(DeclarationError, match="did you mean “price”") as told:
        Model("studio", **wrong)

    assert told.value.part == "Model"


def test_a_field_like_no_other_is_answered_with_the_names_there_are() -> None:
    wrong: dict[str, Any] = {"zzz": 1}

    with pytest.raises(DeclarationError, match="has no field “zzz”; it has"):
        Use("images", **wrong)


def test_a_model_without_a_price_is_refused() -> None:
    with pytest.raises(DeclarationError, match="needs a price in credits, or `Free`"):
        Model("studio")


def test_free_must_be_written() -> None:
    assert Model("studio", price=Free).credits == 0
    with pytest.raises(DeclarationError):
        Model("studio", price=0)


@pytest.mark.parametrize("price", [-1, 1.5, 1_000_001, "five"])
def test_a_price_is_a_positive_whole_number(price: Any) -> None:
    with pytest.raises(DeclarationError):
        Model("studio", price=price)


def test_a_model_without_a_provider_is_local() -> None:
    assert Model("plain", price=1).provider == LOCAL


@pytest.mark.parametrize("tier", ["pro", "PRO", 2, Tier.PRO])
def test_a_tier_may_be_written_as_a_word(tier: Any) -> None:
    assert Model("plain", price=1, tier=tier).tier is Tier.PRO


def test_tiers_are_ordered() -> None:
    assert max(Tier) is Tier.ENTERPRISE
    assert Tier.FREE < Tier.BASIC < Tier.PRO < Tier.ENTERPRISE


@pytest.mark.parametrize("ident", sorted(RESERVED))
def test_reserved_ids_are_refused(ident: str) -> None:
    with pytest.raises(DeclarationError, match="is reserved"):
        Plugin(ident, name="Mine")


@pytest.mark.parametrize(
    "ident", ["", "Echo", "1echo", "my_app", "a--b", "-a", "a-", "a b", "é", "a" * 41]
)
def test_ids_are_lower_case_words_with_hyphens(ident: str) -> None:
    with pytest.raises(DeclarationError):
        Plugin(ident, name="Mine")


@pytest.mark.parametrize("name", sorted(KERNEL_ROUTES))
def test_the_kernels_own_names_are_refused_for_workers_and_routes(name: str) -> None:
    with pytest.raises(DeclarationError, match="the kernel's own"):
        Plugin("mine", name="Mine", workers=(worker(name),))
    with pytest.raises(DeclarationError, match="the kernel's own"):
        Route("GET", f"/{name}/more", answer)


def test_a_route_that_would_catch_every_path_is_refused() -> None:
    with pytest.raises(DeclarationError, match="would catch every path"):
        Route("GET", "/{anything}", answer)


@pytest.mark.parametrize("path", ["/make", "/make/quote", "/make/{anything}"])
def test_a_route_that_hides_a_worker_or_its_price_is_refused(path: str) -> None:
    with pytest.raises(DeclarationError, match="hides the worker"):
        Plugin(
            "mine",
            name="Mine",
            workers=(worker("make"),),
            routes=(Route("POST", path, answer),),
        )


MODEL = Model("one", price=1)
PROVIDER = Provider("one", open="acme:open", offers=("images",))
PAIRS: dict[str, dict[str, Any]] = {
    "model": {"models": (MODEL, MODEL)},
    "provider": {"providers": (PROVIDER, PROVIDER)},
    "worker": {"workers": (worker(), worker())},
    "flag": {"flags": (Flag("new-look"), Flag("new-look"))},
    "page": {"pages": (Page("/{a}", "a.html"), Page("/{b}", "b.html"))},
    "route": {
        "routes": (Route("GET", "/a/{x}", answer), Route("GET", "/a/{y}", answer))
    },
    "resource": {
        "resources": (
            Resource("avatar", Wanted, get="a:b", list="a:c"),
            Resource("avatar", Wanted, get="a:b", list="a:c"),
        )
    },
}


@pytest.mark.parametrize("kind", PAIRS)
def test_a_name_declared_twice_is_refused(kind: str) -> None:
    with pytest.raises(DeclarationError, match=f"declares {kind} “.*” twice"):
        Plugin("mine", name="Mine", **PAIRS[kind])


def test_the_same_path_may_take_several_methods() -> None:
    routes = (Route("GET", "/a/{x}", answer), Route("PUT", "/a/{x}", answer))

    assert Plugin("mine", name="Mine", routes=routes).routes == routes


def test_a_declaration_cannot_be_changed() -> None:
    plugin: Any = Plugin("mine", name="Mine")

    with pytest.raises(AttributeError):
        plugin.id = "yours"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Worker("make", accepts=Wanted, run="no colon"),
        lambda: Worker("make", accepts=Wanted, run="acme:run", timeout=0),
        lambda: Worker("make", accepts=Wanted, run="acme:run", attempts=0),
        lambda: Route("GET", "no-slash", answer),
        lambda: Plugin("mine", name="x" * 61),
        lambda: Plugin("mine", name="Mine", models=(Model("A b", price=1),)),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_part(
    make: Callable[[], object],
) -> None:
    with pytest.raises(DeclarationError) as told:
        make()

    assert told.value.part in str(told.value)
    assert told.value.problem


def test_a_declaration_dumps_to_plain_json() -> None:
    plugin = Plugin(
        id="mine",
        name="Mine",
        uses=(Use("images"), Use("resource:avatar", optional=True)),
        models=(MODEL, Model("gift", price=Free, tier=Tier.PRO)),
        providers=(PROVIDER,),
        workers=(worker(),),
        routes=(Route("GET", "/list", answer),),
        flags=(Flag("new-look", description="Rounder."),),
        resources=(Resource("avatar", Wanted, get="a:b", list="a:c"),),
    )

    document = TypeAdapter(Plugin).dump_python(plugin, mode="json")

    assert json.loads(json.dumps(document)) == document
    assert document["workers"][0]["accepts"] == f"{__name__}:Wanted"
    assert document["routes"][0]["handler"] == f"{__name__}:answer"
    assert document["models"][1]["tier"] == "pro"
    assert [model["price"] for model in document["models"]] == [1, 0]
