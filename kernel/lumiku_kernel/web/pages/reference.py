"""The API reference, rendered in the browser from local files only."""

from starlette.responses import Response

from lumiku_kernel.web.pages.looks import STATIC
from lumiku_kernel.web.pages.visit import Visit

NEEDED = ("swagger-ui.css", "swagger-ui-bundle.js")


def show(visit: Visit) -> Response:
    """Swagger UI, or how to get its files."""
    folder = STATIC / "vendor" / "swagger-ui-dist"
    lacking = [name for name in NEEDED if not (folder / name).is_file()]
    status = 503 if lacking else 200
    return visit.show("reference.html", status=status, lacking=lacking)
