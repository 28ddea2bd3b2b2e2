"""An app whose work goes wrong exactly as the request says; it keeps a diary.

The diary, a folder named by TRIAL_DIARY, is the tests' own witness: it says how often
each item was begun, without asking the kernel.
"""

import logging
import os
import time
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings

from lumiku_contracts import (
    Free,
    Item,
    ItemSpec,
    Model,
    Output,
    Permanent,
    Plugin,
    Provider,
    Result,
    Task,
    TaskCancelled,
    Tier,
    Transient,
    Worker,
    hookimpl,
)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060600000000500"
    "01a5f645400000000049454e44ae426082"
)
Fault = Literal[
    "none",
    "transient-once",
    "transient",
    "permanent",
    "bug",
    "exit",
    "exit-once",
    "hang",
    "unsayable",
    "remote",
    "leak",
]
"""Beside them, the ills of `lumiku_trial_ills`."""


class Press(BaseSettings):
    """What the app is told in confidence."""

    key: SecretStr | None = None


class Ask(BaseModel):
    """What to make, and what shall go wrong at the item `at`."""

    model_config = ConfigDict(extra="forbid")

    items: int = Field(default=1, ge=0, le=1000)
    seconds: float = Field(default=0.0, ge=0, le=600)
    steps: int = Field(default=0, ge=0, le=100)
    fault: Fault = "none"
    at: int = 0
    deaf: bool = False
    result: Literal["none", "alone", "beside", "vast"] = "none"
    media_type: str = "text/plain"
    retry_after: float | None = None
    ill: str = ""
    made: str = ""


def items(ask: Ask) -> tuple[ItemSpec, ...]:
    """As many as were asked for, numbered."""
    return tuple(ItemSpec(f"piece {n}", {"n": n}) for n in range(ask.items))


def write(task: Task[Ask], item: Item) -> Output | Result | tuple[Output | Result, ...]:
    """One piece of text, unless something is to go wrong."""
    ask = task.input
    begun = _begun(task.key)
    if item.index == ask.at and ask.ill:
        import_module("lumiku_trial_ills").ILLS[ask.ill](task)
    if item.index == ask.at and ask.made:
        made: tuple[Output, ...] = import_module("lumiku_trial_ills").MADE[ask.made]
        return made
    if item.index == ask.at:
        _go_wrong(ask, begun)
    _take_time(task)
    text = f"{task.key} {'x' * 2000} the end\n".encode()
    content = PIXEL if ask.media_type == "image/png" else text
    output = Output(content, ask.media_type, kind="image", width=1, height=1)
    if ask.result == "alone":
        return Result({"item": item.index})
    if ask.result == "beside":
        return output, Result({"item": item.index})
    if ask.result == "vast":
        return output, Result({"item": "x" * 100_000})
    return output


def _begun(key: str) -> int:
    """Write in the diary that an item is begun; how often it has been, with now."""
    folder = os.environ.get("TRIAL_DIARY")
    if folder is None:
        return 1
    path = Path(folder) / key.replace(":", "-")
    with path.open("a") as diary:
        diary.write(f"{os.getpid()}\n")
    return len(path.read_text().splitlines())


def _go_wrong(ask: Ask, begun: int) -> None:
    if ask.fault == "transient" or (ask.fault == "transient-once" and begun == 1):
        raise Transient("The engine is busy.", retry_after=ask.retry_after)
    if ask.fault == "permanent":
        raise Permanent("not-this-one", "This piece cannot be made.")
    if ask.fault == "bug":
        raise ZeroDivisionError("a bug in the app")
    if ask.fault == "exit" or (ask.fault == "exit-once" and begun == 1):
        os._exit(7)
    if ask.fault == "remote":
        _call()
    if ask.fault == "hang":
        time.sleep(600)
    if ask.fault == "unsayable":
        raise UnsayableError
    if ask.fault == "leak":
        _leak()


def _leak() -> None:
    """Say what was told in confidence, wherever there is room."""
    said = " ".join(value for value in os.environ.values() if "canary" in value)
    print(said)  # noqa: T201
    logging.getLogger("press").warning("the key is %s", said)
    raise Permanent("press-refused", f"the press says: not with {said}")


def _call() -> None:
    """Ask the remote side named by TRIAL_REMOTE, as a provider would."""
    connection = HTTPConnection(os.environ["TRIAL_REMOTE"], timeout=0.5)
    try:
        connection.request("POST", "/")
        status = connection.getresponse().status
    except TimeoutError as error:
        raise Transient("It did not answer in time.", cause="timeout") from error
    finally:
        connection.close()
    if status in (401, 402, 403):
        raise Transient(f"It says {status}.", cause="key")
    if status >= 500:
        raise Transient(f"It says {status}.", retry_after=0.1)


class UnsayableError(Exception):
    """An exception that cannot even be printed."""

    def __str__(self) -> str:
        """Fails."""
        raise RuntimeError("no words")


def _take_time(task: Task[Ask]) -> None:
    ask = task.input
    steps = ask.steps or 1
    for step in range(steps):
        until = time.monotonic() + ask.seconds / steps
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.02))
            if task.cancelled and not ask.deaf:
                raise TaskCancelled
        if ask.steps:
            task.progress((step + 1) / steps, f"step {step + 1}")


def fall(task: Task[Ask], item: Item) -> Output:
    """Say less progress after more."""
    del item
    for fraction in (0.9, 0.1, 0.5):
        task.progress(fraction)
        time.sleep(0.7)
    return Output(b"done", "text/plain")


def open_engine(settings: Any) -> object:
    """An engine that does nothing."""
    del settings
    return object()


@hookimpl
def lumiku_plugin() -> Plugin:
    """Declare the app."""
    run = "lumiku_trial:write"
    return Plugin(
        id="trial",
        name="Trial",
        summary="Goes wrong as it is told to.",
        settings=Press,
        models=(
            Model("plain", provider="trial-engine", price=1),
            Model("dear", provider="trial-engine", price=7),
            Model("royal", provider="trial-engine", price=1, tier=Tier.ENTERPRISE),
            Model("gift", provider="trial-engine", price=Free),
        ),
        providers=(
            Provider("trial-engine", open="lumiku_trial:open_engine", offers=("text",)),
        ),
        workers=(
            Worker("write", accepts=Ask, run=run, items=items),
            Worker("hasty", accepts=Ask, run=run, items=items, timeout=1.0),
            Worker("fall", accepts=Ask, run="lumiku_trial:fall", items=items),
        ),
    )
