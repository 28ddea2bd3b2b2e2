"""What the app's page is told: poses, categories, people to choose from."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from lumiku_contracts import Call
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import (
    Expression,
    GarmentKind,
    HairStyle,
    Headwear,
    SkinTone,
)
from lumiku_contracts.sets import Framing, SetKind
from lumiku_pose_generator import change
from lumiku_pose_generator.categories import Category, categories, children, family
from lumiku_pose_generator.formats import FORMATS
from lumiku_pose_generator.library import Entry, count, library
from lumiku_pose_generator.product import Where
from lumiku_pose_generator.request import SIZES
from lumiku_pose_generator.shelf import MOUNT

SKIN: Final = {
    SkinTone.PORCELAIN: "#f8e4da",
    SkinTone.FAIR: "#f3d7c4",
    SkinTone.LIGHT: "#e8bf9f",
    SkinTone.MEDIUM: "#d3a07a",
    SkinTone.TAN: "#b98058",
    SkinTone.BROWN: "#8d5a3b",
    SkinTone.DARK: "#5c3a28",
    SkinTone.DEEP: "#3d271c",
}
"""Skin as the small drawing shows it; a provider has its own."""
BARE: Final = "#c9c3cf"
SCARVES: Final = frozenset(Headwear) - {Headwear.NONE, Headwear.PECI}
HAIR: Final = {
    HairStyle.NONE: "none",
    HairStyle.BOB: "bob",
    HairStyle.LONG: "long",
    HairStyle.WAVY: "long",
}
"""The small drawing's three kinds of hair; what is not named here is short."""
TOPS: Final = frozenset(
    {
        GarmentKind.T_SHIRT,
        GarmentKind.SWEATER,
        GarmentKind.SHIRT,
        GarmentKind.TUNIC,
        GarmentKind.ABAYA,
    }
)
SIZE_NAMES: Final = {
    "portrait": "Portrait",
    "square": "Square",
    "landscape": "Landscape",
    "story": "Story",
    "preview": "Small and quick",
}

WARES: Final = (
    (Where.HELD, "In the hand, cut out"),
    (Where.STANDING, "On the floor, cut out"),
    (Where.STANDEE, "On the floor, tall, cut out"),
    (Where.SHIRT, "On the shirt, printed"),
    (Where.BOX, "On a box"),
    (Where.BOTTLE, "On a bottle"),
    (Where.CUP, "On a cup"),
    (Where.BAG, "On a shopping bag"),
    (Where.HANDBAG, "On a handbag"),
    (Where.PHONE, "On a phone's screen"),
    (Where.LAPTOP, "On a laptop"),
    (Where.POSTER, "On a poster"),
)
AT_FIRST: Final = 24
"""Poses that are shown before anybody asks for more."""
BACKGROUNDS: Final = (
    ("studio", "Studio"),
    ("solid", "Colour"),
    ("gradient", "Fading colour"),
    ("scene", "A place"),
    ("upload", "A picture of yours"),
    ("transparent", "None"),
)
ROOMS: Final = (
    ("/apps/pose-generator", "Pictures"),
    ("/apps/pose-generator/photo", "Your photo"),
    ("/apps/pose-generator/projects", "Projects"),
    ("/apps/pose-generator/statistics", "Statistics"),
)
"""The app's pages: address and name."""
BEHIND_PHOTOS: Final = tuple(
    (mode, "None, cut out" if mode == "transparent" else word)
    for mode, word in BACKGROUNDS
    if mode in change.BEHIND_PHOTOS
)
"""What can be behind a photo of the viewer's own."""
NEWEST: Final = 40
"""Jobs of which the page knows in which project they are."""


class Begun(BaseModel):
    """What an address may choose already; what is not there is passed over."""

    model_config = ConfigDict(extra="ignore")

    pose: str | None = None
    project: str | None = None


