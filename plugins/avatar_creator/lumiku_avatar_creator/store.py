"""Reading and writing the viewer's own avatars; the caller owns the transaction."""

from datetime import UTC, datetime
from hashlib import sha256

from sqlmodel import Session, col, select, tuple_

from lumiku_avatar_creator.persona import Persona
from lumiku_avatar_creator.request import Design
from lumiku_avatar_creator.table import AvatarRow
from lumiku_contracts import NotFound, Refused
from lumiku_contracts.resources import Avatar


def ident_for(key: str) -> str:
    """The id of the avatar that the task with this key makes, however often."""
    return f"avt_{sha256(key.encode()).hexdigest()[:24]}"


def keep(session: Session, ident: str, user_id: str, design: Design) -> AvatarRow:
    """The avatar's row; one that is there already is left as it is."""
    row = session.get(AvatarRow, ident)
    if row is None:
        now = datetime.now(UTC)
        row = AvatarRow(
            id=ident,
            user_id=user_id,
            name=design.name,
            description=design.description,
            expression=design.expression.value,
            preset=design.preset,
            persona=design.persona.model_dump(mode="json"),
            appearance=design.appearance.model_dump(mode="json"),
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
    return row


def own(session: Session, user_id: str | None, ident: str) -> AvatarRow:
    """The viewer's avatar; `NotFound` when there is none or it is somebody else's."""
    row = session.get(AvatarRow, ident)
    if row is None or row.user_id != user_id:
        raise NotFound("avatar", ident)
    return row


def newest(
    session: Session, user_id: str | None, *, limit: int, after: str | None = None
) -> list[AvatarRow]:
    """The viewer's avatars, newest first, after the one with the id `after`."""
    query = select(AvatarRow).where(AvatarRow.user_id == user_id)
    if after is not None:
        last = session.get(AvatarRow, after)
        if last is None or last.user_id != user_id:
            raise Refused("unknown-cursor", f"There is no page after “{after}”.")
        place = tuple_(col(AvatarRow.created_at), col(AvatarRow.id))
        query = query.where(place < (last.created_at, last.id))
    query = query.order_by(
        col(AvatarRow.created_at).desc(), col(AvatarRow.id).desc()
    ).limit(limit)
    return list(session.exec(query))


def change(
    row: AvatarRow,
    *,
    name: str | None,
    description: str | None,
    persona: Persona | None,
) -> None:
    """Set what is given; the looks belong to the picture and stay."""
    if name is not None:
        row.name = name
    if description is not None:
        row.description = description
    if persona is not None:
        row.persona = persona.model_dump(mode="json")
    row.updated_at = datetime.now(UTC)


def avatar(row: AvatarRow) -> Avatar:
    """The row as the resource that other apps use."""
    return Avatar.model_validate(
        row.model_dump(
            include={"id", "name", "appearance", "expression", "description"}
        )
    )
