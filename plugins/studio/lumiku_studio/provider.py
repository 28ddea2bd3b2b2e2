"""The door through which the host asks the studio for pictures."""

import io
from typing import Any

from PIL import Image

from lumiku_contracts.errors import Refused
from lumiku_contracts.images import (
    Cancelled,
    Capabilities,
    ControlMap,
    ImageRequest,
    ImageResult,
    Picture,
    Progress,
)
from lumiku_studio import marks
from lumiku_studio.maps import control
from lumiku_studio.scene.framing import MAX_PIXELS, check_size
from lumiku_studio.studio import ENGINE, render

MAX_PICTURE = 24_000_000  # pixels


class Studio:
    """An `ImageProvider` for pictures of people."""

    def capabilities(self) -> Capabilities:
        """People from scenes, and every map."""
        return Capabilities(
            scene=True, maps=control.KINDS, max_pixels=MAX_PIXELS, label=marks.LABEL
        )

    def generate(
        self, request: ImageRequest, *, progress: Progress, cancelled: Cancelled
    ) -> ImageResult:
        """Render the request's scene; raises `Refused` and `TaskCancelled`."""
        scene = _checked(request)
        made = render(
            scene,
            request.size,
            quality=request.quality,
            noise_seed=request.noise_seed,
            wanted=request.maps,
            pictures=_pictures(request),
            progress=progress,
            cancelled=cancelled,
        )
        return ImageResult(
            picture=_picture(made.image),
            maps=tuple(
                ControlMap(kind, _picture(image)) for kind, image in made.maps.items()
            ),
            meta={
                "provider": "studio",
                "engine": ENGINE,
                "label": marks.LABEL,
                "noise_seed": request.noise_seed,
                "skeleton": [list(joint) for joint in made.skeleton],
                "hands": {
                    side: [list(point) for point in points]
                    for side, points in made.hands.items()
                },
            },
            warnings=(*_unheeded(request), *made.warnings),
        )


def open_studio(_settings: Any = None) -> Studio:
    """The studio; it needs no settings and no network."""
    return Studio()


def _checked(request: ImageRequest) -> Any:
    if request.scene is None:
        raise Refused("no-scene", "The studio draws scenes; this request has none.")
    check_size(request.size)
    unknown = [kind for kind in request.maps if kind not in control.KINDS]
    if unknown:
        raise Refused("unknown-map", f"The studio makes no {unknown[0]} map.")
    if request.controls:
        raise Refused("controls", "The studio follows scenes, not control maps.")
    return request.scene


def _pictures(request: ImageRequest) -> dict[str, Image.Image]:
    """The pictures that a scene names, decoded under limits."""
    out = {}
    for name, content in request.pictures.items():
        detail = f"The picture “{name}” cannot be read, or is too large."
        try:
            image = Image.open(io.BytesIO(content))
            small = image.width * image.height <= MAX_PICTURE
            out[name] = image.convert("RGBA") if small else image
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise Refused("bad-picture", detail) from error
        if not small:
            raise Refused("bad-picture", detail)
    return out


def _unheeded(request: ImageRequest) -> list[str]:
    """A warning for every field that was given and has no effect here."""
    fields = ("prompt", "negative_prompt", "upstream")
    out = [
        f"`{name}` has no effect in the studio."
        for name in fields
        if getattr(request, name)
    ]
    scene = request.scene
    if scene is not None:
        for place, extensions in (
            ("scene", scene.extensions),
            ("pose", scene.pose.extensions),
            ("appearance", scene.appearance.extensions),
        ):
            out += [
                f"The {place}'s extension “{name}” is unknown here."
                for name in extensions
            ]
    return out


def _picture(image: Image.Image) -> Picture:
    return Picture(marks.png(image, ENGINE), "image/png", image.width, image.height)


def opened(picture: Picture) -> Image.Image:
    """The pixels of an encoded picture."""
    return Image.open(io.BytesIO(picture.content))
