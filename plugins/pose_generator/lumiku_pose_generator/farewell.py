"""An account takes along what the app keeps of it, or has it forgotten."""
# ruff: noqa: PLC0415 (rows are no part of declaring)

from typing import Any

from lumiku_contracts import PluginContext, hookimpl


@hookimpl
def lumiku_account_export(ctx: PluginContext, account: str) -> dict[str, Any]:
    """Favourites and ratings, projects, and which pictures were made."""
    from sqlmodel import col, select

    from lumiku_pose_generator.table import PictureRow, ProjectRow, TasteRow

    out = {}
    with ctx.read() as session:
        for name, table, order in (
            ("tastes", TasteRow, TasteRow.pose_id),
            ("projects", ProjectRow, ProjectRow.id),
            ("pictures", PictureRow, PictureRow.id),
        ):
            mine = select(table).where(table.user_id == account).order_by(col(order))
            rows = session.exec(mine).all()
            out[name] = [row.model_dump(mode="json") for row in rows]
    return out


@hookimpl
def lumiku_account_deleted(ctx: PluginContext, account: str) -> None:
    """Forget them."""
    from sqlmodel import col, delete

    from lumiku_pose_generator.table import PictureRow, ProjectRow, TasteRow

    with ctx.session() as session:
        for table in (TasteRow, ProjectRow, PictureRow):
            session.exec(delete(table).where(col(table.user_id) == account))
