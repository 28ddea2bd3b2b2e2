"""Credits: double entry, append only."""
