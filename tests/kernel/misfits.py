"""Plugins of which nothing can be made: the code and words of each refusal."""

HOOK = """
    @hookimpl
    def lumiku_plugin() -> Plugin:
        return {}
"""

ZOO = {
    "raises at import": ("IMPORT_ERROR", "raise RuntimeError('no GPU')", "no GPU"),
    "leaves at import": ("IMPORT_ERROR", "import sys\nsys.exit(3)", "SystemExit: 3"),
    "is no Python": ("IMPORT_ERROR", "def (:", "SyntaxError"),
    "misses a module": ("IMPORT_ERROR", "import not_there_at_all", "not_there_at_all"),
    "declares nothing": ("MANIFEST_INVALID", "x = 1", "needs a function"),
    "returns something else": ("MANIFEST_INVALID", HOOK.format("{}"), "a Plugin"),
    "returns nothing": ("MANIFEST_INVALID", HOOK.format("None"), "a Plugin"),
    "raises in its hook": ("IMPORT_ERROR", HOOK.format("1 / 0"), "ZeroDivisionError"),
    "misspells the hook": (
        "MANIFEST_INVALID",
        """
        @hookimpl
        def lumiku_plugins() -> Plugin:
            return declared("bad")
        """,
        "lumiku_plugins",
    ),
    "misspells a field": (
        "MANIFEST_INVALID",
        HOOK.format("declared('bad', colour='red')"),
        "did you mean “color”",
    ),
    "has another id": (
        "MANIFEST_INVALID",
        HOOK.format("declared('other')"),
        "they must be the same",
    ),
    "writes async def": (
        "MANIFEST_INVALID",
        """
        async def listed(call) -> None: ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", routes=(Route("GET", "/list", listed),))
        """,
        "not `async def`",
    ),
    "has a handler with a stray parameter": (
        "MANIFEST_INVALID",
        """
        def listed(call, colour: str) -> None: ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", routes=(Route("GET", "/list", listed),))
        """,
        "“colour” is neither in the path",
    ),
    "has a handler that cannot be read": (
        "MANIFEST_INVALID",
        """
        def listed(call) -> "1 + 'a'": ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", routes=(Route("GET", "/list", listed),))
        """,
        "GET /list",
    ),
    "has a handler with a body that is no JSON": (
        "MANIFEST_INVALID",
        """
        class Thing: ...

        def listed(call, body: Thing) -> None: ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", routes=(Route("POST", "/list", listed),))
        """,
        "POST /list",
    ),
    "accepts what is no model": (
        "MANIFEST_INVALID",
        HOOK.format(
            "declared('bad', workers=(Worker('make', accepts=int, run='a:b'),))"
        ),
        "must be a pydantic model",
    ),
    "accepts what JSON cannot describe": (
        "MANIFEST_INVALID",
        """
        from collections.abc import Callable

        class Odd(BaseModel):
            call: Callable[[], None]

        @hookimpl
        def lumiku_plugin() -> Plugin:
            workers = (Worker("make", accepts=Odd, run="a:b"),)
            return declared("bad", workers=workers)
        """,
        "make",
    ),
    "declares what JSON cannot hold": (
        "MANIFEST_INVALID",
        """
        @hookimpl
        def lumiku_plugin() -> Plugin:
            models = (Model("odd", price=1, capabilities={"x": object()}),)
            return declared("bad", models=models)
        """,
        "JSON",
    ),
    "answers what JSON cannot describe": (
        "MANIFEST_INVALID",
        """
        from collections.abc import Callable

        class Odd(BaseModel):
            call: Callable[[], None]

        def listed(call) -> Odd: ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", routes=(Route("GET", "/list", listed),))
        """,
        "GET /list",
    ),
    "has a page that cannot be loaded": (
        "MANIFEST_INVALID",
        """
        def load(call, colour: str) -> dict: ...

        @hookimpl
        def lumiku_plugin() -> Plugin:
            return declared("bad", pages=(Page("/", "page.html", load),))
        """,
        "Page /",
    ),
    "takes the kernel's own field": (
        "MANIFEST_INVALID",
        """
        class Mine(BaseModel):
            model: str

        @hookimpl
        def lumiku_plugin() -> Plugin:
            workers = (Worker("make", accepts=Mine, run="a:b"),)
            return declared("bad", workers=workers)
        """,
        "“model” is the kernel's own",
    ),
}
