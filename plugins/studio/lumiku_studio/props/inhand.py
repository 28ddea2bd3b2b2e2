"""What a thing is made from: the person, the hands, and how the thing looks."""

from dataclasses import dataclass

from lumiku_contracts.scene import Hold, Pose, Prop, Thing
from lumiku_studio.arrays import Floats
from lumiku_studio.colour import written
from lumiku_studio.props import shapes
from lumiku_studio.props.hands import Palm, palm
from lumiku_studio.props.stickers import (
    Pictures,
    flat_uv,
    sticker,
)
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.posing import Posed

COLOURS = {
    Prop.BOX: "#c9824f", Prop.BOTTLE: "#3f7f86", Prop.PHONE: "#1f2126",
    Prop.CUP: "#f3efe8", Prop.SHOPPING_BAG: "#d8b48a", Prop.HANDBAG: "#7a3f34",
    Prop.LAPTOP: "#b9bcc2", Prop.CARD: "#f4f4f2",
    Prop.MICROPHONE: "#26282c", Prop.TRAY: "#9b6b43",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class InHand:
    """What a maker works from: the person, the hands, and how the thing looks."""

    posed: Posed
    pose: Pose
    hold: Hold
    thing: Thing
    pictures: Pictures

    @property
    def colour(self) -> Floats:
        """The thing's colour, linear."""
        return written(self.thing.colour or COLOURS.get(self.thing.prop, "#c9c9c9"))

    def palms(self) -> tuple[Palm, Palm]:
        """The left and the right palm."""
        return palm(self.posed, "L"), palm(self.posed, "R")

    def palm(self) -> Palm:
        """The palm that holds."""
        return palm(self.posed, "L" if self.hold is Hold.LEFT else "R")

    def plain(self, solid: shapes.Solid, colour: Floats | None = None) -> Part:
        """A part without a picture."""
        own = self.colour if colour is None else colour
        return Part(*solid, own, Stuff.PROP, Segment.PROP)

    def faced(
        self, solid: shapes.Solid, frame: Floats, centre: Floats, half: Floats
    ) -> Part:
        """A part whose face along `frame`'s third axis carries the decal."""
        part = self.plain(solid)
        if self.thing.decal is None:
            return part
        surface = (2 * float(half[0]), 2 * float(half[1]))
        return Part(
            *solid, self.colour, Stuff.PROP, Segment.PROP,
            uv=flat_uv(*solid, frame, centre),
            print=sticker(self.pictures, self.thing.decal, surface),
        )  # fmt: skip
