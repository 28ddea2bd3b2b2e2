"""From what rays meet to light on a film."""
