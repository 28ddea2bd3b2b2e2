"""Jobs: accepted, claimed, run, delivered, paid for."""
