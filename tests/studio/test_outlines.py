"""Outlines are as smooth as those of a much larger picture made small."""

import numpy as np
from PIL import Image

from lumiku_contracts.images import MapKind
from lumiku_contracts.scene import Backdrop, BackdropKind, Scene
from lumiku_studio import render
from lumiku_studio.arrays import Floats
from lumiku_studio.scene.samples import AVATARS, POSES

SIZE, LARGER = (192, 256), 3
OFF = 0.055  # of white: mean difference on outlines
COVER_OFF = 0.05  # mean difference of the share that the person takes of a pixel
LIGHT = Backdrop(colour="#f4f4f4")
CLEAR = Backdrop(kind=BackdropKind.TRANSPARENT)


def _values(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / 255


def _pictures(backdrop: Backdrop) -> tuple[Floats, Floats, Floats]:
    """A picture, a larger one made as small, and where the latter has outlines."""
    scene = Scene(pose=POSES["waving"], appearance=AVATARS["budi"], backdrop=backdrop)
    wide, high = SIZE
    small = render(scene, SIZE)
    large = render(scene, (wide * LARGER, high * LARGER), wanted=(MapKind.ALPHA,))
    cover = _values(
        large.maps[MapKind.ALPHA].convert("L").resize(SIZE, Image.Resampling.BOX)
    )
    outline = (cover > 0.02) & (cover < 0.98)
    reduced = _values(large.image.resize(SIZE, Image.Resampling.BOX))
    return _values(small.image), reduced, outline


def test_an_outline_is_as_smooth_as_that_of_a_larger_picture_made_small() -> None:
    small, reduced, outline = _pictures(LIGHT)
    off = np.abs(small - reduced)[outline].mean()
    assert off < OFF, off


def test_a_transparent_picture_covers_as_much_of_each_pixel_as_a_larger_one() -> None:
    small, reduced, outline = _pictures(CLEAR)
    off = np.abs(small - reduced)[outline, 3].mean()
    assert off < COVER_OFF, off
