"""Manim scenes that show what the layers of a network do to space. They read traces and never train."""
