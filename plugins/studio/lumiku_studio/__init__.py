"""The studio: a provider that renders clothed people in poses, on a bare CPU."""
