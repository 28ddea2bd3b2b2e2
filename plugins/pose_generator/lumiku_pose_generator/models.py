"""The models a viewer can choose; the first that is usable is the default."""

from typing import Final

from lumiku_contracts import Model, Tier

GENERATE: Final = "generate"
CHANGE_BACKGROUND: Final = "change-background"
EXPORT: Final = "export"
FROM_TEXT: Final = "pose-from-text"
FROM_PHOTO: Final = "pose-from-photo"

MODELS: Final = (
    Model(
        "studio",
        name="Studio render",
        provider="studio",
        price=5,
        tier=Tier.FREE,
        description="A clean 3D picture made on this machine. Not a photograph.",
        capabilities={
            "workers": [GENERATE, CHANGE_BACKGROUND, EXPORT, FROM_TEXT, FROM_PHOTO],
        },
    ),
    Model(
        "flux-controlnet-standard",
        name="FLUX ControlNet Standard",
        provider="huggingface",
        price=30,
        tier=Tier.BASIC,
        description="Photographic, held to the pose by control maps.",
        upstream="InstantX/FLUX.1-dev-Controlnet-Union",
        capabilities={
            "workers": [GENERATE],
            "controls": ["openpose", "depth"],
            "control_weight": 0.8,
            "max_pixels": 1024 * 1024,
            "steps": 28,
        },
    ),
    Model(
        "flux-controlnet-pro",
        name="FLUX ControlNet Pro",
        provider="huggingface",
        price=40,
        tier=Tier.PRO,
        description="Photographic, more detail, held to the pose by control maps.",
        upstream="InstantX/FLUX.1-dev-Controlnet-Union",
        capabilities={
            "workers": [GENERATE],
            "controls": ["openpose", "depth"],
            "control_weight": 0.85,
            "max_pixels": 1536 * 1536,
            "steps": 35,
        },
    ),
    Model(
        "background-changer-sam",
        name="Background Changer",
        provider="huggingface",
        price=10,
        tier=Tier.BASIC,
        description="Puts another background behind a finished picture.",
        upstream="facebook/sam-vit-huge",
        capabilities={"workers": [CHANGE_BACKGROUND]},
    ),
)
"""`capabilities["workers"]` names the workers that a model serves; absent means all."""


def serves(model: Model, worker: str) -> bool:
    """Whether `model` can do this worker's jobs."""
    return worker in model.capabilities.get("workers", (worker,))
