"""The pages: server-rendered, small scripts."""
