"""The host: finds plugins, shows them to viewers, runs their jobs."""
