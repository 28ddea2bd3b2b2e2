"""Pictures of a person in poses from a library."""

from lumiku_contracts import Page, Plugin, Route, Use, Worker, hookimpl
from lumiku_pose_generator import (
    change,
    export,
    page,
    placing,
    portfolio,
    projects,
    stats,
    taste,
)
from lumiku_pose_generator.farewell import (
    lumiku_account_deleted,
    lumiku_account_export,
)
from lumiku_pose_generator.models import (
    CHANGE_BACKGROUND,
    EXPORT,
    FROM_PHOTO,
    FROM_TEXT,
    GENERATE,
    MODELS,
)
from lumiku_pose_generator.perceive import FromPhoto, FromText
from lumiku_pose_generator.request import Generate, items, price
from lumiku_pose_generator.shelf import (
    list_categories,
    list_poses,
    show_pose,
    show_thumbnail,
)
from lumiku_pose_generator.staging import check

GENERATION = "/projects/{project_id}/generations/{job_id}"

__all__ = ["lumiku_account_deleted", "lumiku_account_export", "lumiku_plugin"]


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
            Use("pose-from-text", optional=True),
            Use("pose-from-photo", optional=True),
            Use("matte", optional=True),
        ),
        models=MODELS,
        workers=(
            Worker(
                GENERATE,
                accepts=Generate,
                run="lumiku_pose_generator.generate:run",
                items=items,
                price=price,
                check=check,
                description="One picture for each pose and variation.",
            ),
            Worker(
                CHANGE_BACKGROUND,
                accepts=change.Change,
                run="lumiku_pose_generator.change:run",
                price=change.price,
                description="Another background behind a picture.",
            ),
            Worker(
                EXPORT,
                accepts=export.Export,
                run="lumiku_pose_generator.export:run",
                items=export.items,
                description="Pictures in the shapes of shops and networks.",
                free=True,
            ),
            Worker(
                FROM_TEXT,
                accepts=FromText,
                run="lumiku_pose_generator.perceive:from_text",
                description="The pose that a sentence tells of.",
                timeout=30,
                interactive=True,
                free=True,
            ),
            Worker(
                FROM_PHOTO,
                accepts=FromPhoto,
                run="lumiku_pose_generator.perceive:from_photo",
                description="The pose of the person in a photo.",
                timeout=60,
                interactive=True,
                free=True,
            ),
        ),
        routes=(
            Route("GET", "/categories", list_categories),
            Route("GET", "/library", list_poses),
            Route("GET", "/library/{pose_id}", show_pose),
            Route("GET", "/library/{pose_id}/thumbnail", show_thumbnail),
            Route("PUT", "/library/{pose_id}/favourite", taste.like),
            Route("DELETE", "/library/{pose_id}/favourite", taste.unlike),
            Route("PUT", "/library/{pose_id}/rating", taste.rate),
            Route("DELETE", "/library/{pose_id}/rating", taste.unrate),
            Route("GET", "/projects", projects.list_projects),
            Route("POST", "/projects", projects.begin_project),
            Route("GET", "/projects/{project_id}", projects.show_project),
            Route("PATCH", "/projects/{project_id}", projects.change_project),
            Route("DELETE", "/projects/{project_id}", projects.delete_project),
            Route(
                "GET", "/projects/{project_id}/generations", projects.list_generations
            ),
            Route("PUT", GENERATION, placing.put_in),
            Route("DELETE", GENERATION, placing.take_out),
            Route("GET", "/stats", stats.show_stats),
        ),
        pages=(
            Page("/", "page.html", page.load),
            Page("/photo", "photo.html", page.load_photo),
            Page("/projects", "projects.html", portfolio.load_all),
            Page("/projects/{project_id}", "project.html", portfolio.load_one),
            Page("/statistics", "statistics.html", stats.load),
        ),
        tables="lumiku_pose_generator:migrations",
    )
