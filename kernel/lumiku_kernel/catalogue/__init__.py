"""Models and seeds: what plugins declare, as the database has it."""
