"""The app is declared without work, and its models and prices are the page's."""

import importlib
import os
import subprocess
import sys

import lumiku_avatar_creator
from lumiku_avatar_creator.models import MODELS
from lumiku_contracts import Tier

ALONE = """
import socket, sys
def refuse(*_): raise AssertionError("the network was touched")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import lumiku_avatar_creator
print(lumiku_avatar_creator.lumiku_plugin().id)
heavy = {"numpy", "PIL", "starlette", "sqlmodel", "alembic", "lumiku_kernel"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


def test_the_declaration_loads_with_no_environment_and_no_network() -> None:
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}

    answer = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stdout.strip()) == (0, "avatar-creator"), (
        answer.stderr
    )


def test_the_models_cost_what_the_page_says() -> None:
    told = {model.id: (model.provider, model.tier, model.credits) for model in MODELS}

    assert told == {
        "studio": ("studio", Tier.FREE, 3),
        "flux-dev-base": ("huggingface", Tier.FREE, 8),
        "flux-schnell-fast": ("huggingface", Tier.BASIC, 6),
        "flux-dev-realism": ("huggingface", Tier.BASIC, 12),
        "flux-dev-hd-realism": ("huggingface", Tier.PRO, 15),
    }


def test_the_studio_is_the_first_choice() -> None:
    assert lumiku_avatar_creator.lumiku_plugin().models[0].id == "studio"


def test_what_is_named_by_a_word_can_be_imported() -> None:
    plugin = lumiku_avatar_creator.lumiku_plugin()
    (resource,) = plugin.resources
    runs = [worker.run for worker in plugin.workers]

    for dotted in (resource.get, resource.list, *runs):
        module, _, name = dotted.partition(":")

        assert callable(getattr(importlib.import_module(module), name))
