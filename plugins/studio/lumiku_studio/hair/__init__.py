"""Hair and what covers it."""
