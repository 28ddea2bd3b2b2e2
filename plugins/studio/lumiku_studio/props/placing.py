"""All things of a pose and a scene, each by its maker."""

from collections.abc import Callable, Mapping

from lumiku_contracts.scene import Held, Hold, Pose, Prop, Thing
from lumiku_studio.props import cards, carried, furniture, held, offered
from lumiku_studio.props.inhand import InHand
from lumiku_studio.props.stickers import (
    Pictures,
)
from lumiku_studio.shading.stage import Part
from lumiku_studio.skeleton.posing import Posed


def props(
    pose: Pose,
    posed: Posed,
    things: tuple[Thing, ...] = (),
    pictures: Pictures | None = None,
) -> list[Part]:
    """All things of a pose and a scene."""
    looks = {thing.prop: thing for thing in things}
    shown = pictures or {}
    parts: list[Part] = []
    kinds = [p.prop if isinstance(p, Held) else p for p in pose.props]
    if posed.seat is not None:
        parts += furniture.seat(posed, posed.seat)
    for prop, kind in zip(pose.props, kinds, strict=True):
        usual = Hold.BOTH if kind in BOTH else Hold.RIGHT
        hold = prop.hold if isinstance(prop, Held) else usual
        thing = looks.get(kind, Thing(prop=kind))
        if kind in MAKERS:
            parts += MAKERS[kind](InHand(posed, pose, hold, thing, shown))
        elif kind in furniture.MAKERS:
            parts += furniture.MAKERS[kind](posed, pose, thing.colour)
    for thing in things:
        if thing.prop not in kinds:
            parts += cards.standing(thing, posed, shown)
    return parts


BOTH = frozenset({Prop.BOX, Prop.LAPTOP, Prop.CARD, Prop.BOUQUET})
MAKERS: Mapping[Prop, Callable[[InHand], list[Part]]] = {
    Prop.BOX: held.box,
    Prop.BOTTLE: held.bottle,
    Prop.CUP: held.cup,
    Prop.PHONE: held.phone,
    Prop.SHOPPING_BAG: carried.shopping_bag,
    Prop.HANDBAG: carried.handbag,
    Prop.LAPTOP: carried.laptop,
    Prop.CARD: cards.card,
    Prop.MICROPHONE: offered.microphone,
    Prop.TRAY: offered.tray,
    Prop.BOUQUET: offered.bouquet,
}
