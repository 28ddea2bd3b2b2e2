"""The backdrop is one even sweep: no rim along the picture, no seam about the feet."""

import numpy as np

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import Backdrop, Scene
from lumiku_studio import render
from lumiku_studio.colour import toned
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.denoise import develop
from lumiku_studio.shading.film import blank
from lumiku_studio.shading.stage import Segment

SIZE = (192, 256)
SPREAD = 1.0  # of 255: of the colour along the picture's outermost pixels
STEP = 1.5  # of 255: across a seam, on the whole


def test_nothing_is_to_be_seen_along_the_picture_s_edge() -> None:
    scene = Scene(
        pose=POSES["waving"],
        appearance=AVATARS["budi"],
        backdrop=Backdrop(colour="#dcdce0"),
    )
    colours = np.asarray(render(scene, SIZE).image, np.float32)
    rims = (colours[:, 0], colours[:, -1], colours[0], colours[-1])
    inner = (colours[:, 4], colours[:, -5], colours[4], colours[-5])
    for rim, beside in zip(rims, inner, strict=True):
        assert np.diff(rim - beside, axis=0).std() < SPREAD


def test_no_seam_is_to_be_seen_where_the_shadow_leaves_the_frame_of_the_feet() -> None:
    film = blank(*SIZE)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    shadow = np.exp(-(((x - 60) / 26) ** 2) - ((y - 130) / 7) ** 2)
    rng = np.random.default_rng(3)
    noise = 1 + 0.3 * rng.standard_normal((SIZE[1], SIZE[0]))
    film.light[:] = ((0.5 - 0.35 * shadow) * noise)[..., None]
    film.albedo[:], film.normal[..., 1] = 0.8, 1
    film.segment[60:134, 80:110] = Segment.TOP
    behind = np.ones_like(film.person)
    behind[50:150, 60:130] = False
    develop(film, behind, Quality.STANDARD)
    shown = toned(film.light)[..., 0] * 255
    across = shown[124:136, 60] - shown[124:136, 59]
    assert np.abs(across).mean() < STEP, across
