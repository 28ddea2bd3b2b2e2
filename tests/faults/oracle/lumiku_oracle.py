"""An app whose pictures come from the fake provider, and carry what was asked for.

Each item's nonce goes into its prompt; the provider writes it into the picture. So a
picture says by itself whose it is, without the kernel's word.
"""

import os
import time
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from lumiku_contracts import (
    Item,
    ItemSpec,
    Model,
    Output,
    Permanent,
    Plugin,
    Provider,
    Task,
    TaskCancelled,
    Transient,
    Worker,
    hookimpl,
)
from lumiku_contracts.images import ImageRequest, ImageResult, Picture

PNG = b"\x89PNG\r\n\x1a\n"
SIDE = 64
BUSY = frozenset({429, 500, 502, 503, 504})
LARGEST = 5_000_000


class OracleSettings(BaseSettings):
    """Where the fake provider is."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    url: str = Field(validation_alias="ORACLE_URL")
    key: str = Field("hf_fake", validation_alias="ORACLE_KEY")


class Ask(BaseModel):
    """A picture for each nonce."""

    model_config = ConfigDict(extra="forbid")

    nonces: tuple[str, ...] = Field(min_length=1, max_length=20)
    delay: float = Field(default=0.0, ge=0, le=60)
    mode: str = ""
    """How the provider shall misbehave; empty: as it does to everybody."""
    crash: Literal["none", "exit", "memory"] = "none"


def items(ask: Ask) -> tuple[ItemSpec, ...]:
    """One for each nonce."""
    return tuple(ItemSpec(nonce, {"nonce": nonce}) for nonce in ask.nonces)


def paint(task: Task[Ask], item: Item) -> Output:
    """Have the provider make a picture of a nonce."""
    ask = task.input
    if ask.crash == "exit":
        os._exit(1)
    if ask.crash == "memory":
        _eat()
    words = [f"a square nonce={item.data['nonce']} delay={ask.delay}"]
    if ask.mode:
        words.append(f"mode={ask.mode}")
    made = task.generate(ImageRequest(size=(SIDE, SIDE), prompt=" ".join(words)))
    picture = made.picture
    return Output(
        picture.content,
        picture.media_type,
        kind="image",
        width=picture.width,
        height=picture.height,
    )


def _eat() -> None:
    """Take memory until somebody says no."""
    eaten = []
    while True:
        eaten.append(bytearray(16 * 1024 * 1024))
        time.sleep(0.005)


class Remote:
    """Speaks to the provider as a plugin of average care would."""

    def __init__(self, settings: OracleSettings) -> None:
        """Connects when asked."""
        self._url = f"{settings.url}/hf-inference/models/fake/painter"
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {settings.key}"},
            timeout=httpx.Timeout(60, connect=5),
            trust_env=False,
        )

    def generate(
        self, request: ImageRequest, *, progress: Any, cancelled: Any
    ) -> ImageResult:
        """One picture, or `Transient`, or `Permanent`."""
        progress(0.1, "asking")
        width, height = request.size
        body = {
            "inputs": request.prompt,
            "parameters": {"width": width, "height": height},
        }
        content = bytearray()
        try:
            with self._client.stream("POST", self._url, json=body) as answer:
                _judge(answer)
                for part in answer.iter_bytes():
                    content += part
                    if cancelled():
                        raise TaskCancelled
                    if len(content) > LARGEST:
                        raise Permanent("provider-answer", "The answer is too large.")
        except httpx.HTTPError as error:
            raise Transient(f"The provider could not be asked: {error!r}") from error
        if not content.startswith(PNG):
            raise Transient("The provider's answer is no picture.")
        progress(0.9, "received")
        return ImageResult(Picture(bytes(content), "image/png", width, height))


def _judge(answer: httpx.Response) -> None:
    if answer.status_code in BUSY:
        after = answer.headers.get("retry-after")
        raise Transient(
            f"The provider says {answer.status_code}.",
            retry_after=float(after) if after else None,
        )
    if answer.status_code != httpx.codes.OK:
        detail = f"The provider says {answer.status_code}."
        raise Permanent("provider-refused", detail)


def open_remote(settings: OracleSettings) -> Remote:
    """The provider, as the kernel opens it."""
    return Remote(settings)


@hookimpl
def lumiku_plugin() -> Plugin:
    """Declare the app."""
    run = "lumiku_oracle:paint"
    return Plugin(
        id="oracle",
        name="Oracle",
        summary="Its pictures say where they come from.",
        models=(Model("painter", provider="oracle-remote", price=3),),
        providers=(
            Provider(
                "oracle-remote",
                open="lumiku_oracle:open_remote",
                offers=("images",),
                settings=OracleSettings,
                cost="io",
            ),
        ),
        workers=(
            Worker("paint", Ask, run, items=items, attempts=8, timeout=60),
            Worker("hasty", Ask, run, items=items, attempts=3, timeout=3),
        ),
    )
