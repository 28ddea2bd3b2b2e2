"""Does something again and again, in a thread of its own."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def every(
    seconds: float,
    stopped: threading.Event,
    name: str,
    act: Callable[[], None],
    excused: Callable[[Exception], bool] = lambda _: False,
) -> threading.Thread:
    """A thread that does `act` each `seconds` until `stopped`.

    A failure is logged, unless it is `excused`: then somebody else has told of it.
    """

    def loop() -> None:
        while not stopped.wait(seconds):
            try:
                act()
            except Exception as error:
                if excused(error):
                    continue
                log.exception("%s failed; it is tried again", name)

    thread = threading.Thread(target=loop, name=name, daemon=True)
    thread.start()
    return thread
