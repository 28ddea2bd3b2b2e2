"""What the studio's tests share: small scenes, rendered once."""

from collections.abc import Callable

import pytest

from lumiku_contracts.images import ImageRequest, ImageResult, MapKind
from lumiku_contracts.scene import Camera, Scene
from lumiku_studio.provider import Studio, open_studio
from lumiku_studio.scene.samples import AVATARS, POSES

SMALL = (144, 192)


def scene(
    pose: str = "standing-relaxed", person: str = "maya", yaw: float = 10
) -> Scene:
    """A sample person in a sample pose."""
    return Scene(pose=POSES[pose], appearance=AVATARS[person], camera=Camera(yaw=yaw))


@pytest.fixture(scope="session")
def studio() -> Studio:
    """The provider, as the host opens it."""
    return open_studio()


@pytest.fixture(scope="session")
def draw(studio: Studio) -> Callable[..., ImageResult]:
    """Render a scene at a small size, with maps if wanted."""

    def drawn(wanted: Scene, *maps: MapKind, noise_seed: int = 0) -> ImageResult:
        request = ImageRequest(
            size=SMALL, scene=wanted, maps=maps, noise_seed=noise_seed
        )
        return studio.generate(
            request, progress=lambda _fraction, _note: None, cancelled=lambda: False
        )

    return drawn
