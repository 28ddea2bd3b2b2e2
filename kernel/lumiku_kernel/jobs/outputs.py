"""What a worker's function has made, looked at before anybody is shown it.

What it says of a picture is not believed: the picture is asked.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from lumiku_contracts import Output, Permanent, Result
from lumiku_kernel.jobs.wire import MOST_OUTPUTS
from lumiku_kernel.pictures import NotAPicture, seen

LONGEST_RESULT = 64 * 1024
KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")


class Spoilt(Exception):
    """An output is not what it says; `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def sorted_out(made: Any, folder: Path, stem: str, most: int) -> dict[str, Any]:
    """What `run` returned as JSON, its files laid in `folder`, `most` bytes each."""
    outputs = (made,) if isinstance(made, Output | Result) else tuple(made)
    result = next((one for one in outputs if isinstance(one, Result)), None)
    files = [one for one in outputs if isinstance(one, Output)]
    if len(files) > MOST_OUTPUTS:
        raise Spoilt("output-too-many", f"An item makes at most {MOST_OUTPUTS} files.")
    told = [dict(result.data) if result else {}, *(dict(one.meta) for one in files)]
    if max(len(json.dumps(each, allow_nan=False)) for each in told) > LONGEST_RESULT:
        raise Permanent("result-too-large", "A result has at most 64 KiB.")
    looked = [(one, _sizes(one, most)) for one in files]
    return {
        "outputs": [
            lay_down(output, sizes, folder, f"{stem}-{position}")
            for position, (output, sizes) in enumerate(looked)
        ],
        "result": dict(result.data) if result else None,
    }


def _sizes(output: Output, most: int) -> tuple[int | None, int | None]:
    """Width and height in pixels, or `Spoilt`."""
    if not isinstance(output.content, bytes):
        raise Spoilt("output-not-as-declared", "An output's content is bytes.")
    if len(output.content) > most:
        raise Spoilt("output-too-large", f"A file has at most {most} bytes.")
    if not KIND.fullmatch(output.kind) or not MEDIA_TYPE.fullmatch(output.media_type):
        raise Spoilt("output-not-as-declared", "An output has a kind and a media type.")
    if not output.media_type.startswith("image/"):
        return output.width, output.height
    try:
        picture = seen(output.content)
    except NotAPicture as error:
        code = "output-truncated" if error.truncated else "output-not-as-declared"
        raise Spoilt(code, f"This is no whole {output.media_type}: {error}") from error
    if picture.media_type != output.media_type:
        detail = f"It is called {output.media_type} and is {picture.media_type}."
        raise Spoilt("output-not-as-declared", detail)
    return picture.width, picture.height


def lay_down(
    output: Output, sizes: tuple[int | None, int | None], folder: Path, name: str
) -> dict[str, Any]:
    """Write one output durably to `folder`; what the supervisor needs to know of it."""
    path = folder / name
    with path.open("wb") as file:
        file.write(output.content)
        file.flush()
        os.fsync(file.fileno())
    return {
        "file": name,
        "kind": output.kind,
        "media_type": output.media_type,
        "sha256": hashlib.sha256(output.content).hexdigest(),
        "size": len(output.content),
        "width": sizes[0],
        "height": sizes[1],
        "meta": dict(output.meta),
    }
