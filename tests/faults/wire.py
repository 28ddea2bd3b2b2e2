"""A TCP line to Redis that can be cut, delayed, half-opened, or lose answers."""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Callable
from typing import ClassVar

from tests.faults.town import Town


class Wire:
    """Listens where ours look for Redis, and passes bytes on as its mood allows."""

    moods: ClassVar[dict[int, "Wire"]] = {}
    HARMS: ClassVar[dict[str, Callable[[Town, random.Random], str]]]

    def __init__(self, town: Town) -> None:
        """Stand between a town and its Redis."""
        if town.redis is None:
            raise RuntimeError("this town has no Redis")
        self._target = town.redis.port
        self.mood = "fine"
        self._chance = random.Random(1)  # noqa: S311 (repeatable)
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.port = 0
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait(10)
        for member in town.members:
            member.environment["REDIS_URL"] = f"redis://127.0.0.1:{self.port}/0"
        Wire.moods[id(town)] = self

    def close(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        serve = asyncio.start_server(self._joined, "127.0.0.1", 0)
        server = self._loop.run_until_complete(serve)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _joined(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._pass(reader, there[1], answers=False),
            self._pass(there[0], writer, answers=True),
            return_exceptions=True,
        )

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.mood == "slow":
                    await asyncio.sleep(0.2)
                if self.mood == "resets" and self._chance.random() < 0.1:
                    writer.transport.abort()
                    break
                if self.mood == "half-open":
                    continue
                if self.mood == "loses answers" and answers:
                    break
                writer.write(data)
                await writer.drain()
        writer.close()


def _harm(mood: str) -> Callable[[Town, random.Random], str]:
    def act(town: Town, _chance: random.Random) -> str:
        wire = Wire.moods[id(town)]
        wire.mood = mood
        time.sleep(5.0)
        wire.mood = "fine"
        return "the line"

    return act


Wire.HARMS = {
    mood: _harm(mood) for mood in ("slow", "resets", "half-open", "loses answers")
}
