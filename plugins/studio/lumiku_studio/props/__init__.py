"""Things that stand beside the person or are held."""
