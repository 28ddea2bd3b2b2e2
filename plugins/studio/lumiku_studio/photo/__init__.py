"""From a photograph to a pose of ours; needs the extra `photo` and its weights."""
