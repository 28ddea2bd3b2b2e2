"""Pages for operators, over the public admin API and nothing else."""

from typing import Any, Final

from lumiku_contracts import Call, Page, Plugin, hookimpl

SECTIONS: Final = {
    "health": "Health",
    "plugins": "Plugins",
    "visibility": "Visibility",
    "flags": "Flags",
    "models": "Models",
    "jobs": "Jobs",
    "users": "Users",
    "processes": "Processes",
    "audit": "Audit",
}
"""Each section's template and script are named as it is; the first one is the home."""
HOME: Final = "health"


def path(section: str) -> str:
    """Where a section lies below the plugin's address."""
    return "/" if section == HOME else f"/{section}"


def load(call: Call) -> dict[str, Any]:
    """The sections; their contents come from the API, in the browser."""
    del call
    return {
        "sections": [
            {"id": one, "name": name, "path": path(one).rstrip("/")}
            for one, name in SECTIONS.items()
        ]
    }


@hookimpl
def lumiku_plugin() -> Plugin:
    """What this extension declares: pages."""
    return Plugin(
        id="operator-console",
        name="Console",
        summary="What runs here, who sees what and why, and the switches for it.",
        icon="gauge",
        color="slate",
        kind="extension",
        pages=tuple(
            Page(
                path(one),
                f"{one}.html",
                load,
                auth="operator",
                menu="Console" if one == HOME else "",
            )
            for one in SECTIONS
        ),
    )
