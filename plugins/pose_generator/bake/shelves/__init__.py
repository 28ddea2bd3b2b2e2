"""The pose library as it is written: one file for each shelf, and their vocabulary.

`bake/poses.py` turns it into the package data that the plugin reads.
"""
