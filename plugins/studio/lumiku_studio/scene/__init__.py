"""The scene: the dressed and posed person, and what is around them."""
