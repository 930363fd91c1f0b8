"""Where space is seen from: Manim's angles and its perspective, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

DEGREE = float(np.pi / 180)


def _about_z(angle: float) -> FloatArray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _about_x(angle: float) -> FloatArray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])


@dataclass(frozen=True)
class Camera3D:
    """A viewpoint, in the conventions of Manim's ``ThreeDCamera``.

    Attributes
    ----------
    phi, theta
        Polar angle from the z axis to the eye, and azimuth of the eye about it, in radians.
    gamma
        Turn of the picture about the line of sight, in radians.
    zoom
        Magnification.
    focal_distance
        From the eye to the plane through ``centre`` on which a unit is ``zoom`` Manim units long;
        ``inf`` is a view without perspective.
    centre
        The point in the middle of the picture.

    Raises
    ------
    TopoError
        For a zoom or a focal distance that is not positive.
    """

    phi: float = 65 * DEGREE
    theta: float = -60 * DEGREE
    gamma: float = 0.0
    zoom: float = 1.0
    focal_distance: float = 20.0
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        if not self.zoom > 0:
            raise TopoError(f"camera zoom {self.zoom}: choose a positive number")
        if not self.focal_distance > 0:
            raise TopoError(f"camera focal_distance {self.focal_distance}: choose a positive number, or inf")

    @cached_property
    def rotation(self) -> FloatArray:
        """The rotation ``(3, 3)`` to the eye's axes: right, up, towards the eye."""
        return _about_z(self.gamma) @ _about_x(-self.phi) @ _about_z(-self.theta - np.pi / 2)

    @property
    def nearness(self) -> float:
        """One over the focal distance: 0 for a view without perspective."""
        return 1.0 / self.focal_distance

    def view(self, points: FloatArray) -> FloatArray:
        """Points ``(..., 3)`` in the eye's axes, relative to ``centre``."""
        turned: FloatArray = (points - np.asarray(self.centre)) @ self.rotation.T
        return turned

    def project(self, points: FloatArray) -> FloatArray:
        """Points ``(..., 3)`` in the picture: x and y in Manim units from its middle, and z towards the eye.

        What is behind the eye goes far away, as in Manim.
        """
        seen = self.view(points)
        w = 1 - seen[..., 2:] * self.nearness
        factor = np.where(w < 0, 1e6, 1 / np.where(w == 0, 1e-300, w))
        seen[..., :2] *= self.zoom * factor
        return seen

    def moved(self, **changes: float | tuple[float, float, float]) -> Camera3D:
        """The same viewpoint but for the given attributes.

        Raises
        ------
        TopoError
            For an attribute that a camera does not have.
        """
        known = [f.name for f in fields(self)]
        for name in changes:
            if name not in known:
                raise TopoError(f"camera {name!r}: a camera has {', '.join(known)}")
        return replace(self, **changes)  # type: ignore[arg-type]

    def framing(self, points: Sequence[FloatArray], half: float) -> Camera3D:
        """The camera that has points ``(n, 3)`` in the middle, their ball ``half`` Manim units in radius."""
        low = np.min([p.min(axis=0) for p in points], axis=0)
        high = np.max([p.max(axis=0) for p in points], axis=0)
        centre = (low + high) / 2
        radius = max(max(float(((p - centre) ** 2).sum(axis=1).max()) for p in points) ** 0.5, 1e-9)
        foreshortened = 1 - min(radius * self.nearness, 0.95) ** 2
        x, y, z = centre.tolist()
        return replace(self, centre=(x, y, z), zoom=half * foreshortened**0.5 / radius)

    def between(self, other: Camera3D, share: float) -> Camera3D:
        """The viewpoint at a share of the way to another: angles and centre evenly, sizes by ratios."""
        if share <= 0 or share >= 1:
            return self if share <= 0 else other

        def even(a: float, b: float) -> float:
            return (1 - share) * a + share * b

        x, y, z = ((1 - share) * np.array(self.centre) + share * np.array(other.centre)).tolist()
        return Camera3D(
            even(self.phi, other.phi),
            even(self.theta, other.theta),
            even(self.gamma, other.gamma),
            float(self.zoom ** (1 - share) * other.zoom**share),
            1 / max(even(self.nearness, other.nearness), 1e-300),
            (x, y, z),
        )
