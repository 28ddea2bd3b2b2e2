"""Is the process alive, can it serve, and how is everything."""

import time
from importlib.metadata import version
from typing import Any

from starlette.responses import JSONResponse

from lumiku_kernel.doctor import page_of, ready, stops
from lumiku_kernel.errors import Finding
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

_STARTED = time.time()


async def livez(context: Context) -> JSONResponse:
    """The process answers."""
    del context
    return JSONResponse({"status": "alive"})


def _failing(context: Context) -> list[Finding]:
    host = context.site.host
    found = ready(host.settings, host.store, host.watch.snapshot)
    return [one for one in found if one.level != "ok"]


def readyz(context: Context) -> JSONResponse:
    """200 when it can serve, else 503; either names the checks that fail."""
    failing = _failing(context)
    halted = stops(failing)
    content = {
        "status": "not-ready" if halted else "ready",
        "failing": [_told(one) for one in failing],
    }
    return JSONResponse(content, 503 if halted else 200)


def health(context: Context) -> JSONResponse:
    """Version, epoch, plugins and processes."""
    failing = _failing(context)
    halted = stops(failing)
    snapshot = context.snapshot
    content: dict[str, Any] = {
        "status": "not-ready" if halted else "degraded" if failing else "healthy",
        "version": version("lumiku-kernel"),
        "up_seconds": round(time.time() - _STARTED, 1),
        "epoch": snapshot.configuration.epoch,
        "plugins": [
            {"id": one.id, "version": one.version, "state": one.state, "code": one.code}
            for one in snapshot.configuration.plugins.values()
        ],
        "processes": {
            role: len(snapshot.presence.alive(role)) for role in ("server", "worker")
        },
        "failing": [_told(one) for one in failing],
    }
    return JSONResponse(content, 503 if halted else 200)


def _told(one: Finding) -> dict[str, str]:
    told = {"check": one.check, "level": one.level, "cause": one.cause}
    return told | {"fix": one.fix, "see": page_of(one.check)}


ENDPOINTS = (
    Endpoint("GET", "/livez", livez, "public", tag="health"),
    Endpoint("GET", "/readyz", readyz, "public", tag="health"),
    Endpoint("GET", "/health", health, "public", tag="health"),
)