def load(call: Call, query: Begun) -> dict[str, Any]:
    """The whole library, those categories that have poses, and the viewer's people."""
    return {
        "rooms": ROOMS,
        "poses": [_pose(entry) for entry in _featured_first()],
        "at_first": AT_FIRST,
        "begun": query,
        **_own(call),
        "wares": WARES,
        "shelves": [
            {**_shelf(top), "children": [_shelf(one) for one in children(top.id)]}
            for top in children(None)
            if count(top.id)
        ],
        "people": [drawn(one) for one in _own_first(call)],
        "sizes": [
            (name, f"{SIZE_NAMES[name]} · {width} × {height}")
            for name, (width, height) in SIZES.items()
        ],
        "framings": [("", "As the pose"), *_words(Framing)],
        "expressions": [("", "The avatar’s own"), *_words(Expression)],
        "places": _words(SetKind),
        "backgrounds": BACKGROUNDS,
        "formats": [
            (name, f"{one.name} · {one.width} × {one.height}")
            for name, one in FORMATS.items()
            if one.width
        ],
    }


def load_photo(_call: Call) -> dict[str, Any]:
    """What the page for a photo of the viewer's own is told."""
    return {"rooms": ROOMS, "backgrounds": BEHIND_PHOTOS}


def _own_first(call: Call) -> list[Avatar]:
    """Whom a viewer has made is whom they came for."""
    people: list[Avatar] = sorted(
        call.resource("avatar").list(), key=lambda one: one.preset
    )
    return people


def _own(call: Call) -> dict[str, Any]:
    """What the viewer has of this app: tastes, projects, what was used."""
    from lumiku_pose_generator import album, binder, esteem, tastes

    viewer = call.viewer.id or ""
    with call.read() as session:
        active = binder.newest(session, viewer, status="active", limit=binder.MOST)
        return {
            "liked": tastes.favourites(session, viewer),
            "stars": tastes.stars(session, viewer),
            "means": esteem.means(session),
            "used": dict(album.most_used(session, viewer, len(library()))),
            "placed": album.places(session, viewer, NEWEST),
            "projects": [
                {"id": one.id, "name": one.name, "avatar": (one.avatar or {}).get("id")}
                for one in active
            ],
        }


def _featured_first() -> list[Entry]:
    return sorted(library().values(), key=lambda entry: not entry.featured)


def _shelf(category: Category) -> dict[str, Any]:
    poses = count(category.id)
    return {"id": category.id, "name": category.name, "poses": poses}


def _words(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Each value, and the value as a word for people."""
    return [(one.value, one.value.replace("-", " ").capitalize()) for one in kind]


def _pose(entry: Entry) -> dict[str, Any]:
    names = {one.id: f"{one.name} {one.name_id}" for one in categories()}
    above = [one.id for one in categories() if entry.category in family(one.id)]
    said = (
        entry.name,
        entry.name_id,
        entry.description,
        entry.description_id,
        *entry.tags,
        *entry.tags_id,
        *(names[ident] for ident in above),
    )
    return {
        "id": entry.id,
        "name": entry.name,
        "name_id": entry.name_id,
        "picture": f"{MOUNT}/library/{entry.id}/thumbnail",
        "words": " ".join(said).casefold(),
        "groups": " ".join(above),
    }


def drawn(avatar: Avatar) -> dict[str, Any]:
    """An avatar as its picture, or else as the colours of a small drawing."""
    looks = avatar.appearance
    worn = [piece.colour for piece in looks.outfit if piece.kind in TOPS]
    return {
        "id": avatar.id,
        "name": avatar.name,
        "preset": avatar.preset,
        "picture": avatar.picture,
        "skin": SKIN[looks.skin],
        "hair": HAIR.get(looks.hair, "short"),
        "hair_colour": looks.hair_colour,
        "scarf": looks.headwear_colour if looks.headwear in SCARVES else None,
        "top": worn[-1] if worn else BARE,
    }
