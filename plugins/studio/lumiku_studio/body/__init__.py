"""The body: its template, its shape for an appearance, its face and skin."""
