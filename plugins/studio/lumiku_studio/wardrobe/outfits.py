"""Outfits that go together, for contact sheets and random pictures."""

from collections.abc import Mapping

from lumiku_contracts.scene import Garment, Pattern
from lumiku_contracts.scene import GarmentKind as Kind


def _of(
    *pieces: tuple[Kind, str] | tuple[Kind, str, Pattern, str],
) -> tuple[Garment, ...]:
    return tuple(
        Garment(kind=p[0], colour=p[1])
        if len(p) == 2
        else Garment(kind=p[0], colour=p[1], pattern=p[2], second=p[3])
        for p in pieces
    )


OUTFITS: Mapping[str, tuple[Garment, ...]] = {
    "weekend": _of(
        (Kind.T_SHIRT, "#93a98b"), (Kind.JEANS, "#4a6485"), (Kind.SHOES, "#efeeea")
    ),
    "stripes": _of(
        (Kind.T_SHIRT, "#f2efe8", Pattern.STRIPES, "#28406b"),
        (Kind.TROUSERS, "#b9a684"),
        (Kind.SHOES, "#e8e4da"),
    ),
    "office": _of(
        (Kind.SHIRT, "#dfe8f2", Pattern.PINSTRIPES, "#6f8db3"),
        (Kind.TROUSERS, "#2e3238"),
        (Kind.LOAFERS, "#3a241a"),
    ),
    "batik": _of(
        (Kind.SHIRT, "#5a3422", Pattern.BATIK, "#e0b876"),
        (Kind.TROUSERS, "#26262b"),
        (Kind.LOAFERS, "#1e1a18"),
    ),
    "checks": _of(
        (Kind.SHIRT, "#8f2f2b", Pattern.CHECKS, "#23262c"),
        (Kind.JEANS, "#3d5069"),
        (Kind.BOOTS, "#6b4a30"),
    ),
    "knit": _of(
        (Kind.SWEATER, "#e3dac6"), (Kind.TROUSERS, "#4a4348"), (Kind.SHOES, "#ece9e2")
    ),
    "meeting": _of(
        (Kind.BLAZER, "#2b3a55"), (Kind.TROUSERS, "#2b3a55"), (Kind.LOAFERS, "#2a1c15")
    ),
    "smart": _of(
        (Kind.BLAZER, "#b59a78"), (Kind.JEANS, "#2f3f57"), (Kind.SHOES, "#f0ede6")
    ),
    "tunic": _of(
        (Kind.TUNIC, "#7d5a66"), (Kind.TROUSERS, "#4a4348"), (Kind.LOAFERS, "#d8c8b4")
    ),
    "batik-tunic": _of(
        (Kind.TUNIC, "#1f4d4a", Pattern.BATIK, "#d9b76a"),
        (Kind.TROUSERS, "#22302f"),
        (Kind.LOAFERS, "#2a2320"),
    ),
    "abaya": _of(
        (Kind.ABAYA, "#2f4a4d"), (Kind.TROUSERS, "#24383a"), (Kind.LOAFERS, "#2a2320")
    ),
    "dress": _of(
        (Kind.DRESS, "#a8443f", Pattern.DOTS, "#f3e6d8"), (Kind.LOAFERS, "#d8b9a0")
    ),
    "skirt": _of(
        (Kind.SHIRT, "#f3f0ea"), (Kind.SKIRT, "#4b5a46"), (Kind.LOAFERS, "#3a2d25")
    ),
    "shorts": _of(
        (Kind.T_SHIRT, "#d9a441"), (Kind.SHORTS, "#6b6f58"), (Kind.SHOES, "#efeeea")
    ),
    "training": _of(
        (Kind.SPORT_TOP, "#d24e3d"), (Kind.LEGGINGS, "#22252b"), (Kind.SHOES, "#e6e8ea")
    ),
}
