"""The routes of the library: categories, poses, thumbnails."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from itertools import islice

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lumiku_contracts import Call, File, NotFound, Refused
from lumiku_contracts.scene import Camera, Contact, Hand, Pose
from lumiku_pose_generator import bakery
from lumiku_pose_generator.categories import children, family
from lumiku_pose_generator.figure import figure
from lumiku_pose_generator.library import (
    Difficulty,
    Entry,
    Suitability,
    count,
    library,
)

MOUNT = "/api/apps/pose-generator"
DAY = 86_400


class CategoryNode(BaseModel):
    """A category; `poses` counts its own and those of all below it."""

    id: str
    name: str
    name_id: str
    icon: str
    color: str
    order: int
    poses: int
    children: tuple["CategoryNode", ...]


class CategoryTree(BaseModel):
    """The top categories with all below them; there is never a next page."""

    items: tuple[CategoryNode, ...]
    next_cursor: None = None


class LibraryQuery(BaseModel):
    """Which poses; what is not given, or is empty, does not matter."""

    model_config = ConfigDict(extra="forbid")

    category: str | None = Field(None, description="With all categories below it.")
    search: str | None = Field(
        None, max_length=100, description="Every word, in English or Indonesian."
    )
    difficulty: Difficulty | None = None
    suitability: Suitability | None = None
    featured: bool | None = None
    premium: bool | None = None
    favourite: bool | None = Field(None, description="Of the viewer's own.")
    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, given: object) -> object:
        # A form sends every field it has, also those that nobody filled in.
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value != ""}


class PoseCard(BaseModel):
    """A pose in a list."""

    id: str
    name: str
    name_id: str
    category: str
    difficulty: Difficulty
    suitability: Suitability
    tags: tuple[str, ...]
    tags_id: tuple[str, ...]
    contact: Contact
    thumbnail_url: str
    premium: bool
    featured: bool
    favourite: bool
    """Whether it is one of the viewer's own."""


class PosePage(BaseModel):
    """Some poses, and how to ask for more."""

    items: tuple[PoseCard, ...]
    next_cursor: str | None


class PoseDetail(PoseCard):
    """All there is to know of a pose; `skeleton` is None before it is baked."""

    description: str
    description_id: str
    hands: tuple[Hand, Hand]
    """The shapes of the left and the right hand."""
    camera: Camera
    skeleton: tuple[bakery.Joint, ...] | None
    pose: Pose
    my_stars: int | None
    stars: float | None
    """The mean of all viewers' ratings, 1.0-5.0."""
    ratings: int
    favourites: int
    """How many viewers have it among theirs."""
    pictures: int
    """How many pictures of it were made, by all viewers."""
    my_pictures: int


def list_categories(call: Call) -> CategoryTree:
    """The category tree with counts."""
    del call
    return CategoryTree(items=_nodes(None))


def _nodes(parent: str | None) -> tuple[CategoryNode, ...]:
    return tuple(
        CategoryNode(
            **category.model_dump(exclude={"parent"}),
            poses=count(category.id),
            children=_nodes(category.id),
        )
        for category in children(parent)
    )


def list_poses(call: Call, query: LibraryQuery) -> PosePage:
    """Poses that answer the query, or refuse an unknown category or cursor."""
    from lumiku_pose_generator import tastes

    here = _family(query.category)
    with call.read() as session:
        liked = tastes.favourites(session, call.viewer.id)
    found = [
        entry
        for entry in _after(query.cursor)
        if entry.category in here and _answers(entry, query, liked=entry.id in liked)
    ]
    page = list(islice(found, query.limit))
    more = len(found) > len(page)
    return PosePage(
        items=tuple(
            PoseCard(**_card(entry, liked=entry.id in liked)) for entry in page
        ),
        next_cursor=page[-1].id if more else None,
    )


def _after(cursor: str | None) -> list[Entry]:
    entries = list(library().values())
    if cursor is None:
        return entries
    if cursor not in library():
        raise Refused("unknown-cursor", f"There is no page after “{cursor}”.")
    return entries[list(library()).index(cursor) + 1 :]


def _answers(entry: Entry, query: LibraryQuery, *, liked: bool) -> bool:
    if query.favourite not in {None, liked}:
        return False
    words = tuple((query.search or "").casefold().split())
    wanted = query.model_dump(
        include={"difficulty", "suitability", "featured", "premium"}, exclude_none=True
    )
    return entry.tells_of(words) and all(
        getattr(entry, field) == value for field, value in wanted.items()
    )


def _family(category: str | None) -> frozenset[str]:
    if category is None:
        return frozenset(entry.category for entry in library().values())
    here = family(category)
    if not here:
        raise Refused(
            "unknown-category",
            f"There is no category “{category}”.",
            fix=f"GET {MOUNT}/categories lists them.",
        )
    return here


def _card(entry: Entry, *, liked: bool) -> dict[str, object]:
    own = entry.model_dump(include=set(PoseCard.model_fields))
    return own | {
        "thumbnail_url": f"{MOUNT}/library/{entry.id}/thumbnail",
        "contact": entry.pose.contact,
        "favourite": liked,
    }


def show_pose(call: Call, pose_id: str) -> PoseDetail:
    """One pose, or raise `NotFound`."""
    from lumiku_pose_generator import album, tastes

    entry, viewer = entry_of(pose_id), call.viewer.id or ""
    made = bakery.baked().get(entry.id)
    with call.read() as session:
        taste = tastes.of(session, viewer, entry.id)
        liked, stars = (taste.favourite, taste.stars) if taste else (False, None)
        opinion = tastes.opinion(session, entry.id)
        pictures = album.made_of(session, entry.id)
        mine = album.made_of(session, entry.id, viewer)
    return PoseDetail(
        **_card(entry, liked=liked),
        description=entry.description,
        description_id=entry.description_id,
        hands=entry.hands,
        camera=entry.camera,
        skeleton=made.skeleton if made else None,
        pose=entry.pose,
        my_stars=stars,
        stars=opinion.mean,
        ratings=opinion.ratings,
        favourites=opinion.favourites,
        pictures=pictures,
        my_pictures=mine,
    )


def show_thumbnail(call: Call, pose_id: str) -> File:
    """The picture of a pose, 3:4; a drawn figure where none was rendered yet."""
    del call
    entry = entry_of(pose_id)
    content = bakery.thumbnail(entry.id)
    if content is not None:
        return File(content, "image/webp", cache_seconds=DAY)
    made = bakery.baked().get(entry.id)
    if made is None:
        detail = f"The pose “{pose_id}” has no thumbnail yet."
        raise Refused("thumbnail-missing", detail, status=404)
    return File(figure(made.skeleton).encode(), "image/svg+xml", cache_seconds=DAY)


def entry_of(pose_id: str) -> Entry:
    """A pose of the library, or raise `NotFound`."""
    entry = library().get(pose_id)
    if entry is None:
        raise NotFound("pose", pose_id)
    return entry
