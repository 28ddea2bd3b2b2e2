"""Makes the library from its shelves: poses, skeletons, and thumbnails.

Run it in an environment with the studio and the avatar creator installed:
`python plugins/pose_generator/bake/poses.py [--all] [--without-pictures] [POSE …]`. It
makes what is missing or older than its pose; `--all` makes everything. A pose that the
gates refuse is named and nothing is written.
"""

import argparse
import io
import json
from pathlib import Path

from PIL import Image
from shelves.whole import written

import lumiku_pose_generator
from lumiku_avatar_creator.presets import presets
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Contact, Scene
from lumiku_pose_generator.bakery import Baked, baked, thumbnail
from lumiku_pose_generator.library import Entry, library
from lumiku_studio.provider import open_studio
from lumiku_studio.skeleton.gates import refusals
from lumiku_studio.studio import ENGINE, skeleton

HOME = Path(lumiku_pose_generator.__file__).parent
DRAWN, SHOWN = (288, 384), (192, 256)
QUALITY = 80
UPRIGHT = {Contact.STANDING, Contact.STRIDING, Contact.LEANING}


def model(entry: Entry) -> Avatar:
    """Who shows the pose: whom it suits, taking turns."""
    people = {
        "female": ("maya", "aisyah"),
        "male": ("budi",),
        "unisex": ("maya", "budi", "aisyah"),
    }[entry.suitability]
    if entry.pose.contact not in UPRIGHT:
        people = tuple(name for name in people if name != "aisyah")  # her tunic is long
    if "hijab" in entry.category:
        people = ("aisyah",)
    turn = list(library()).index(entry.id) % len(people)
    return presets()[people[turn]].avatar


def bones(entry: Entry) -> Baked:
    """The pose's skeleton, seen as its thumbnail is."""
    width, height = DRAWN
    found = skeleton(entry.pose, model(entry).appearance, entry.camera, DRAWN)
    return Baked(
        digest=entry.digest,
        engine=ENGINE,
        skeleton=tuple(
            (round(x / width, 4), round(y / height, 4), int(visible))
            for x, y, visible in found
        ),
    )


def picture(entry: Entry) -> None:
    """Write the pose's thumbnail."""
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
        folder / f"{entry.id}.webp", quality=QUALITY, method=6
    )


def dump(entry: Entry) -> str:
    """One pose as it stands in the package: a line of JSON, defaults left out."""
    return json.dumps(
        entry.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False
    )


def text() -> str:
    """The package data of all poses as they are written."""
    return "[\n" + ",\n".join(f"  {dump(entry)}" for entry in written()) + "\n]\n"


def check() -> None:
    """End where the gates refuse a pose, and say which and why."""
    refused = refusals({entry.id: entry.pose for entry in written()})
    if refused:
        raise SystemExit("\n".join(refused))


def record(known: dict[str, Baked]) -> None:
    """Write the skeletons made so far."""
    lines = (
        f"  {json.dumps(id_)}: {known[id_].model_dump_json()}"
        for id_ in library()
        if id_ in known
    )
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (HOME / "skeletons.json").write_text(text, "utf-8")


def main() -> None:
    """Bake what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("poses", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--without-pictures", action="store_true")
    wanted = parser.parse_args()
    check()
    (HOME / "poses.json").write_text(text(), "utf-8")
    library.cache_clear()
    before, known = baked(), {}
    for entry in library().values():
        known[entry.id] = made = bones(entry)
        was = before.get(entry.id)
        if was is None or was.digest != made.digest:
            (HOME / "thumbnails" / f"{entry.id}.webp").unlink(missing_ok=True)
    record(known)
    for old in (HOME / "thumbnails").glob("*.webp"):
        if old.stem not in library():
            old.unlink()
    if wanted.without_pictures:
        return
    for entry in library().values():
        if wanted.all or entry.id in wanted.poses or thumbnail(entry.id) is None:
            picture(entry)
            print(entry.id, flush=True)


if __name__ == "__main__":
    main()
