"""Fetch the weights that photographs need: `python -m lumiku_studio.photo.fetch`.

They are data files of the package mediapipe (Apache-2.0), which itself is neither
installed nor imported; its licence is kept beside them.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

from lumiku_studio.photo.weights import FOLDER, WEIGHTS

WHEEL = "mediapipe==0.10.21"
"""The last releases carry no weights."""
PLATFORM = ("--python-version", "3.11", "--platform", "manylinux_2_28_x86_64")
LICENSE = "LICENSE"
NOTICE = """The files *.tflite in this folder are part of MediaPipe.
Copyright The MediaPipe Authors. Licensed under the Apache License, Version 2.0; the
text is in the file LICENSE. They are unchanged: taken out of the package {wheel}.
"""


def fetch(target: Path) -> None:
    """Download the package, and lay its weights and licence into `target`."""
    with tempfile.TemporaryDirectory() as place:
        words = ("download", "--quiet", "--no-deps", "--only-binary=:all:", *PLATFORM)
        subprocess.run(  # noqa: S603  (our own interpreter, no input of others)
            [sys.executable, "-m", "pip", *words, "--dest", place, WHEEL], check=True
        )
        (wheel,) = Path(place).glob("*.whl")
        take(wheel, target)


def take(wheel: Path, target: Path) -> None:
    """Lay the weights of a downloaded package into `target`, if they are those."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            name = entry.rpartition("/")[2]
            licence = name == LICENSE and ".dist-info/" in entry
            if name in WEIGHTS or licence:
                found[name] = archive.read(entry)
    for name, wanted in WEIGHTS.items():
        if name not in found or sha256(found[name]).hexdigest() != wanted:
            raise SystemExit(f"{wheel.name} does not hold the {name} that we know.")
    target.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        (target / name).write_bytes(content)
    (target / "NOTICE").write_text(NOTICE.format(wheel=WHEEL), "utf-8")


def main() -> None:
    """Fetch unless everything is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=FOLDER, help="another folder")
    parser.add_argument("--wheel", type=Path, help="a package downloaded before")
    wanted = parser.parse_args()
    if wanted.wheel is not None:
        take(wanted.wheel, wanted.to)
    elif not all((wanted.to / name).is_file() for name in WEIGHTS):
        fetch(wanted.to)
    sys.stdout.write(f"{wanted.to}\n")


if __name__ == "__main__":
    main()
