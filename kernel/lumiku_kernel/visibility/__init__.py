"""Who sees which app, and why: facts in, verdict out."""
