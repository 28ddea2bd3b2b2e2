"""The merchant's own product in the picture: where it is, and what shows it.

A picture of it is printed on the clothes or on a thing, or is itself the thing: a card
with the product's own outline, held or standing.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from lumiku_contracts import Refused
from lumiku_contracts.images import UploadId
from lumiku_contracts.scene import (
    Anchor,
    Appearance,
    Colour,
    Contact,
    Decal,
    GarmentKind,
    Headwear,
    Pose,
    Prop,
    Scene,
    Thing,
)
from lumiku_contracts.sets import Camera, Framing
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.holding import BAGS, holding, kind_of

PICTURE: Final = "product"
"""What a scene calls the picture of the product."""


class Where(StrEnum):
    """Where the product is."""

    SHIRT = "shirt"
    """Printed on the front of what is worn above."""
    BOX = "box"
    BOTTLE = "bottle"
    CUP = "cup"
    PHONE = "phone"
    """On the screen; likewise on a laptop's, and on its lid."""
    LAPTOP = "laptop"
    BAG = "bag"
    HANDBAG = "handbag"
    POSTER = "poster"
    STANDEE = "standee"
    """Cut out, as tall as a person's chest, on the floor."""
    HELD = "held"
    """Cut out, in the hand or between both."""
    STANDING = "standing"
    """Cut out, on the floor beside the person."""


THINGS: Final[Mapping[Where, Prop]] = {
    Where.BOX: Prop.BOX,
    Where.BOTTLE: Prop.BOTTLE,
    Where.CUP: Prop.CUP,
    Where.PHONE: Prop.PHONE,
    Where.LAPTOP: Prop.LAPTOP,
    Where.BAG: Prop.SHOPPING_BAG,
    Where.HANDBAG: Prop.HANDBAG,
    Where.POSTER: Prop.POSTER,
    Where.STANDEE: Prop.STANDEE,
    Where.HELD: Prop.CARD,
    Where.STANDING: Prop.CARD,
}
ON_THE_FLOOR: Final = frozenset({Where.POSTER, Where.STANDEE, Where.STANDING})
OUTLINED: Final = frozenset({Where.STANDEE, Where.HELD, Where.STANDING})
"""Where the product's own outline is seen."""
FRONTS: Final = (
    GarmentKind.T_SHIRT,
    GarmentKind.SWEATER,
    GarmentKind.SHIRT,
    GarmentKind.SPORT_TOP,
    GarmentKind.TUNIC,
    GarmentKind.DRESS,
    GarmentKind.ABAYA,
)
"""What has a closed front to print on."""
VEILS: Final = frozenset({Headwear.HIJAB, Headwear.PASHMINA, Headwear.KHIMAR})
"""What lies over the chest."""
CHEST_DOWN: Final = frozenset({Contact.BRACED, Contact.LYING})
ACROSS: Final = frozenset({Anchor.OPPOSITE_ELBOW, Anchor.OPPOSITE_SHOULDER})
SEEN_ON_SHIRTS, SEEN_IN_HANDS = 60.0, 80.0
"""How far the body may be turned from the camera, in degrees."""


class Product(Part):
    """A picture of the viewer's own, and where in the picture it is to be."""

    upload_id: UploadId
    where: Where
    width: Annotated[float, Field(ge=0.1, le=1)] = Field(
        0.8, description="Share of the surface that it may fill, where it is printed."
    )
    color: Colour | None = Field(
        None, description="Of the thing it is printed on; of clothes, by the outfit."
    )
    cut_out: bool | None = Field(
        None,
        description="Take the even ground around it away. Left out: done where the "
        "outline is seen and the picture has none of its own.",
    )

    def seen_by(self, asked: Framing | None, camera: Camera, pose: Pose) -> Camera:
        """The camera of a pose, or one that sees what is low."""
        if asked is None and (self.where in ON_THE_FLOOR or _hangs(self, pose)):
            return camera.model_copy(update={"framing": Framing.FULL})
        return camera


def shown(product: Product, scene: Scene) -> Scene:
    """The scene with the product in it; raises `Refused` where that cannot be.

    Codes: `product-not-held`, `product-not-seen`, `product-needs-a-top`.
    """
    if product.where is Where.SHIRT:
        _sees_the_chest(scene.pose)
        _sees(scene, scene.pose.torso.twist, SEEN_ON_SHIRTS)
        return scene.model_copy(
            update={"appearance": _printed(product, scene.appearance)}
        )
    prop = THINGS[product.where]
    pose: Pose = scene.pose
    if product.where in ON_THE_FLOOR:
        _sees_the_floor(scene.camera)
    else:
        _sees(scene, 0.0, SEEN_IN_HANDS)
        if _hangs(product, pose) and scene.camera.framing is not Framing.FULL:
            raise _unseen("Only a full picture shows what hangs from a hand.")
        pose = holding(pose, prop, pose.pelvis.turn - scene.camera.yaw)
    decal = Decal(picture=PICTURE, width=product.width)
    thing = Thing(prop=prop, colour=product.color, decal=decal)
    kept = tuple(one for one in scene.things if one.prop is not prop)
    return scene.model_copy(update={"pose": pose, "things": (*kept, thing)})


def _printed(product: Product, look: Appearance) -> Appearance:
    """The clothes with the product on the outermost front."""
    worn = [piece for piece in look.outfit if piece.kind in FRONTS]
    open_front = any(piece.kind is GarmentKind.BLAZER for piece in look.outfit)
    if not worn or open_front or look.headwear in VEILS:
        over = "a veil" if look.headwear in VEILS else "no closed top"
        raise Refused(
            "product-needs-a-top",
            f"There is {over} on the chest to print on.",
            fix="Send an outfit with a t-shirt, choose somebody whose chest is free, "
            "or place the product elsewhere.",
        )
    decal = Decal(picture=PICTURE, width=product.width)
    outfit = tuple(
        piece.model_copy(update={"decal": decal}) if piece is worn[-1] else piece
        for piece in look.outfit
    )
    return look.model_copy(update={"outfit": outfit})


def _sees(scene: Scene, twist: float, most: float) -> None:
    turned = scene.pose.pelvis.turn + twist - scene.camera.yaw
    away = abs((turned + 180) % 360 - 180)
    if away > most:
        raise _unseen(
            f"The body is turned {away:.0f}° from the camera: the product would be "
            "hidden."
        )


def _sees_the_chest(pose: Pose) -> None:
    if pose.contact in CHEST_DOWN:
        raise _unseen(f"The chest is hidden in a {pose.contact.value} pose.")
    arms = (pose.left_arm, pose.right_arm)
    if all(arm.reach is not None and arm.reach.to in ACROSS for arm in arms):
        raise _unseen("The arms lie before the chest.")


def _sees_the_floor(camera: Camera) -> None:
    if camera.framing in {Framing.HALF, Framing.PORTRAIT}:
        raise _unseen(
            f"A {camera.framing.value} picture does not show what stands on the floor."
        )


def _hangs(product: Product, pose: Pose) -> bool:
    """Whether it is a bag that the pose does not hold, and will hang from a hand."""
    bag = THINGS.get(product.where) in BAGS
    return bag and not any(kind_of(one) in BAGS for one in pose.props)


def _unseen(why: str) -> Refused:
    fix = "Choose a pose or a view in which it is seen, or place the product elsewhere."
    return Refused("product-not-seen", why, fix=fix)
