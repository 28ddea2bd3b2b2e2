"""Makes the library's skeletons and thumbnails, with the studio as any provider.

Run it in an environment with the studio and the avatar creator installed:
`python plugins/pose_generator/bake/poses.py [--all] [POSE …]`. It makes what is
missing or older than its pose; `--all` makes everything.
"""

import argparse
import io
import json
from pathlib import Path

from PIL import Image

import lumiku_pose_generator
from lumiku_avatar_creator.presets import presets
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Contact, Scene
from lumiku_pose_generator.bakery import Baked, baked, thumbnail
from lumiku_pose_generator.library import Entry, library
from lumiku_studio.provider import open_studio

HOME = Path(lumiku_pose_generator.__file__).parent
DRAWN, SHOWN = (480, 640), (240, 320)


def model(entry: Entry) -> Avatar:
    """Who shows the pose: whom it suits, taking turns."""
    people = {
        "female": ("maya", "aisyah"),
        "male": ("budi",),
        "unisex": ("maya", "budi", "aisyah"),
    }[entry.suitability]
    if entry.pose.contact is not Contact.STANDING:
        people = tuple(name for name in people if name != "aisyah")  # her tunic is long
    if "hijab" in entry.category:
        people = ("aisyah",)
    turn = list(library()).index(entry.id) % len(people)
    return presets()[people[turn]].avatar


def bake(entry: Entry) -> Baked:
    """Write the pose's thumbnail; its skeleton."""
    avatar = model(entry)
    scene = Scene(
        pose=entry.pose,
        appearance=avatar.appearance,
        expression=avatar.expression,
        camera=entry.camera,
    )
    made = open_studio().generate(
        ImageRequest(size=DRAWN, scene=scene),
        progress=lambda *_: None,
        cancelled=lambda: False,
    )
    large = Image.open(io.BytesIO(made.picture.content)).convert("RGB")
    folder = HOME / "thumbnails"
    folder.mkdir(exist_ok=True)
    large.resize(SHOWN, Image.Resampling.LANCZOS).save(
        folder / f"{entry.id}.webp", quality=84, method=6
    )
    width, height = DRAWN
    return Baked(
        digest=entry.digest,
        engine=made.meta["engine"],
        skeleton=tuple(
            (round(x / width, 4), round(y / height, 4), int(visible))
            for x, y, visible in made.meta["skeleton"]
        ),
    )


def stale(entry: Entry) -> bool:
    """Whether the pose has changed since it was baked, or never was."""
    made = baked().get(entry.id)
    fresh = made is not None and made.digest == entry.digest
    return not fresh or thumbnail(entry.id) is None


def main() -> None:
    """Bake what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("poses", nargs="*")
    parser.add_argument("--all", action="store_true")
    wanted = parser.parse_args()
    known = {id_: made for id_, made in baked().items() if id_ in library()}
    for entry in library().values():
        if wanted.all or entry.id in wanted.poses or stale(entry):
            known[entry.id] = bake(entry)
            print(entry.id)
    lines = (
        f"  {json.dumps(id_)}: {known[id_].model_dump_json()}"
        for id_ in library()
        if id_ in known
    )
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (HOME / "skeletons.json").write_text(text, "utf-8")
    for picture in (HOME / "thumbnails").glob("*.webp"):
        if picture.stem not in library():
            picture.unlink()


if __name__ == "__main__":
    main()
