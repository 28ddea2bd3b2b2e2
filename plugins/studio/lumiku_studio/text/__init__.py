"""From a sentence, English or Indonesian, to a pose: light, without arrays."""
