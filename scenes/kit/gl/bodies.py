"""Surfaces with a name: torus, sphere, plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Colour
from scenes.kit.gl.surface import Surface
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
Vector = tuple[float, float, float] | FloatArray


def perpendicular(direction: Vector) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Unit vectors u, v and the direction's own, w, such that (u, v, w) is right-handed.

    Raises
    ------
    TopoError
        For the zero vector.
    """
    w = np.asarray(direction, dtype=np.float64)
    length = float(np.linalg.norm(w))
    if not length > 0:
        raise TopoError(f"direction {tuple(w.tolist())}: choose a vector that is not zero")
    w = w / length
    least = 2 - int(np.argmin(np.abs(w)[::-1]))  # of equal ones the last, so that z has u = x
    u = np.cross(np.eye(3)[least], w)
    u /= np.linalg.norm(u)
    return u, np.cross(w, u), w


class Torus(Surface):
    """The surface at distance ``tube`` from a circle.

    Parameters
    ----------
    radius, tube
        Of the circle, and of the tube around it.
    colour, opacity
        As for every shape.
    centre, axis
        Of the circle; it lies in the plane perpendicular to ``axis``.
    detail
        Vertices along the circle and around the tube.
    """

    def __init__(
        self,
        radius: float,
        tube: float,
        colour: Colour,
        opacity: float = 1.0,
        *,
        centre: Vector = (0.0, 0.0, 0.0),
        axis: Vector = (0.0, 0.0, 1.0),
        detail: tuple[int, int] = (192, 64),
    ) -> None:
        u, v, w = perpendicular(axis)
        a, b = (np.linspace(0, 2 * np.pi, n, endpoint=False) for n in detail)
        out = np.cos(a)[:, None] * u + np.sin(a)[:, None] * v
        ring = (radius + tube * np.cos(b))[None, :, None] * out[:, None]
        points = np.asarray(centre) + ring + (tube * np.sin(b))[None, :, None] * w
        super().__init__(points, colour, opacity, closed=(True, True))


class Sphere(Surface):
    """A sphere.

    Parameters
    ----------
    radius, centre
        In data units.
    colour, opacity
        As for every shape.
    detail
        Vertices around the z axis, and from pole to pole.
    """

    def __init__(
        self,
        radius: float,
        colour: Colour,
        opacity: float = 1.0,
        *,
        centre: Vector = (0.0, 0.0, 0.0),
        detail: tuple[int, int] = (64, 33),
    ) -> None:
        a = np.linspace(0, 2 * np.pi, detail[0], endpoint=False)[:, None]
        b = np.linspace(-np.pi / 2, np.pi / 2, detail[1])[None]
        across = np.cos(b) * np.ones_like(a)
        across[:, [0, -1]] = 0.0
        unit = np.stack([across * np.cos(a), across * np.sin(a), np.sin(b) + 0 * a], axis=-1)
        super().__init__(
            np.asarray(centre) + radius * unit, colour, opacity, closed=(True, False), solid=True
        )


class Plane(Surface):
    """A parallelogram, seen from both sides.

    Parameters
    ----------
    u, v
        From the middle to the middles of two neighbouring sides.
    colour, opacity
        As for every shape.
    centre
        Its middle.
    detail
        Cells along ``u`` and ``v``: two triangles do for a plane that stays flat.
    """

    def __init__(
        self,
        u: Vector,
        v: Vector,
        colour: Colour,
        opacity: float = 0.35,
        *,
        centre: Vector = (0.0, 0.0, 0.0),
        detail: tuple[int, int] = (1, 1),
    ) -> None:
        s, t = (np.linspace(-1, 1, n + 1) for n in detail)
        points = (
            np.asarray(centre)
            + s[:, None, None] * np.asarray(u, dtype=np.float64)
            + t[None, :, None] * np.asarray(v, dtype=np.float64)
        )
        super().__init__(points, colour, opacity)

    @classmethod
    def hyperplane(
        cls, weight: Vector, bias: float, reach: float, colour: Colour, opacity: float = 0.35
    ) -> Plane:
        """The square with corners at distance ``reach`` of the plane ``weight @ x + bias = 0``.

        Its middle is the point of the plane that is nearest to the origin.
        """
        u, v, w = perpendicular(weight)
        offset = -bias / float(np.linalg.norm(np.asarray(weight)))
        side = reach / np.sqrt(2)
        return cls(side * u, side * v, colour, opacity, centre=offset * w)
