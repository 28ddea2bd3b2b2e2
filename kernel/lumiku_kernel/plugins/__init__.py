"""Plugins: found, checked, kept in a snapshot."""

from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.registry import Registry, load

__all__ = ["Loaded", "Registry", "load"]
