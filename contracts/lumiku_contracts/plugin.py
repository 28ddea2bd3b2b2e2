"""What a plugin declares: plain frozen data, no work."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from lumiku_contracts.declared import Function, Type, declared
from lumiku_contracts.errors import DeclarationError
from lumiku_contracts.words import (
    KERNEL_ROUTES,
    LOCAL,
    RESERVED,
    Dotted,
    Id,
    ModelId,
    Price,
    Tier,
    TierWord,
)


@declared
class Model:
    """What a viewer chooses; its key is `<plugin>:<id>`. `price` is credits an item."""

    id: ModelId
    """Short; the key is `<plugin>:<id>`."""
    name: str = ""
    """For people; else the id."""
    provider: str = LOCAL
    """Who runs it; left out, the worker is the engine."""
    price: Annotated[int, Field(ge=1, le=1_000_000)] | Literal[Price.FREE] | None = None
    """Credits an item, or `Free`; required."""
    tier: TierWord = Tier.FREE
    """The lowest tier that may choose it."""
    description: str = ""
    """A sentence beside the choice."""
    upstream: str = ""
    """Its name at a remote provider."""
    capabilities: dict[str, Any] = Field(default_factory=dict)
    """What the provider should know of it."""
    enabled: bool = True
    """The author's word; an operator's stands above it."""

    def __post_init__(self) -> None:
        """A price is required; `Free` says that there is none."""
        if self.price is None:
            lacking = f"“{self.id}” needs a price in credits, or `Free`."
            raise DeclarationError("Model", lacking)

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
    """As models name it."""
    open: Dotted
    """`(settings) -> provider`; called once in each runner."""
    offers: tuple[str, ...]
    """Capabilities, such as `images`."""
    settings: Type | None = None
    """Without a valid one it is not configured."""
    cost: Literal["cpu", "io"] = "io"
    """`cpu` burns a core, `io` waits."""
    better_with: tuple[str, ...] = ()
    """Distributions it can do without, slower or plainer: the doctor names them."""


@declared
class Worker:
    """A kind of job.

    `accepts` is a pydantic model, `run` a function `(task, item) -> Output | tuple |
    Result`. `items(input)` and `price(input, model)` are pure; `check(call, input)`
    may look at the viewer's rows and raise `Refused`. `timeout` in seconds an item.
    """

    name: Id
    """The last part of its URL."""
    accepts: Type
    """A pydantic model; the form is drawn from it."""
    run: Dotted
    """`(task, item) -> Output | tuple | Result`, in a runner."""
    items: Function | None = None
    """`(input) -> tuple[ItemSpec, ...]`; left out, one item."""
    price: Function | None = None
    """`(input, model) -> tuple[PriceLine, ...]`, if it depends on the input."""
    check: Function | None = None
    """`(call, input)`; may raise `Refused` before any charge."""
    description: str = ""
    """A sentence above the form."""
    timeout: Annotated[float, Field(gt=0, le=3600)] = 300
    """Seconds an item."""
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """How often an item is tried after `Transient` or a death."""
    interactive: bool = False
    """Whether somebody waits for it."""
    free: bool = False
    """Costs nothing, whatever the model."""


@declared
class Route:
    """A door to the plugin's own rows, under `/api/apps/<id>`."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    """Of HTTP."""
    path: Annotated[str, Field(pattern=r"^/[a-z0-9{}_/-]*$")]
    """Below `/api/apps/<id>`, with `{parameters}`."""
    handler: Function
    """`(call, <parameters>, query=…, body=…) -> answer`."""
    auth: Literal["user", "public", "operator"] = "user"
    """Whom it serves."""

    def __post_init__(self) -> None:
        """The kernel keeps some names to itself."""
        if (first := self.path.split("/")[1]) in KERNEL_ROUTES:
            raise DeclarationError("Route", f"“/{first}” is the kernel's own.")
        if first.startswith("{"):
            raise DeclarationError("Route", f"“{self.path}” would catch every path.")


