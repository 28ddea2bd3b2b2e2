"""The resource `avatar`: everybody whom a viewer may put in a picture."""
# ruff: noqa: PLC0415 — the table's module is heavy and imported where rows are used

from typing import Any, Final

from lumiku_avatar_creator.presets import presets
from lumiku_contracts import Call, Task
from lumiku_contracts.resources import Avatar

MOST: Final = 200


def get(call: Call | Task[Any], ident: str) -> Avatar:
    """A preset or the viewer's own; raises `NotFound` for anybody else's."""
    if ident in presets():
        return presets()[ident].avatar
    from lumiku_avatar_creator import store

    reading = call.read() if hasattr(call, "read") else call.session()
    with reading as session:
        return store.avatar(store.own(session, call.viewer.id, ident))


def everybody(call: Call) -> tuple[Avatar, ...]:
    """The presets, then the viewer's 200 newest."""
    from lumiku_avatar_creator import store

    with call.read() as session:
        rows = store.newest(session, call.viewer.id, limit=MOST)
        own = tuple(store.avatar(row) for row in rows)
    return (*(preset.avatar for preset in presets().values()), *own)
