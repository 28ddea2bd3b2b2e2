"""What an app asks of an image provider, and what comes back.

Pictures cross as bytes with a media type, so that this package needs no imaging
library. A field that a provider cannot honour is an error or a listed warning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from lumiku_contracts.scene import Scene

Progress = Callable[[float, str], None]
"""Called with a fraction 0.0-1.0 and a short note."""
Cancelled = Callable[[], bool]
"""Whether the work is no longer wanted; asked between steps."""


Side = Literal["left", "right"]
"""Of a person's own."""


class MapKind(StrEnum):
    """A picture that guides or describes another; the artifact kind is `map-<kind>`."""

    OPENPOSE = "openpose"
    DEPTH = "depth"
    NORMAL = "normal"
    ALPHA = "alpha"
    SEGMENTATION = "segmentation"
    CANNY = "canny"


class Quality(StrEnum):
    """How much work a picture is worth."""

    PREVIEW = "preview"
    STANDARD = "standard"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded pixels; `width` and `height` in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ControlMap:
    """A map, and for a request how strongly it steers (0.0-1.0)."""

    kind: MapKind
    picture: Picture
    weight: float = 0.8


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; `max_pixels` bounds width x height."""

    scene: bool = False
    prompt: bool = False
    controls: tuple[MapKind, ...] = ()
    maps: tuple[MapKind, ...] = ()
    max_pixels: int = 1024 * 1024
    label: str = ""
    """How the product names the look, such as "Studio render"."""


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One picture wanted. At least one of `scene` and `prompt` is given."""

    size: tuple[int, int] = (768, 1024)
    """Width and height in pixels."""
    scene: Scene | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Encoded pictures that the scene names: decals, cut-outs, backdrops."""
    prompt: str = ""
    negative_prompt: str = ""
    controls: tuple[ControlMap, ...] = ()
    maps: tuple[MapKind, ...] = ()
    """Maps to give back with the picture."""
    quality: Quality = Quality.STANDARD
    noise_seed: int = 0
    """Same request and seed, same bytes."""
    upstream: str = ""
    """The model's name at a remote provider."""


@dataclass(frozen=True, slots=True)
class ImageResult:
    """One picture made, its maps, and what is known of it."""

    picture: Picture
    maps: tuple[ControlMap, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    """At least `provider`, `engine`, `noise_seed`; for people `skeleton`: eighteen
    `[x, y, visible]` in pixels, COCO-18 order. There may be `hands`: by `Side`, 21 of
    these, OpenPose's order."""
    warnings: tuple[str, ...] = ()


class ImageProvider(Protocol):
    """What `Provider.open` returns for the capability `images`."""

    def capabilities(self) -> Capabilities:
        """What this provider honours."""
        ...

    def generate(
        self, request: ImageRequest, *, progress: Progress, cancelled: Cancelled
    ) -> ImageResult:
        """Make the picture.

        Raises `Transient` when trying again may help, `Permanent` when it will not,
        `Refused` when the request itself is at fault, and `TaskCancelled` once
        `cancelled()` has said so.
        """
        ...


class _Id(str):
    """A string of the kernel's own making, which begins with `prefix`."""

    __slots__ = ()
    prefix: ClassVar[str]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Validated by its shape; the kernel looks whose it is."""
        del source, handler
        text = core_schema.str_schema(pattern=rf"^{cls.prefix}_[0-9a-z]{{1,40}}$")
        return core_schema.no_info_after_validator_function(
            cls, text, serialization=core_schema.to_string_ser_schema()
        )


class UploadId(_Id):
    """In a worker's input: one of the viewer's uploads, for `task.upload`.

    The kernel refuses a request that names an upload of somebody else, or none.
    """

    __slots__ = ()
    prefix = "upl"


class ArtifactId(_Id):
    """In a worker's input: a picture made for the viewer, for `task.artifact`.

    The kernel refuses a request that names somebody else's, or none.
    """

    __slots__ = ()
    prefix = "art"


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that was delivered, its kind, and what is known of it."""

    picture: Picture
    kind: str
    meta: Mapping[str, Any]
