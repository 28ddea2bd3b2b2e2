"""The camera, and the one door through which rays meet triangles."""
