"""The server process: hypercorn, told when to stop by us."""

import asyncio
import gc
import logging

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from lumiku_kernel import newcomers
from lumiku_kernel.jobs.host import Host, when_told
from lumiku_kernel.settings import Settings
from lumiku_kernel.web import connection
from lumiku_kernel.web.app import build

COLLECTED = (10_000, 20, 100)
"""Objects made, and collections of the younger, before one of each generation."""

log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until told to stop; open streams are closed first, then requests end."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def tell() -> None:
        loop.call_soon_threadsafe(told.set)

    when_told(tell)
    connection.use()
    host = Host(settings, "server")
    log.info("%s", newcomers.told(settings))
    app = build(host)
    hub = app.state.site.hub
    _collect_rarely()

    async def stop() -> None:
        await told.wait()
        hub.stop()
        await asyncio.sleep(0.2)  # for sockets to say goodbye

    await hypercorn_serve(app, _config(settings), shutdown_trigger=stop)  # type: ignore[arg-type]


def _collect_rarely() -> None:
    """Leave what stays for ever out of garbage collections, and hold fewer of them.

    A full one stops every request and every event: with many sockets open, for most of
    a second. Nearly all garbage is gone before, by counting or while it is young.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def _config(settings: Settings) -> Config:
    config = Config()
    config.bind = [f"{settings.host}:{settings.port}"]
    config.graceful_timeout = settings.stop_seconds
    config.include_server_header = False
    config.websocket_max_message_size = 64 * 1024
    config.websocket_ping_interval = connection.PING_SECONDS
    config.keep_alive_timeout = 20.0
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
