"""What a plugin declares: plain frozen data, no work."""

import re
from enum import Enum, IntEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainSerializer, PlainValidator

from lumiku_contracts.declared import Function, Type, declared
from lumiku_contracts.errors import DeclarationError

PLUGIN_ID: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RESERVED: Final = frozenset(
    {"core", "api", "auth", "admin", "console", "static", "health"}
)
KERNEL_ROUTES: Final = frozenset({"models", "visibility", "quote", "workers"})

Id = Annotated[str, Field(pattern=PLUGIN_ID, max_length=40)]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Dotted = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$")]
"""`module:name`, imported only where it is used."""


class Tier(IntEnum):
    """A viewer's subscription, in order."""

    FREE = 0
    BASIC = 1
    PRO = 2
    ENTERPRISE = 3

    @property
    def word(self) -> str:
        """How it is written outside Python."""
        return self.name.lower()


def _tier(value: Any) -> Tier:
    return Tier[value.upper()] if isinstance(value, str) else Tier(value)


TierWord = Annotated[
    Tier,
    PlainValidator(_tier),
    PlainSerializer(lambda tier: tier.word, when_used="json"),
]


class Price(Enum):
    """A price that is not a number."""

    FREE = 0


Free: Final = Price.FREE
"""Written as a price, so that nothing is free by an omission."""

LOCAL: Final = "local"
"""The provider of a model whose worker is the engine itself."""


@declared
class Model:
    """What a viewer chooses; its key is `<plugin>:<id>`. `price` is credits an item."""

    id: ModelId
    name: str = ""
    provider: str = LOCAL
    price: Annotated[int, Field(ge=1, le=1_000_000)] | Literal[Price.FREE] | None = None
    tier: TierWord = Tier.FREE
    description: str = ""
    upstream: str = ""
    capabilities: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = True

    def __post_init__(self) -> None:
        """A price is required; `Free` says that there is none."""
        if self.price is None:
            problem = f"model “{self.id}” needs a price in credits, or `Free`."
            raise DeclarationError("Model", problem)

    @property
    def credits(self) -> int:
        """The price of an item as a number."""
        return self.price.value if isinstance(self.price, Price) else (self.price or 0)


@declared
class Provider:
    """What runs models; `settings` is a pydantic-settings class it cannot do without.

    `cost` names the class of slots its jobs need: `cpu` burns a core, `io` waits.
    """

    name: Id
    open: Dotted
    offers: tuple[str, ...]
    settings: Type | None = None
    cost: Literal["cpu", "io"] = "io"


@declared
class Worker:
    """A kind of job.

    `accepts` is a pydantic model, `run` a function `(task, item) -> Output | tuple |
    Result`. `items(input)` and `price(input, model)` are pure; `check(call, input)`
    may look at the viewer's rows and raise `Refused`. `timeout` in seconds an item.
    """

    name: Id
    accepts: Type
    run: Dotted
    items: Function | None = None
    price: Function | None = None
    check: Function | None = None
    description: str = ""
    timeout: Annotated[float, Field(gt=0, le=3600)] = 300
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    interactive: bool = False
    free: bool = False


@declared
class Route:
    """A door to the plugin's own rows, under `/api/apps/<id>`."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(pattern=r"^/[a-z0-9{}_/-]*$")]
    handler: Function
    auth: Literal["user", "public", "operator"] = "user"

    def __post_init__(self) -> None:
        """The kernel keeps some names to itself."""
        first = self.path.split("/")[1]
        if first in KERNEL_ROUTES:
            raise DeclarationError("Route", f"“/{first}” is the kernel's own.")
        if first.startswith("{"):
            raise DeclarationError("Route", f"“{self.path}” would catch every path.")


@declared
class Page:
    """A page under `/apps/<id>`: a Jinja template and what it is given."""

    path: Annotated[str, Field(pattern=r"^/[a-z0-9{}_/-]*$")]
    template: str
    load: Function | None = None


@declared
class Flag:
    """A switch: `default` is the author's word, an override the operator's."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    default: bool = False
    description: str = ""
    kind: Literal["release", "experiment", "operation", "permission"] = "release"
    expires: str | None = None


@declared
class Seed:
    """Rows the plugin's own table needs, found by `key`; only `owns` is rewritten."""

    table: Type
    key: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    owns: tuple[str, ...] = ()


@declared
class Use:
    """A capability (`images`) or resource (`resource:avatar`) of another plugin."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+([:-][a-z0-9]+)*$")]
    optional: bool = False


@declared
class Resource:
    """Typed things that other plugins may use; `get(call, id)`, `list(call)`."""

    kind: Id
    schema: Type
    get: Dotted
    list: Dotted


@declared
class Health:
    """A check for `lumiku doctor`: returns None when well, else cause and command."""

    name: Id
    check: Dotted


@declared
class Plugin:
    """One app or extension, as its author declares it."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=60)] = ""
    summary: Annotated[str, Field(max_length=300)] = ""
    icon: str = "puzzle"
    color: str = "slate"
    order: int = 100
    kind: Literal["app", "extension"] = "app"
    stability: Literal["stable", "beta", "coming_soon"] = "stable"
    uses: tuple[Use, ...] = ()
    models: tuple[Model, ...] = ()
    providers: tuple[Provider, ...] = ()
    workers: tuple[Worker, ...] = ()
    routes: tuple[Route, ...] = ()
    pages: tuple[Page, ...] = ()
    flags: tuple[Flag, ...] = ()
    seeds: tuple[Seed, ...] = ()
    resources: tuple[Resource, ...] = ()
    health: tuple[Health, ...] = ()
    settings: Type | None = None
    tables: str | None = None

    def __post_init__(self) -> None:
        """Names are the plugin's own, and each of them once."""
        if self.id in RESERVED:
            raise DeclarationError("Plugin", f"the id “{self.id}” is reserved.")
        for kind, names in {
            "model": [model.id for model in self.models],
            "provider": [provider.name for provider in self.providers],
            "worker": [worker.name for worker in self.workers],
            "route": [f"{route.method} {shape(route.path)}" for route in self.routes],
            "page": [shape(page.path) for page in self.pages],
            "flag": [flag.key for flag in self.flags],
            "resource": [resource.kind for resource in self.resources],
        }.items():
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise DeclarationError("Plugin", f"declares {kind} “{twice[0]}” twice.")
        self._workers_are_reachable()

    def _workers_are_reachable(self) -> None:
        posts = {shape(r.path) for r in self.routes if r.method == "POST"}
        for worker in self.workers:
            if worker.name in KERNEL_ROUTES:
                problem = f"the name “{worker.name}” is the kernel's own."
                raise DeclarationError("Worker", problem)
            start = f"/{worker.name}"
            hiding = posts & {start, f"{start}/quote", f"{start}/{{}}"}
            if hiding:
                problem = f"route POST {hiding.pop()} hides the worker or its price."
                raise DeclarationError("Worker", problem)


def shape(path: str) -> str:
    """The path with its parameters' names taken out."""
    return re.sub(r"{\w+}", "{}", path)