@declared
class Page:
    """A page under `/apps/<id>`: a Jinja template and what it is given.

    To those whom `auth` does not let in it is not there. `menu` is a word: the page is
    linked by it in the header of every page, for those who may open it.
    """

    path: Annotated[str, Field(pattern=r"^/[a-z0-9{}_/-]*$")]
    """Below `/apps/<id>`."""
    template: str
    """In the package's folder `templates`."""
    load: Function | None = None
    """`(call, <parameters>, query=…) -> dict`: what the template is told."""
    auth: Literal["user", "public", "operator"] = "user"
    """Whom it is there for."""
    menu: Annotated[str, Field(max_length=20)] = ""
    """Its word in the header."""

    def __post_init__(self) -> None:
        """A link in the header leads to one place."""
        if self.menu and "{" in self.path:
            raise DeclarationError("Page", f"“{self.path}” is many; no menu has it.")


@declared
class Flag:
    """A switch: `default` is the author's word, an override the operator's."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    """Without the plugin's id."""
    default: bool = False
    """The author's word."""
    description: str = ""
    """What it switches."""
    kind: Literal["release", "experiment", "operation", "permission"] = "release"
    """What it is for; releases and experiments should go again."""
    expires: str | None = None
    """A date, after which operators are reminded."""


@declared
class Seed:
    """Rows the plugin's own table needs, found by `key`; only `owns` is rewritten."""

    table: Type
    """The row's class."""
    key: tuple[str, ...]
    """The columns that name a row."""
    rows: tuple[dict[str, Any], ...]
    """What must be there."""
    owns: tuple[str, ...] = ()
    """The columns that are rewritten."""


@declared
class Use:
    """A capability (`images`) or resource (`resource:avatar`) of another plugin."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+([:-][a-z0-9]+)*$")]
    """`images`, `resource:avatar`."""
    optional: bool = False
    """Whether the plugin is ready without it."""


@declared
class Resource:
    """Typed things that other plugins may use; `get(call, id)`, `list(call)`."""

    kind: Id
    """Its name for others."""
    schema: Type
    """A pydantic model."""
    get: Dotted
    """`(call, id) -> thing`, or `NotFound`."""
    list: Dotted
    """`(call) -> things`."""


@declared
class Health:
    """A check for `lumiku doctor`: returns None when well, else cause and command."""

    name: Id
    """Of the check."""
    check: Dotted
    """`() -> None | (cause, command)`."""


@declared
class Plugin:
    """One app or extension, as its author declares it."""

    id: Id
    """As the entry point is called; small letters and hyphens."""
    name: Annotated[str, Field(min_length=1, max_length=60)] = ""
    """On the card."""
    summary: Annotated[str, Field(max_length=300)] = ""
    """A sentence on the card."""
    icon: str = "puzzle"
    """One of the kernel's drawings; unknown ones become `puzzle`."""
    color: str = "slate"
    """One of the kernel's colours."""
    order: int = 100
    """The place of the card."""
    kind: Literal["app", "extension"] = "app"
    """An `app` has a card and must have models; an `extension` has neither."""
    stability: Literal["stable", "beta", "coming_soon"] = "stable"
    """`coming_soon` shows the card and runs nothing."""
    uses: tuple[Use, ...] = ()
    """What it needs of others."""
    models: tuple[Model, ...] = ()
    """What viewers choose from."""
    providers: tuple[Provider, ...] = ()
    """What runs models."""
    workers: tuple[Worker, ...] = ()
    """Kinds of jobs."""
    routes: tuple[Route, ...] = ()
    """Doors to its own rows."""
    pages: tuple[Page, ...] = ()
    """Without any, the kernel draws one for each worker."""
    flags: tuple[Flag, ...] = ()
    """Switches; `<id>.enabled` is there already."""
    seeds: tuple[Seed, ...] = ()
    """Rows it needs."""
    resources: tuple[Resource, ...] = ()
    """What others may use of it."""
    health: tuple[Health, ...] = ()
    """Checks of its own."""
    settings: Type | None = None
    """A pydantic-settings class."""
    tables: str | None = None
    """`package:folder` of its migrations."""

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
                raise DeclarationError(
                    "Worker", f"“{worker.name}” is the kernel's own."
                )
            start = f"/{worker.name}"
            if hiding := posts & {start, f"{start}/quote", f"{start}/{{}}"}:
                problem = f"route POST {hiding.pop()} hides the worker or its price."
                raise DeclarationError("Worker", problem)


def shape(path: str) -> str:
    """The path with its parameters' names taken out."""
    return re.sub(r"{\w+}", "{}", path)
