"""The app is declared without work, and its models and prices are the page's."""

from tests.alone import id_alone

import lumiku_pose_generator
from lumiku_contracts import Tier
from lumiku_pose_generator.models import MODELS, serves


def test_the_declaration_loads_with_no_environment_and_no_network() -> None:
    assert id_alone("lumiku_pose_generator", "lumiku_studio") == "pose-generator"


def test_the_models_cost_what_the_page_says() -> None:
    told = {model.id: (model.provider, model.tier, model.credits) for model in MODELS}

    assert told == {
        "studio": ("studio", Tier.FREE, 5),
        "flux-controlnet-standard": ("huggingface", Tier.BASIC, 30),
        "flux-controlnet-pro": ("huggingface", Tier.PRO, 40),
        "background-changer-sam": ("huggingface", Tier.BASIC, 10),
    }


def test_the_studio_is_the_first_choice() -> None:
    assert lumiku_pose_generator.lumiku_plugin().models[0].id == "studio"


def test_every_model_but_the_background_changer_makes_pictures_of_poses() -> None:
    unable = [model.id for model in MODELS if not serves(model, "generate")]

    assert unable == ["background-changer-sam"]


def test_it_names_capabilities_and_imports_nobody() -> None:
    uses = lumiku_pose_generator.lumiku_plugin().uses

    needed = {use.name for use in uses if not use.optional}

    assert needed == {"images", "resource:avatar"}
