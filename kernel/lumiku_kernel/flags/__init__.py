"""Flags: the author's default, the operator's override."""
