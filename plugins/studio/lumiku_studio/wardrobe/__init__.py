"""The wardrobe: what is worn, and what may not be drawn."""
