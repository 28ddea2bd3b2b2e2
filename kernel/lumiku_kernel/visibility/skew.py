"""Which versions of a plugin may work together: those one minor release apart."""

from packaging.version import InvalidVersion, Version


def together(one: str | None, other: str | None) -> bool:
    """Whether a worker process of one version may run what the other has accepted."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    try:
        ours, theirs = Version(one), Version(other)
    except InvalidVersion:
        return False
    return ours.major == theirs.major and abs(ours.minor - theirs.minor) <= 1
