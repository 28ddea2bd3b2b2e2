"""What happened when the incident was replayed."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """One of the seven, as it was broken, named and mended."""

    name: str
    code: str
    cause: str
    fix: str
    seconds: float
    mended: bool


@dataclass
class Story:
    """What has happened."""

    links: list[Link] = field(default_factory=list)
    ready: bool = False
    asked: int = 0
    failed: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    seen: bool = False
    made: str = ""
    verified: bool = False
