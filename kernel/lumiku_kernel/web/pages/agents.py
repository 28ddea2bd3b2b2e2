"""What a browser calls itself, in words for people."""

from typing import Final

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
"""A word in the user agent, and the name; the first that fits, since many claim to be
each other."""
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """Such as “Chrome on Android”; the agent itself where it is unknown."""
    name = next((word for mark, word in BROWSERS if mark in agent), None)
    system = next((word for mark, word in SYSTEMS if mark in agent), None)
    if name is None:
        return agent or "An unnamed browser"
    return name if system is None else f"{name} on {system}"
