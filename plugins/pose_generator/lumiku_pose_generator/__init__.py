"""Pictures of a person in poses from a library."""

from lumiku_contracts import Page, Plugin, Route, Use, Worker, hookimpl
from lumiku_pose_generator import page
from lumiku_pose_generator.models import GENERATE, MODELS
from lumiku_pose_generator.request import Generate, check, items
from lumiku_pose_generator.shelf import (
    list_categories,
    list_poses,
    show_pose,
    show_thumbnail,
)


@hookimpl
def lumiku_plugin() -> Plugin:
    """What this app declares."""
    return Plugin(
        id="pose-generator",
        name="Pose Generator",
        summary="Your avatar in the poses you choose, for shops and social media.",
        icon="user-square",
        color="indigo",
        order=3,
        uses=(
            Use("images"),
            Use("resource:avatar"),
            Use("control-maps", optional=True),
        ),
        models=MODELS,
        workers=(
            Worker(
                GENERATE,
                accepts=Generate,
                run="lumiku_pose_generator.generate:run",
                items=items,
                check=check,
                description="One picture for each pose and variation.",
            ),
        ),
        routes=(
            Route("GET", "/categories", list_categories),
            Route("GET", "/library", list_poses),
            Route("GET", "/library/{pose_id}", show_pose),
            Route("GET", "/library/{pose_id}/thumbnail", show_thumbnail),
        ),
        pages=(Page("/", "page.html", page.load),),
    )
