"""The routes of the viewer's own avatars."""
# ruff: noqa: PLC0415 — the table's module is heavy and imported where rows are used

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lumiku_avatar_creator.persona import Name, Persona
from lumiku_contracts import Call
from lumiku_contracts.scene import Appearance, Expression

if TYPE_CHECKING:
    from lumiku_avatar_creator.table import AvatarRow


def _in_utc(moment: datetime) -> datetime:
    # SQLite gives times back without their zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class AvatarQuery(BaseModel):
    """Which page of avatars."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class AvatarCard(BaseModel):
    """One avatar; `preset` is the one it was made from, if any."""

    id: str
    name: str
    description: str
    preset: str | None
    persona: Persona
    expression: Expression
    appearance: Appearance
    created_at: Moment
    updated_at: Moment


class AvatarPage(BaseModel):
    """Some avatars, newest first, and how to ask for more."""

    items: tuple[AvatarCard, ...]
    next_cursor: str | None


class AvatarChange(BaseModel):
    """What is to be changed; the looks belong to the picture and stay."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: str | None = Field(None, max_length=500)
    persona: Persona | None = None


def list_avatars(call: Call, query: AvatarQuery) -> AvatarPage:
    """The viewer's own avatars, or refuse an unknown cursor."""
    from lumiku_avatar_creator import store

    with call.read() as session:
        rows = store.newest(
            session, call.viewer.id, limit=query.limit + 1, after=query.cursor
        )
        cards = tuple(_card(row) for row in rows[: query.limit])
    more = len(rows) > query.limit
    return AvatarPage(items=cards, next_cursor=cards[-1].id if more else None)


def show_avatar(call: Call, avatar_id: str) -> AvatarCard:
    """One of the viewer's own, or raise `NotFound`."""
    from lumiku_avatar_creator import store

    with call.read() as session:
        return _card(store.own(session, call.viewer.id, avatar_id))


def change_avatar(call: Call, avatar_id: str, body: AvatarChange) -> AvatarCard:
    """Rename or tell anew one of the viewer's own, or raise `NotFound`."""
    from lumiku_avatar_creator import store

    with call.session() as session:
        row = store.own(session, call.viewer.id, avatar_id)
        store.change(
            row, name=body.name, description=body.description, persona=body.persona
        )
        session.add(row)
        session.flush()
        return _card(row)


def delete_avatar(call: Call, avatar_id: str) -> None:
    """Forget one of the viewer's own, or raise `NotFound`; its pictures stay."""
    from lumiku_avatar_creator import store

    with call.session() as session:
        session.delete(store.own(session, call.viewer.id, avatar_id))
        session.flush()


def _card(row: "AvatarRow") -> AvatarCard:
    return AvatarCard.model_validate(row, from_attributes=True)
