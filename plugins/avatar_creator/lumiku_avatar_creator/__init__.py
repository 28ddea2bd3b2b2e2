"""People to put in pictures: presets, and avatars of the viewer's own."""

from lumiku_avatar_creator import page, sheet_request
from lumiku_avatar_creator.avatars import (
    change_avatar,
    delete_avatar,
    list_avatars,
    show_avatar,
)
from lumiku_avatar_creator.farewell import lumiku_account_deleted, lumiku_account_export
from lumiku_avatar_creator.gallery import list_presets, show_preset, show_thumbnail
from lumiku_avatar_creator.models import MODELS
from lumiku_avatar_creator.request import Generate, items
from lumiku_contracts import Page, Plugin, Resource, Route, Use, Worker, hookimpl
from lumiku_contracts.resources import Avatar

__all__ = ["lumiku_account_deleted", "lumiku_account_export", "lumiku_plugin"]


@hookimpl
def lumiku_plugin() -> Plugin:
    """What this app declares."""
    return Plugin(
        id="avatar-creator",
        name="Avatar Creator",
        summary="Make a person once, and use them in every other app.",
        icon="user-circle",
        color="purple",
        order=1,
        uses=(Use("images"),),
        models=MODELS,
        workers=(
            Worker(
                "generate",
                accepts=Generate,
                run="lumiku_avatar_creator.generate:run",
                items=items,
                description="A portrait, and the avatar with it.",
            ),
            Worker(
                "preview",
                accepts=Generate,
                run="lumiku_avatar_creator.preview:run",
                items=items,
                description="A small picture of somebody who is not made yet.",
                timeout=60,
                attempts=1,
                interactive=True,
                free=True,
            ),
            Worker(
                "sheet",
                accepts=sheet_request.Sheet,
                run="lumiku_avatar_creator.sheet:run",
                items=sheet_request.items,
                check=sheet_request.check,
                description="One person from three sides, or with every expression.",
            ),
        ),
        routes=(
            Route("GET", "/presets", list_presets),
            Route("GET", "/presets/{preset_id}", show_preset),
            Route("GET", "/presets/{preset_id}/thumbnail", show_thumbnail),
            Route("GET", "/avatars", list_avatars),
            Route("GET", "/avatars/{avatar_id}", show_avatar),
            Route("PATCH", "/avatars/{avatar_id}", change_avatar),
            Route("DELETE", "/avatars/{avatar_id}", delete_avatar),
        ),
        pages=(Page("/", "page.html", page.load),),
        resources=(
            Resource(
                "avatar",
                Avatar,
                get="lumiku_avatar_creator.people:get",
                list="lumiku_avatar_creator.people:everybody",
            ),
        ),
        tables="lumiku_avatar_creator:migrations",
    )
