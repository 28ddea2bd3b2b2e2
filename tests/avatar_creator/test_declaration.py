"""The app is declared without work, and its models and prices are the page's."""

import importlib

from tests.alone import id_alone

import lumiku_avatar_creator
from lumiku_avatar_creator.models import MODELS
from lumiku_contracts import Tier


def test_the_declaration_loads_with_no_environment_and_no_network() -> None:
    assert id_alone("lumiku_avatar_creator") == "avatar-creator"


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
