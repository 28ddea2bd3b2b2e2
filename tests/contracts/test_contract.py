"""The contract is small enough to read in one sitting, and light to depend on."""

import inspect
import subprocess
import sys

import pytest

import lumiku_contracts
from lumiku_contracts import hooks

MOST_NAMES = 40
MOST_HOOKS = 6


def public() -> set[str]:
    """What the package offers without an underscore, its own modules apart."""
    return {
        name
        for name, thing in vars(lumiku_contracts).items()
        if not name.startswith("_") and not inspect.ismodule(thing)
    }


def test_all_names_what_is_public() -> None:
    assert set(lumiku_contracts.__all__) == public()
    assert sorted(lumiku_contracts.__all__) == sorted(set(lumiku_contracts.__all__))


def test_there_are_at_most_40_public_names() -> None:
    assert len(lumiku_contracts.__all__) <= MOST_NAMES


def test_there_are_at_most_6_hooks() -> None:
    found = [name for name in vars(hooks) if name.startswith("lumiku_")]

    assert 1 <= len(found) <= MOST_HOOKS


@pytest.mark.parametrize("name", sorted(lumiku_contracts.__all__))
def test_every_public_class_and_function_says_what_it_is(name: str) -> None:
    thing = getattr(lumiku_contracts, name)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        written = vars(thing).get("__doc__") if inspect.isclass(thing) else None

        assert (written or thing.__doc__ or "").strip()


LIGHT = ("images", "resources", "scene", "testing")
HEAVY = {
    "PIL",
    "alembic",
    "dramatiq",
    "hypercorn",
    "lumiku_kernel",
    "numpy",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
}


def test_the_contract_imports_nothing_heavy_and_nothing_of_the_kernel() -> None:
    modules = "lumiku_contracts", *(f"lumiku_contracts.{name}" for name in LIGHT)
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert HEAVY & set(ran.stdout.split()) == set()
