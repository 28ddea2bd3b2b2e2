"""Runs this plugin's migrations on the kernel's connection."""

from lumiku_contracts.tables import migrate

migrate()
