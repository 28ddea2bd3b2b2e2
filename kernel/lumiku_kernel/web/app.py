"""The server's ASGI application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from lumiku_contracts import Tier
from lumiku_kernel.accounts.attempts import Attempts
from lumiku_kernel.accounts.identity import Identities
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.jobs.courier import Courier
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.jobs.told import Told
from lumiku_kernel.plugins import Registry
from lumiku_kernel.settings import Settings, listed
from lumiku_kernel.store import POOL
from lumiku_kernel.web import openapi
from lumiku_kernel.web.api import (
    account,
    admin,
    apps,
    auth,
    everybodys,
    farewell,
    files,
    flags,
    follow,
    health,
    jobs,
    metrics,
    people,
    purse,
    sessions,
    start,
    tiers,
    uploads,
    visibility,
    webhooks,
)
from lumiku_kernel.web.context import Site, context_of
from lumiku_kernel.web.endpoint import Endpoint, routes
from lumiku_kernel.web.hub import Hub
from lumiku_kernel.web.lane import Lanes
from lumiku_kernel.web.middleware.access import Access
from lumiku_kernel.web.middleware.bounds import Bounds
from lumiku_kernel.web.middleware.cors import Cors
from lumiku_kernel.web.middleware.envelope import Envelope
from lumiku_kernel.web.middleware.front import Front
from lumiku_kernel.web.middleware.identity import IdentityMiddleware, cookie_name
from lumiku_kernel.web.middleware.origin import OriginMiddleware
from lumiku_kernel.web.middleware.pace import Pace
from lumiku_kernel.web.pages import site as pages
from lumiku_kernel.web.plugin_routes import plugin_endpoints
from lumiku_kernel.web.problems import HANDLERS
from lumiku_kernel.web.proof import LOOK_SECONDS, Proof
from lumiku_kernel.web.rates import Rates
from lumiku_kernel.web.seats import Seats

KERNEL: tuple[Endpoint, ...] = (
    *health.ENDPOINTS,
    *metrics.ENDPOINTS,
    *auth.ENDPOINTS,
    *sessions.ENDPOINTS,
    *account.ENDPOINTS,
    *purse.ENDPOINTS,
    *farewell.ENDPOINTS,
    *apps.ENDPOINTS,
    *jobs.ENDPOINTS,
    *uploads.ENDPOINTS,
    *files.ENDPOINTS,
    *follow.ENDPOINTS,
    *admin.ENDPOINTS,
    *flags.ENDPOINTS,
    *people.ENDPOINTS,
    *everybodys.ENDPOINTS,
    *tiers.ENDPOINTS,
    *visibility.ENDPOINTS,
    *webhooks.ENDPOINTS,
)


def document(registry: Registry) -> dict[str, Any]:
    """The OpenAPI document of the kernel and of these plugins."""
    return openapi.build((*KERNEL, *plugin_endpoints(registry)), registry)


def build(host: Host) -> Starlette:
    """The application of a server process."""
    hub = Hub(host.store, host.bell)
    most = host.settings.followers_per_viewer, host.settings.followers_per_address
    seats = Seats(*most)
    pepper(host.settings)  # made, or refused, before anybody asks
    site = Site(
        host,
        Identities(host.store),
        hub,
        Lanes(host.registry.ready),
        seats,
        Attempts(host.store, lambda: pepper(host.settings)),
    )
    plugins = tuple(plugin_endpoints(host.registry))
    described = document(host.registry)

    async def show_document(_request: Request) -> JSONResponse:
        return JSONResponse(described)

    # A plugin's own routes come before the kernel's patterns, which would match them.
    found: list[BaseRoute] = [
        *routes(plugins, context_of),
        *routes(KERNEL, context_of),
        *routes(start.ENDPOINTS, context_of),
        *follow.SOCKETS,
        Route("/openapi.json", show_document),
        *pages.routes(site),
    ]
    settings = host.settings
    app = Starlette(
        routes=found,
        middleware=[
            Middleware(Access),
            Middleware(Envelope, https=settings.url.startswith("https://")),
            Middleware(
                Front,
                hosts=settings.known_hosts,
                by_address=settings.public_url is None,
                proxies=listed(settings.proxies),
            ),
            *_shared(settings),
            Middleware(
                Bounds,
                most=settings.max_body_bytes,
                of_paths={"/api/uploads": settings.max_upload_bytes},
            ),
            Middleware(
                IdentityMiddleware,
                identities=site.identities,
                cookie=cookie_name(secure=settings.cookies_are_secure),
            ),
            *_paced(host),
            Middleware(OriginMiddleware, public_url=settings.url),
        ],
        exception_handlers=HANDLERS,
        lifespan=_lifespan,
    )
    app.state.site = site
    return app


def _shared(settings: Settings) -> list[Middleware]:
    """Where other sites' pages may use the API, that they may."""
    origins = frozenset(listed(settings.cors_origins))
    return [Middleware(Cors, origins=origins)] if origins else []


def _paced(host: Host) -> list[Middleware]:
    """The bounds on how often somebody asks, unless the operator has none."""
    if host.settings.rate_limits == "off":
        return []

    def per_minute(tier: Tier) -> int | None:
        return host.tiers.of(tier).per_minute

    return [Middleware(Pace, rates=Rates(host.settings.redis), per_minute=per_minute)]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Start what the process needs, and stop it in the opposite order."""
    site: Site = app.state.site
    # As many threads as there are connections: none waits for the other.
    anyio.to_thread.current_default_thread_limiter().total_tokens = POOL
    await asyncio.to_thread(site.host.start)
    Told(site.host).start()
    courier = Courier(site.host.settings, site.host.store)
    courier.start()
    site.host.at_end(courier.stop)
    site.host.every(0.5, "identities", site.identities.follow)
    site.host.every(30, "seen", site.identities.note)
    site.host.every(LOOK_SECONDS, "verify", Proof(site.host).look)
    site.host.at_end(site.identities.note)
    reading = asyncio.create_task(site.hub.run())
    yield
    reading.cancel()
    await asyncio.to_thread(site.host.stop)
