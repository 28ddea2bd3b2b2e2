"""The app is declared without work, and its models and prices are the page's."""

import os
import subprocess
import sys

import lumiku_pose_generator
from lumiku_contracts import Tier
from lumiku_pose_generator.models import MODELS, serves

ALONE = """
import socket, sys
def refuse(*_): raise AssertionError("the network was touched")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import lumiku_pose_generator
print(lumiku_pose_generator.lumiku_plugin().id)
heavy = {"numpy", "PIL", "starlette", "sqlmodel", "lumiku_kernel", "lumiku_studio"}
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

    assert (answer.returncode, answer.stdout.strip()) == (0, "pose-generator"), (
        answer.stderr
    )


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
