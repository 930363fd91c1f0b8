"""Scenes that show any trace, also that of a network of your own: ``video NAME --trace FILE``."""
