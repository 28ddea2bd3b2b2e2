"""The pages' routes: files, account, dashboard, apps, jobs, reference."""

from os import PathLike

from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.context import Site
from lumiku_kernel.web.pages import (
    account,
    apps,
    dashboard,
    jobs,
    keys,
    reference,
)
from lumiku_kernel.web.pages import (
    credits as purse,
)
from lumiku_kernel.web.pages import webhooks as hooks
from lumiku_kernel.web.pages.looks import STATIC, environment, folders
from lumiku_kernel.web.pages.visit import Visit, page


def routes(site: Site) -> list[BaseRoute]:
    """Every page; the last one answers what is nowhere."""
    registry = site.host.registry
    looks = environment(registry, metered=not site.host.settings.free)
    lost = page(looks, "/{path:path}", _lost, public=True)
    return [
        *(
            Mount(f"/static/apps/{ident}", Files(directory=folder))
            for ident, folder in folders(registry, "static")
        ),
        Mount("/static", Files(directory=STATIC)),
        page(looks, "/login", account.show_login, public=True),
        page(looks, "/login", account.login, method="POST", public=True),
        page(looks, "/register", account.show_register, public=True),
        page(looks, "/register", account.register, method="POST", public=True),
        page(looks, "/logout", account.logout, method="POST", public=True),
        page(looks, "/sign-in/{token}", account.show_sign_in, public=True),
        page(looks, "/sign-in/{token}", account.sign_in, method="POST", public=True),
        page(looks, "/account", account.show),
        page(looks, "/account/keys", keys.show),
        page(looks, "/account/keys", keys.add, method="POST"),
        page(looks, "/account/keys/change", keys.change, method="POST"),
        page(looks, "/account/webhooks", hooks.show),
        page(looks, "/account/webhooks", hooks.add, method="POST"),
        page(looks, "/account/webhooks/change", hooks.change, method="POST"),
        page(looks, "/credits", purse.show),
        page(looks, "/account/password", account.set_password, method="POST"),
        page(looks, "/account/sign-out", account.sign_out, method="POST"),
        page(looks, "/", dashboard.show),
        page(looks, "/jobs", jobs.show_all),
        page(looks, "/jobs/{job_id}", jobs.show_one),
        page(looks, "/docs", reference.show, public=True),
        *apps.pages(registry, looks),
        Elsewhere(lost.path, lost.endpoint),
    ]


class Files(StaticFiles):
    """Files that a browser keeps, and asks about before it uses them again."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: object,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or 304."""
        answer = super().file_response(full_path, stat_result, scope, status_code)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class Elsewhere(Route):
    """What no page is at; the API's paths keep their own answers, 405 among them."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what a browser may ask for."""
        if scope.get("path", "").startswith(("/api/", "/static/")):
            return Match.NONE, {}
        match, child = super().matches(scope)
        return (match, child) if match == Match.FULL else (Match.NONE, {})


def _lost(_visit: Visit) -> Response:
    raise Problem(404, "not-found", "There is nothing here.")
