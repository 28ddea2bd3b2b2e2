"""Figures of one run on one machine: printed, never judged."""
