"""The icons and colours there are."""

import re
from pathlib import Path

_ICONS = Path(__file__).parent.parent / "web" / "static" / "icons.svg"
ICONS = frozenset(re.findall(r'id="([a-z-]+)"', _ICONS.read_text()))
COLOURS = frozenset(
    {"slate", "indigo", "purple", "blue", "teal", "green", "amber", "orange"}
    | {"red", "pink"}
)
