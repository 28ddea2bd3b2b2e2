"""An account takes its avatars along, or has them forgotten."""

from typing import Any

from lumiku_contracts import PluginContext, hookimpl


@hookimpl
def lumiku_account_export(ctx: PluginContext, account: str) -> dict[str, Any]:
    """All avatars of an account."""
    from sqlmodel import col, select  # noqa: PLC0415 (rows are no part of declaring)

    from lumiku_avatar_creator.table import AvatarRow  # noqa: PLC0415 (likewise)

    mine = select(AvatarRow).where(AvatarRow.user_id == account)
    with ctx.read() as session:
        rows = session.exec(mine.order_by(col(AvatarRow.id))).all()
        return {"avatars": [row.model_dump(mode="json") for row in rows]}


@hookimpl
def lumiku_account_deleted(ctx: PluginContext, account: str) -> None:
    """Forget them."""
    from sqlmodel import col, delete  # noqa: PLC0415 (likewise)

    from lumiku_avatar_creator.table import AvatarRow  # noqa: PLC0415 (likewise)

    with ctx.session() as session:
        session.exec(delete(AvatarRow).where(col(AvatarRow.user_id) == account))
