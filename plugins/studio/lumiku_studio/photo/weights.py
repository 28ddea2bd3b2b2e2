"""The networks that see people: where their weights lie, and what runs them.

Both are optional. Without them whatever needs them refuses, and says how to get them.
"""

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lumiku_contracts.errors import Permanent
from lumiku_studio.arrays import Floats

FOLDER: Final = Path(__file__).parent / "weights"
WEIGHTS: Final = {
    "pose_detection.tflite": (
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c"
    ),
    "pose_landmark_full.tflite": (
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f"
    ),
    "selfie_segmentation.tflite": (
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c"
    ),
}
"""File names and their SHA-256: MediaPipe's, Apache-2.0."""
LIBRARIES: Final = {"ai_edge_litert": "ai-edge-litert", "cv2": "opencv-python-headless"}
INSTALL: Final = 'pip install "lumiku-studio[photo]"'
FETCH: Final = "python -m lumiku_studio.photo.fetch"
CHECKOUT: Final = Path(__file__).resolve().parents[4]
"""Where the repository is, if this is not an installed package."""


def lacking() -> str | None:
    """What is missing and the command that brings it; None when all is there."""
    if (missing := _missing()) is None:
        return None
    return f"{missing}: {cure()}"


def _missing() -> str | None:
    missing = [name for module, name in LIBRARIES.items() if find_spec(module) is None]
    if missing:
        return f"{' and '.join(missing)} not installed"
    files = [name for name in WEIGHTS if not (FOLDER / name).is_file()]
    return f"{', '.join(files)} not fetched" if files else None


def cure() -> str:
    """The command that brings libraries and weights: `make photo` in a checkout."""
    ours = all((CHECKOUT / name).is_file() for name in ("Makefile", "workspace.txt"))
    return "make photo" if ours else f"{INSTALL} && {FETCH}"


def check() -> None:
    """Raise `Permanent` `photo-extra-missing` unless photographs can be read."""
    if (missing := _missing()) is not None:
        detail = f"This machine cannot read photographs yet: {missing}. Try: {cure()}."
        raise Permanent("photo-extra-missing", detail, fix=cure())


class Network:
    """One network: pictures in, arrays out."""

    def __init__(self, name: str) -> None:
        """Load weights whose content is the one we know; `Permanent` otherwise."""
        check()
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415  (extra)

        content = (FOLDER / name).read_bytes()
        if sha256(content).hexdigest() != WEIGHTS[name]:
            detail = f"{name} is not the file that was published."
            raise Permanent("photo-weights-changed", detail, fix=FETCH)
        self._run: Any = Interpreter(model_content=content, num_threads=1)
        self._run.allocate_tensors()
        (self._given,) = self._run.get_input_details()
        self._made = self._run.get_output_details()

    def __call__(self, picture: Floats) -> dict[str, Floats]:
        """Outputs by name for a picture (side x side x 3)."""
        self._run.set_tensor(self._given["index"], picture[None].astype("float32"))
        self._run.invoke()
        return {m["name"]: self._run.get_tensor(m["index"])[0] for m in self._made}


@cache
def network(name: str) -> Network:
    """A network, loaded once in each process."""
    return Network(name)
