"""The models a viewer can choose; the first that is usable is the default."""

from typing import Any, Final

from lumiku_contracts import Model, Tier


def _flux(
    ident: str, name: str, tier: Tier, price: int, description: str, **can: Any
) -> Model:
    return Model(
        ident,
        name=name,
        provider="huggingface",
        price=price,
        tier=tier,
        description=description,
        upstream=can.pop("upstream", "black-forest-labs/FLUX.1-dev"),
        capabilities={"prompt": True, **can},
    )


MODELS: Final = (
    Model(
        "studio",
        name="Studio render",
        provider="studio",
        price=3,
        tier=Tier.FREE,
        description="A clean 3D picture made on this machine. Not a photograph.",
    ),
    _flux(
        "flux-dev-base",
        "FLUX Base",
        Tier.FREE,
        8,
        "Photographic, from a description.",
        steps=28,
    ),
    _flux(
        "flux-schnell-fast",
        "FLUX Fast",
        Tier.BASIC,
        6,
        "Photographic, in a few steps.",
        steps=4,
        upstream="black-forest-labs/FLUX.1-schnell",
    ),
    _flux(
        "flux-dev-realism",
        "FLUX Realism",
        Tier.BASIC,
        12,
        "Photographic, with more natural skin and light.",
        steps=30,
        lora="realism",
    ),
    _flux(
        "flux-dev-hd-realism",
        "FLUX HD Realism",
        Tier.PRO,
        15,
        "As Realism, with more detail.",
        steps=35,
        lora="realism",
    ),
)
"""`capabilities["prompt"]` says that the model wants words beside the scene."""
