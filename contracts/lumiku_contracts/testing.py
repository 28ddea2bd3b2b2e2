"""What authors test with: a task and a provider that remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel

from lumiku_contracts.errors import NotFound
from lumiku_contracts.images import (
    Cancelled,
    Capabilities,
    ImageRequest,
    ImageResult,
    Picture,
    Progress,
)
from lumiku_contracts.plugin import Model
from lumiku_contracts.words import Tier
from lumiku_contracts.work import Viewer

Input = TypeVar("Input", bound=BaseModel)
# The smallest PNG: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a4944415478da6368000000820081da45083b000000"
    "0049454e44ae426082"
)


@dataclass
class FakeResources:
    """A resource door over a dictionary."""

    kind: str
    things: Mapping[str, Any]

    def get(self, ident: str) -> Any:
        """The thing, or raise `NotFound`."""
        if ident not in self.things:
            raise NotFound(self.kind, ident)
        return self.things[ident]

    def list(self) -> tuple[Any, ...]:
        """All of them."""
        return tuple(self.things.values())


@dataclass
class FakeProvider:
    """An image provider that answers with one pixel and keeps what it was asked."""

    asked: list[ImageRequest] = field(default_factory=list)

    def capabilities(self) -> Capabilities:
        """Anything goes."""
        return Capabilities(scene=True, prompt=True)

    def generate(
        self, request: ImageRequest, *, progress: Progress, cancelled: Cancelled
    ) -> ImageResult:
        """A grey pixel, said to be of the wanted size."""
        del cancelled
        self.asked.append(request)
        progress(1.0, "done")
        width, height = request.size
        meta = {
            "provider": "fake",
            "engine": "fake/1",
            "noise_seed": request.noise_seed,
        }
        return ImageResult(Picture(PIXEL, "image/png", width, height), meta=meta)


@dataclass
class FakeTask(Generic[Input]):
    """A task that remembers what it was told."""

    input: Input
    key: str = "job_test:0"
    model: Model = field(default_factory=lambda: Model("fake", price=1))
    viewer: Viewer = field(default_factory=lambda: Viewer("usr_test", Tier.FREE))
    settings: Any = None
    cancelled: bool = False
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    providers: Mapping[str, Any] = field(default_factory=dict)
    images: FakeProvider = field(default_factory=FakeProvider)
    flags: Mapping[str, bool] = field(default_factory=dict)
    open_session: Callable[[], Any] | None = None
    told: list[tuple[float, str]] = field(default_factory=list)
    job: str = "job_test"

    @property
    def http(self) -> httpx.Client:
        """A client that reaches nothing."""
        busy = httpx.MockTransport(lambda _: httpx.Response(503))
        return httpx.Client(transport=busy)

    def flag(self, key: str) -> bool:
        """As given, else off."""
        return self.flags.get(key, False)

    def progress(self, fraction: float, note: str = "") -> None:
        """Remember it."""
        self.told.append((fraction, note))

    def generate(self, request: ImageRequest) -> ImageResult:
        """Ask the fake provider."""
        return self.images.generate(
            request, progress=self.progress, cancelled=lambda: self.cancelled
        )

    def upload(self, ident: str) -> Any:
        """As given in `resources`, of the kind `upload`."""
        return self.resource("upload").get(ident)

    def artifact(self, ident: str) -> Any:
        """As given in `resources`, of the kind `artifact`."""
        return self.resource("artifact").get(ident)

    def provider(self, capability: str) -> Any:
        """As given."""
        return self.providers[capability]

    def resource(self, kind: str) -> FakeResources:
        """As given, else empty."""
        return FakeResources(kind, self.resources.get(kind, {}))

    def session(self) -> Any:
        """As given by `open_session`."""
        if self.open_session is None:
            raise RuntimeError("FakeTask(open_session=…) gives it a database")
        return self.open_session()
