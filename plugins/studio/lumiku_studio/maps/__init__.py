"""Control maps."""
