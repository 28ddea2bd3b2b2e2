"""What is drawn on a contact sheet: random people, the library, clothes, heads."""

import itertools
from collections.abc import Iterator, Mapping

import numpy as np

from lumiku_contracts.scene import (
    Appearance,
    Backdrop,
    Camera,
    Contact,
    Expression,
    Framing,
    Garment,
    GarmentKind,
    HairStyle,
    Headwear,
    Scene,
)
from lumiku_studio.album.sources import Shown, Somebody
from lumiku_studio.wardrobe.outfits import OUTFITS

COLOURS = ("#dcdce0", "#cfd9e2", "#e3dbd0", "#d8dfd6", "#8e98a3", "#e6d3cd")
FRAMINGS = (
    *(Framing.FULL,) * 5,
    *(Framing.THREE_QUARTER,) * 2,
    *(Framing.HALF,) * 2,
    Framing.PORTRAIT,
)
VEILS = frozenset(Headwear) - {Headwear.NONE, Headwear.PECI}
BARE = frozenset({"weekend", "stripes", "shorts", "dress"})
"""Outfits that do not go with a veil."""
LOOSE = frozenset({GarmentKind.TUNIC, GarmentKind.ABAYA})
UPRIGHT = frozenset({Contact.STANDING, Contact.STRIDING, Contact.LEANING})
WOMAN = 0.5
"""From here on a physique wears dresses on a sheet, below it a peci."""
FOR_WOMEN = frozenset({"dress", "skirt", "abaya", "tunic", "batik-tunic"})

Captioned = Iterator[tuple[str, Scene]]
People = Mapping[str, Somebody]
Poses = Mapping[str, Shown]


def at_random(seed: int, count: int, people: People, poses: Poses) -> Captioned:
    """Random people, outfits, poses and cameras, with what they are; repeatable."""
    rng = np.random.default_rng(seed)
    made = 0
    while made < count:
        person, outfit, pose = (
            str(rng.choice(list(names))) for names in (people, OUTFITS, poses)
        )
        look = people[person].appearance
        if look.headwear in VEILS and outfit in BARE:
            continue
        look = _varied(look, OUTFITS[outfit], rng)
        camera = Camera(
            framing=FRAMINGS[int(rng.integers(len(FRAMINGS)))],
            yaw=float(rng.uniform(-45, 45)),
            pitch=float(rng.uniform(-3, 12)),
            lens=float(rng.uniform(18, 30)),
        )
        scene = Scene(
            pose=poses[pose].pose,
            appearance=look,
            expression=list(Expression)[int(rng.integers(len(Expression)))],
            camera=camera,
            backdrop=Backdrop(colour=COLOURS[int(rng.integers(len(COLOURS)))]),
        )
        made += 1
        yield f"{person} {outfit} {pose}", scene


def _varied(
    look: Appearance, outfit: tuple[Garment, ...], rng: np.random.Generator
) -> Appearance:
    """The same person with another build, in an outfit."""
    body = look.physique
    build = {
        name: float(np.clip(getattr(body, name) + rng.normal(0, 0.14), 0.05, 0.95))
        for name in ("height", "weight", "muscle", "proportions")
    }
    changed = {"physique": body.model_copy(update=build), "outfit": outfit}
    return look.model_copy(update=changed)


def whole_library(people: People, poses: Poses) -> Captioned:
    """Every pose once as it is best seen; people take turns where they suit."""
    veiled = [name for name in people if people[name].appearance.headwear in VEILS]
    others = [name for name in people if name not in veiled]
    turns = {True: itertools.cycle(veiled or others), False: itertools.cycle(others)}
    for number, (name, shown) in enumerate(poses.items()):
        who = next(turns[name.startswith(("hijab-", "bride-"))])
        one = people[who]
        look = one.appearance
        if shown.pose.contact not in UPRIGHT:
            look = _without_long_clothes(look)
        yield (
            f"{name}: {who}",
            Scene(
                pose=shown.pose,
                appearance=look,
                expression=one.expression,
                camera=shown.camera,
                backdrop=Backdrop(colour=COLOURS[number % len(COLOURS)]),
            ),
        )


def _without_long_clothes(look: Appearance) -> Appearance:
    outfit = tuple(
        Garment(kind=GarmentKind.SWEATER, colour=one.colour)
        if one.kind in LOOSE
        else one
        for one in look.outfit
    )
    return look.model_copy(update={"outfit": outfit})


def wardrobe(people: People, pose: Shown) -> Captioned:
    """Everybody in every outfit that suits them; hair and headwear take turns."""
    turn = 0
    for (who, one), (outfit, worn) in itertools.product(
        people.items(), OUTFITS.items()
    ):
        if not _suits(one.appearance, outfit):
            continue
        heads = _heads(one.appearance)
        name, changed = heads[turn % len(heads)]
        turn += 1
        look = one.appearance.model_copy(update={"outfit": worn, **changed})
        yield (
            f"{who} {outfit} {name}",
            Scene(
                pose=pose.pose,
                appearance=look,
                expression=one.expression,
                camera=Camera(yaw=-24 if turn % 2 else 18),
                backdrop=Backdrop(colour=COLOURS[turn % len(COLOURS)]),
            ),
        )


def heads(people: People, pose: Shown) -> Captioned:
    """Portraits of everybody with every hair style, and in everything worn on heads."""
    changes: list[tuple[str, dict[str, object]]] = []
    changes += [(style.value, {"hair": style}) for style in HairStyle]
    changes += [(kind.value, {"headwear": kind}) for kind in Headwear]
    plain = {"hair": HairStyle.SHORT, "headwear": Headwear.NONE}
    for (who, one), (name, changed) in itertools.product(people.items(), changes):
        yield (
            f"{who} {name}",
            Scene(
                pose=pose.pose,
                appearance=one.appearance.model_copy(update=plain | changed),
                expression=one.expression,
                camera=Camera(framing=Framing.PORTRAIT, yaw=14),
            ),
        )


def _suits(look: Appearance, outfit: str) -> bool:
    if look.headwear in VEILS:
        return outfit not in BARE
    return outfit not in FOR_WOMEN or look.physique.femininity >= WOMAN


def _heads(look: Appearance) -> list[tuple[str, dict[str, object]]]:
    """Hair styles, or what covers them, that this person may wear."""
    if look.headwear in VEILS:
        return [(kind.value, {"headwear": kind}) for kind in Headwear if kind in VEILS]
    woman = look.physique.femininity >= WOMAN
    bare: list[tuple[str, dict[str, object]]] = [
        (style.value, {"hair": style, "headwear": Headwear.NONE})
        for style in HairStyle
        if not (woman and style is HairStyle.NONE)
    ]
    if woman:
        return bare
    return [*bare, ("peci", {"hair": HairStyle.SHORT, "headwear": Headwear.PECI})]
