"""Figures that are there to be made: the stills of the essay, strips, and small multiples."""
