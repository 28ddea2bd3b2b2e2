"""The runner process: makes one item after another, and tells what becomes of it.

It is started by `jobs.runners` with one end of a socket. It owns no job: whatever it
says, the supervisor decides. When the socket closes, it ends.
"""

import json
import logging
import math
import os
import queue
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from lumiku_contracts import (
    Item,
    Permanent,
    Refused,
    TaskCancelled,
    Tier,
    Transient,
    Viewer,
)
from lumiku_kernel import logs, outbound, traces
from lumiku_kernel.flags import evaluate
from lumiku_kernel.flags.openfeature import provide
from lumiku_kernel.flags.tally import Tally
from lumiku_kernel.jobs.agreed import agreed
from lumiku_kernel.jobs.artifacts import FULL
from lumiku_kernel.jobs.outputs import Spoilt, sorted_out
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.task import Engines, NotOpened, RunningTask, Say, call_for
from lumiku_kernel.jobs.wire import Wire
from lumiku_kernel.limits import confine, of_runner
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.plugins.context import resolve
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

TOLD = ("request_id", "job", "plugin", "account")
"""Of an order, what its lines in the log have."""
CAUSES = ("busy", "timeout", "key")
LONGEST_TRACE = 20_000
log = logging.getLogger(__name__)


class Runner:
    """One process's state: what is loaded, and the order in hand."""

    def __init__(
        self,
        wire: Wire,
        settings: Settings,
        registry: Registry,
        store: Store,
    ) -> None:
        """Start to listen."""
        self._wire = wire
        self._shelf = shelf_of(settings)
        self._near = settings.near
        self._most = settings.output_max_mb * 1024 * 1024
        self._registry = registry
        self._store = store
        self._watched = WatchedStore(store, self.say)
        self._engines = Engines(registry)
        self._tally = Tally()
        self._kept: dict[str, bool] = {}
        provide(self._judge)
        self._orders: queue.Queue[dict[str, Any]] = queue.Queue()
        self._cancelled = threading.Event()
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def say(self, message: dict[str, Any]) -> None:
        """Tell the supervisor."""
        try:
            self._wire.say(message)
        except OSError:
            os._exit(0)  # as below: there is nobody left to tell

    def work(self, warm: tuple[str, ...]) -> None:
        """Open the providers named, then run orders until the socket closes."""
        for name in warm:
            self.say({"op": "opening", "provider": name})
            try:
                self._engines.named(name)
            except Permanent as lacking:
                log.warning("%s: %s", name, lacking.detail)
                why = {"reason": lacking.detail[:500], "fix": (lacking.fix or "")[:300]}
                self.say({"op": "unopened", "provider": name, **why})
            except Exception as error:
                # A provider that cannot open fails the jobs that need it, not this.
                log.exception("the provider %s did not open", name)
                cause = _said(error.__cause__ or error)
                self.say({"op": "unopened", "provider": name, "reason": cause})
        self.say({"op": "ready"})
        while True:
            order = self._orders.get()
            self._cancelled.clear()
            self._kept = order["flags"]
            logs.working_on(**{name: order[name] for name in TOLD})
            about = {"app": order["plugin"], "worker": order["worker"]}
            about |= {"job": order["job"], "item": order["item"]["index"]}
            with traces.span("item", parent=order["traceparent"], **about):
                answer = self._answer(order)
                traces.note(error=answer.get("code"))
            self.say(answer)
            self._write_tally()

    def _judge(self, key: str, _viewer: Viewer, default: bool) -> evaluate.Result:
        """By what the job in hand has kept, whoever is named."""
        if key not in self._kept:
            return evaluate.Result(key, default, "FLAG_NOT_FOUND")
        self._tally.count(key)
        return evaluate.Result(key, self._kept[key], "CACHED")

    def _write_tally(self) -> None:
        try:
            self._tally.write(self._store)
        except Exception:
            log.exception("the flags asked could not be counted; they are later")

    def _listen(self) -> None:
        while True:
            try:
                message = self._wire.hear(None) or {}
            except (EOFError, OSError):
                os._exit(0)  # the supervisor is gone; what is in hand is nobody's
            if message["op"] == "cancel":
                self._cancelled.set()
            else:
                self._orders.put(message)

    def _answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Run one item; whatever it raises becomes an answer."""
        try:
            return {"op": "done", **self._make(order)}
        except (Exception, SystemExit) as error:
            return _fault(error)

    def _make(self, order: dict[str, Any]) -> dict[str, Any]:
        worker = self._registry.worker(order["plugin"], order["worker"])
        if worker is None:
            raise Permanent("worker-gone", f"{order['plugin']} has no such worker now.")
        accepts: type[BaseModel] = worker.accepts
        viewer = Viewer(order["account"], Tier[order["tier"].upper()])
        call = call_for(order, self._registry, self._watched, viewer, self._tally)
        task = RunningTask(
            order=order,
            call=call,
            asked=_asked(accepts, order["input"]),
            model=agreed(order["model"], order["model"]["price"]),
            engines=self._engines,
            say=self.say,
            is_cancelled=self._cancelled.is_set,
            shelf=self._shelf,
            near=self._near,
        )
        place = order["item"]
        item = Item(place["index"], place["label"], place["data"])
        try:
            made = resolve(worker.run)(task, item)
        finally:
            call.close()
        stem = f"{order['job']}-{order['epoch']}-{item.index}"
        return sorted_out(made, Path(order["folder"]), stem, self._most)


class WatchedStore(Store):
    """A store whose writes the supervisor knows of, so that it can cut long ones."""

    def __init__(self, store: Store, say: Say) -> None:
        """The same database, by the same connections."""
        self.__dict__.update(store.__dict__)
        self._say = say

    @contextmanager
    def write(self, *, quiet: bool = False) -> Iterator[Session]:
        """A transaction, as in `Store`."""
        try:
            with super().write(quiet=quiet) as session:
                self._say({"op": "writing"})
                yield session
        finally:
            self._say({"op": "written"})


def _asked(accepts: type[BaseModel], given: Any) -> BaseModel:
    """What was asked for, which an older version of the plugin may have accepted."""
    try:
        return accepts.model_validate_json(json.dumps(given))
    except ValidationError as error:
        raise Permanent("input-outdated", str(error)[:500]) from error


def _fault(error: BaseException) -> dict[str, Any]:
    """What was raised, as an answer."""
    match error:
        case TaskCancelled():
            answer: dict[str, Any] = {"op": "failed", "kind": "cancelled"}
        case Transient(detail=detail, retry_after=after, cause=cause):
            asked: dict[str, Any] = {"retry_after": after, "cause": cause}
            answer = _failed("transient", "provider-busy", detail, **asked)
        case Refused(code=code, detail=detail, fix=fix):
            # An item that failed has one sentence; the way out belongs to it.
            answer = _failed("permanent", code, f"{detail} {fix}" if fix else detail)
        case Permanent(code=code, detail=detail):
            answer = _failed("permanent", code, detail)
        case outbound.Refusal(code=code, detail=detail):
            answer = _failed("permanent", code, detail)
        case httpx.TransportError():
            detail = f"A server elsewhere did not answer well: {type(error).__name__}."
            late = isinstance(error, httpx.TimeoutException)
            told = {"cause": "timeout" if late else "busy", "trace": _trace()}
            answer = _failed("transient", "provider-busy", detail, **told)
        case MemoryError():
            answer = _failed("permanent", "runner-memory", "An item took all memory.")
        case OSError(errno=number) if number in FULL:
            answer = _failed("room", "disk-full", _said(error))
        case Spoilt(code=code) | NotOpened(code=code):
            answer = _failed("bug", code, str(error), trace=_trace())
        case _:
            answer = _failed("bug", "plugin-error", _said(error), trace=_trace())
    return answer


def _said(error: BaseException) -> str:
    """The exception in a line, even if it cannot be printed."""
    try:
        return logs.clean(f"{type(error).__name__}: {error}")[:500]
    except Exception:
        return type(error).__name__


def _trace() -> str:
    try:
        return traceback.format_exc()[-LONGEST_TRACE:]
    except Exception:
        return "no trace: the exception cannot be printed"


def _failed(kind: str, code: str, detail: str, **more: Any) -> dict[str, Any]:
    after = more.pop("retry_after", None)
    if isinstance(after, int | float) and 0 <= after < math.inf:
        more["retry_after"] = float(after)
    if more.get("cause") not in CAUSES:
        more.pop("cause", None)
    words = {"code": str(code)[:100], "detail": str(detail)[:2000]}
    return {"op": "failed", "kind": kind, **words, **more}


def main() -> None:
    """Run as `python -m lumiku_kernel.jobs.runner FD PARENT [PROVIDER …]`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a stop is for the supervisor to manage
    settings = Settings()
    logs.start("runner", settings)
    traces.start("runner", settings)
    logs.take_prints()
    store = Store(settings.database)
    memory = settings.runner_memory_limit_mb * 1024 * 1024
    confine(of_runner(memory, store.path), parent=int(sys.argv[2]))
    end = socket.socket(fileno=int(sys.argv[1]))
    end.set_inheritable(False)
    runner = Runner(Wire(end, clean=logs.clean), settings, load(settings, store), store)
    runner.work(tuple(sys.argv[3:]))


if __name__ == "__main__":
    main()
