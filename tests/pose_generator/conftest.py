"""A caller and a task for the app's functions, without a kernel."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.pose_generator.rows import Rows

from lumiku_contracts import Item, Viewer
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Appearance, Garment, GarmentKind
from lumiku_contracts.testing import FakeResources, FakeTask
from lumiku_pose_generator.models import MODELS
from lumiku_pose_generator.request import Generate, items

TaskFor = Callable[..., FakeTask[Generate]]
ItemOf = Callable[..., Item]

MAYA = Avatar(
    id="maya",
    name="Maya",
    appearance=Appearance(
        age=27,
        outfit=(
            Garment(kind=GarmentKind.T_SHIRT, colour="#ffffff"),
            Garment(kind=GarmentKind.JEANS, colour="#334466"),
        ),
    ),
    preset=True,
)


@dataclass
class Caller:
    """A call by a viewer who may use the given resources."""

    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)
    viewer: Viewer = field(default_factory=lambda: Viewer("usr_test"))
    settings: Any = None
    request_id: str = "req_test"

    def flag(self, key: str) -> bool:
        """Off."""
        del key
        return False

    def resource(self, kind: str) -> FakeResources:
        """As given, else empty."""
        return FakeResources(kind, self.resources.get(kind, {}))

    def session(self) -> AbstractContextManager[Any]:
        """Commits, or rolls back on an error."""
        return self.rows.open()

    read = session

    def by(self, user_id: str) -> "Caller":
        """The same by another viewer, on the same rows."""
        return replace(self, viewer=Viewer(user_id))


@pytest.fixture
def rows() -> Iterator[Rows]:
    """The app's rows, shared by what a test calls and runs."""
    own = Rows()
    yield own
    if own.made is not None:
        own.made.dispose()


@pytest.fixture
def call(rows: Rows) -> Caller:
    return Caller({"avatar": {"maya": MAYA}}, rows)


@pytest.fixture
def task_for(rows: Rows) -> TaskFor:
    """Makes a task of the app for one model and the given input."""

    def make(model: str = "studio", **wanted: Any) -> FakeTask[Generate]:
        (chosen,) = (each for each in MODELS if each.id == model)
        return FakeTask(
            Generate.model_validate(wanted),
            model=chosen,
            resources={"avatar": {"maya": MAYA}},
            open_session=rows.open,
        )

    return make


@pytest.fixture
def item_of() -> ItemOf:
    """Picks one of the items that a task's input asks for."""

    def pick(task: FakeTask[Generate], index: int = 0) -> Item:
        spec = items(task.input)[index]
        return Item(index, spec.label, spec.data)

    return pick


@pytest.fixture
def maya() -> Avatar:
    return MAYA
