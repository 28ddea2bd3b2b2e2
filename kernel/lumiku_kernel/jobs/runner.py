"""The runner process: makes one item after another, and tells what becomes of it.

It is started by `jobs.runners` with one end of a socket. It owns no job: whatever it
says, the supervisor decides. When the socket closes, it ends.
"""

import json
import logging
import os
import queue
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from lumiku_contracts import (
    Item,
    Model,
    Output,
    Permanent,
    Refused,
    Result,
    TaskCancelled,
    Tier,
    Transient,
    Viewer,
)
from lumiku_kernel import logs
from lumiku_kernel.flags import evaluate
from lumiku_kernel.flags.openfeature import provide
from lumiku_kernel.flags.tally import Tally
from lumiku_kernel.jobs.artifacts import FULL
from lumiku_kernel.jobs.task import Engines, RunningTask, call_for, lay_down
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.plugins.context import resolve
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

LONGEST_RESULT = 64 * 1024
TOLD = ("request_id", "job", "plugin", "account")
"""Of an order, what its lines in the log have."""
_MODEL = TypeAdapter(Model)
log = logging.getLogger(__name__)


class Runner:
    """One process's state: what is loaded, and the order in hand."""

    def __init__(
        self,
        connection: Connection,
        settings: Settings,
        registry: Registry,
        store: Store,
    ) -> None:
        """Start to listen."""
        self._connection = connection
        self._near = settings.near
        self._registry = registry
        self._store = store
        self._engines = Engines(registry)
        self._tally = Tally()
        self._kept: dict[str, bool] = {}
        provide(self._judge)
        self._orders: queue.Queue[dict[str, Any]] = queue.Queue()
        self._cancelled = threading.Event()
        self._sending = threading.Lock()
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def say(self, message: dict[str, Any]) -> None:
        """Tell the supervisor."""
        text = logs.clean(json.dumps(message)).encode()
        try:
            with self._sending:
                self._connection.send_bytes(text)
        except OSError:
            os._exit(0)  # as below: there is nobody left to tell

    def work(self, warm: tuple[str, ...]) -> None:
        """Open the providers named, then run orders until the socket closes."""
        for name in warm:
            try:
                self._engines.named(name)
            except Exception:
                # A provider that cannot open fails the jobs that need it, not this.
                log.exception("the provider %s did not open", name)
        self.say({"op": "ready"})
        while True:
            order = self._orders.get()
            self._cancelled.clear()
            self._kept = order["flags"]
            logs.working_on(**{name: order[name] for name in TOLD})
            self.say(self._answer(order))
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
                message = json.loads(self._connection.recv_bytes())
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
        except TaskCancelled:
            return {"op": "failed", "kind": "cancelled"}
        except Transient as error:
            told = {"retry_after": error.retry_after, "cause": error.cause}
            return _failed("transient", "provider-busy", error.detail, **told)
        except (Permanent, Refused) as error:
            return _failed("permanent", error.code, error.detail)
        except ValidationError as error:
            return _failed("permanent", "input-outdated", str(error)[:500])
        except (Exception, SystemExit) as error:
            return _fault(error)

    def _make(self, order: dict[str, Any]) -> dict[str, Any]:
        worker = self._registry.worker(order["plugin"], order["worker"])
        if worker is None:
            raise Permanent("worker-gone", f"{order['plugin']} has no such worker now.")
        accepts: type[BaseModel] = worker.accepts
        viewer = Viewer(order["account"], Tier[order["tier"].upper()])
        call = call_for(order, self._registry, self._store, viewer, self._tally)
        task = RunningTask(
            order=order,
            call=call,
            given=accepts.model_validate_json(json.dumps(order["input"])),
            model=_MODEL.validate_python(order["model"]),
            engines=self._engines,
            say=self.say,
            is_cancelled=self._cancelled.is_set,
            near=self._near,
        )
        place = order["item"]
        item = Item(place["index"], place["label"], place["data"])
        try:
            made = resolve(worker.run)(task, item)
        finally:
            call.close()
        return _sorted_out(made, Path(order["folder"]), order)


def _sorted_out(made: Any, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    outputs = (made,) if isinstance(made, Output | Result) else tuple(made)
    result = next((one for one in outputs if isinstance(one, Result)), None)
    files = [one for one in outputs if isinstance(one, Output)]
    told = [dict(result.data) if result else {}, *(dict(one.meta) for one in files)]
    if max(len(json.dumps(each, allow_nan=False)) for each in told) > LONGEST_RESULT:
        raise Permanent("result-too-large", "A result has at most 64 KiB.")
    stem = f"{order['job']}-{order['epoch']}-{order['item']['index']}"
    return {
        "outputs": [
            lay_down(output, folder, f"{stem}-{position}")
            for position, output in enumerate(files)
        ],
        "result": dict(result.data) if result else None,
    }


def _fault(error: BaseException) -> dict[str, Any]:
    """There is no room for what was made, or it is the plugin's bug."""
    if isinstance(error, OSError) and error.errno in FULL:
        return _failed("room", "disk-full", _said(error))
    return _failed("bug", "plugin-error", _said(error), trace=_trace())


def _said(error: BaseException) -> str:
    """The exception in a line, even if it cannot be printed."""
    try:
        return logs.clean(f"{type(error).__name__}: {error}")[:500]
    except Exception:
        return type(error).__name__


def _trace() -> str:
    try:
        return traceback.format_exc()
    except Exception:
        return "no trace: the exception cannot be printed"


def _failed(kind: str, code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"op": "failed", "kind": kind, "code": code, "detail": detail, **more}


def main() -> None:
    """Run as `python -m lumiku_kernel.jobs.runner FD [PROVIDER …]`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a stop is for the supervisor to manage
    connection = Connection(int(sys.argv[1]))
    settings = Settings()
    logs.start("runner", settings)
    logs.take_prints()
    store = Store(settings.database)
    Runner(connection, settings, load(settings, store), store).work(tuple(sys.argv[2:]))


if __name__ == "__main__":
    main()
