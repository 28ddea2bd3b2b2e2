"""People side by side before nothing, for an app's card.

`python -m lumiku_studio.album.frieze PERSON:POSE … --out FILE`, with `--poses` and
`--people` as in `lumiku_studio.lookbook`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from lumiku_contracts.images import Quality
from lumiku_contracts.scene import Backdrop, BackdropKind, Framing, Scene
from lumiku_studio.album.chosen import small
from lumiku_studio.album.sources import people, poses
from lumiku_studio.studio import render

SIZE = (720, 320)
"""Pixels of a card's picture."""
EACH = (288, 384)
"""Pixels of one person; what is lower than the card is cut."""


def frieze(scenes: Sequence[Scene]) -> Image.Image:
    """RGBA of `SIZE`, the people evenly spread from left to right."""
    whole = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    for place, scene in enumerate(scenes):
        made = render(scene, EACH, quality=Quality.STANDARD).image
        middle = round((place + 0.5) / len(scenes) * SIZE[0])
        layer = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        layer.paste(made, (middle - EACH[0] // 2, 0))
        whole = Image.alpha_composite(whole, layer)
    return whole


def main() -> None:
    """Write the picture to a file."""
    wanted = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wanted.add_argument("pairs", nargs="+", metavar="PERSON:POSE")
    wanted.add_argument("--poses", type=Path)
    wanted.add_argument("--people", type=Path)
    wanted.add_argument("--framing", type=Framing, default=Framing.THREE_QUARTER)
    wanted.add_argument("--out", type=Path, required=True)
    given = wanted.parse_args()
    everybody, shown = people(given.people), poses(given.poses)
    scenes = []
    for who, pose in (pair.split(":") for pair in given.pairs):
        camera = shown[pose].camera.model_copy(update={"framing": given.framing})
        scenes.append(
            Scene(
                pose=shown[pose].pose,
                appearance=everybody[who].appearance,
                expression=everybody[who].expression,
                camera=camera,
                backdrop=Backdrop(kind=BackdropKind.TRANSPARENT),
            )
        )
    given.out.write_bytes(small(frieze(scenes)))


if __name__ == "__main__":
    main()
