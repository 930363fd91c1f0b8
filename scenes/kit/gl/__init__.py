"""Surfaces, curves and points in space, drawn by OpenGL without a screen.

:class:`scenes.kit.space3d.Space3D` puts them into a scene.
"""
