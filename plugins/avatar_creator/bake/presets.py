"""Makes the presets' thumbnails, with the studio as any provider.

Run it in an environment with the studio installed:
`python plugins/avatar_creator/bake/presets.py`.
"""

import io
import json
from pathlib import Path

from PIL import Image

import lumiku_avatar_creator
from lumiku_avatar_creator.generate import portrait
from lumiku_avatar_creator.presets import presets
from lumiku_avatar_creator.request import Generate, designed
from lumiku_contracts.images import ImageRequest
from lumiku_studio.provider import open_studio

HOME = Path(lumiku_avatar_creator.__file__).parent / "thumbnails"
DRAWN, SHOWN = (384, 512), (240, 320)


def main() -> None:
    """Bake every preset."""
    HOME.mkdir(exist_ok=True)
    record = {}
    for preset in presets().values():
        scene = portrait(designed(Generate(preset=preset.id)))
        made = open_studio().generate(
            ImageRequest(size=DRAWN, scene=scene),
            progress=lambda *_: None,
            cancelled=lambda: False,
        )
        large = Image.open(io.BytesIO(made.picture.content)).convert("RGB")
        small = large.resize(SHOWN, Image.Resampling.LANCZOS)
        small.save(HOME / f"{preset.id}.webp", quality=84, method=6)
        record[preset.id] = {"digest": preset.digest, "engine": made.meta["engine"]}
        print(preset.id)
    (HOME / "baked.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
