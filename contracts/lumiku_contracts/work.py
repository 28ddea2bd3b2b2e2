"""What a worker is given, and what it makes."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import httpx
from pydantic import BaseModel

from lumiku_contracts.images import (
    ArtifactId,
    ImageRequest,
    ImageResult,
    Made,
    Picture,
    UploadId,
)
from lumiku_contracts.plugin import Model
from lumiku_contracts.words import Tier

Input_co = TypeVar("Input_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking; `id` is None for somebody who has not signed in."""

    id: str | None
    tier: Tier = Tier.FREE
    role: str = "user"

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is."""
        return self.id is not None

    @property
    def is_operator(self) -> bool:
        """Whether they run this kernel."""
        return self.role == "operator"


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One picture of a batch: a label for people, and JSON that `run` gets back."""

    label: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """An `ItemSpec` in its place; `index` counts from 0."""

    index: int
    label: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What one item costs for one reason, in credits."""

    item: int
    label: str
    credits: int


@dataclass(frozen=True, slots=True)
class Output:
    """One file made. `kind` is `image`, `thumbnail`, `export` or `map-<kind>`."""

    content: bytes
    media_type: str
    kind: str = "image"
    meta: Mapping[str, Any] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """JSON of at most 64 KiB, shown as `job.result`."""

    data: Mapping[str, Any]


class ResourceDoor(Protocol):
    """The things of one kind that this viewer may use, whoever keeps them."""

    def get(self, ident: str) -> Any:
        """The thing, or raise `NotFound`; its use is recorded."""
        ...

    def list(self) -> tuple[Any, ...]:
        """All of them."""
        ...


class Call(Protocol):
    """What a route, page, check or resource function is given."""

    viewer: Viewer
    settings: Any
    request_id: str

    def flag(self, key: str) -> bool:
        """Whether one of the plugin's flags is on for this viewer."""
        ...

    def session(self) -> AbstractContextManager[Any]:
        """A short write transaction on the plugin's own tables (a SQLModel session)."""
        ...

    def read(self) -> AbstractContextManager[Any]:
        """A read-only session on the plugin's own tables."""
        ...

    def resource(self, kind: str) -> ResourceDoor:
        """The resources of a kind that the plugin declared to use."""
        ...


class Task(Protocol, Generic[Input_co]):
    """A job seen from inside `run`, which may be called twice for the same item."""

    @property
    def key(self) -> str:
        """The same for every call with this item, and for no other item anywhere."""
        ...

    @property
    def job(self) -> str:
        """The id of the job, as `GET /api/jobs/{id}` has it."""
        ...

    @property
    def input(self) -> Input_co:
        """The accepted request."""
        ...

    @property
    def viewer(self) -> Viewer:
        """Whose job it is."""
        ...

    @property
    def model(self) -> Model:
        """The model that the viewer chose."""
        ...

    @property
    def settings(self) -> Any:
        """The plugin's settings."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether the job is no longer wanted; ask between steps."""
        ...

    @property
    def http(self) -> httpx.Client:
        """For public addresses only."""
        ...

    def flag(self, key: str) -> bool:
        """Whether one of the plugin's flags was on when the job was accepted."""
        ...

    def progress(self, fraction: float, note: str = "") -> None:
        """Say how far this item is, 0.0-1.0."""
        ...

    def generate(self, request: ImageRequest) -> ImageResult:
        """Have the chosen model's provider make a picture."""
        ...

    def upload(self, ident: UploadId) -> Picture:
        """A picture that the viewer has sent: JPEG, PNG or WebP."""
        ...

    def artifact(self, ident: ArtifactId) -> Made:
        """A picture that was made for the viewer before."""
        ...

    def provider(self, capability: str) -> Any:
        """The provider of another capability, such as `matte`."""
        ...

    def resource(self, kind: str) -> ResourceDoor:
        """The resources of a kind that the plugin declared to use."""
        ...

    def session(self) -> AbstractContextManager[Any]:
        """A short write transaction on the plugin's own tables."""
        ...
