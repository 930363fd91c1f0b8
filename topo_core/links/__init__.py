"""Knots and links in space: by name, from files and from planar diagrams, and back to a diagram."""
