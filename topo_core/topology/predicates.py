"""Signs of determinants of coordinate differences, exactly.

Floating point decides where it provably can, with the error bounds of Shewchuk, "Adaptive precision
floating-point arithmetic and fast robust geometric predicates", 1997; rational arithmetic decides the rest.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Signs = NDArray[np.int8]

_EPS = np.finfo(np.float64).eps / 2
#: Bounds on the rounding error of the determinants, relative to the sum of their terms' magnitudes.
_FILTER_2 = (3 + 16 * _EPS) * _EPS
_FILTER_3 = (7 + 56 * _EPS) * _EPS
#: Sums below this may have lost digits to underflow, which the bounds do not cover.
_SMALLEST = 1e-280


def orientation_2d(a: FloatArray, b: FloatArray, c: FloatArray) -> Signs:
    """Sign of ``det(a - c, b - c)``: 1 where c is on the left of the line from a to b.

    Parameters
    ----------
    a, b, c
        Finite points ``(n, 2)``.

    Returns
    -------
    ``(n,)`` of -1, 0 and 1.
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        p, q = (a - c).T, (b - c).T
        left, right = p[0] * q[1], p[1] * q[0]
        value, size = left - right, np.abs(left) + np.abs(right)
        sure = (np.abs(value) > _FILTER_2 * size) & (size > _SMALLEST) & np.isfinite(size)
    # A difference of doubles is 0 only if they are equal, and then the products are 0 exactly.
    zero = ((p[0] == 0) | (q[1] == 0)) & ((p[1] == 0) | (q[0] == 0))
    signs = np.where(sure & ~zero, np.sign(value), 0).astype(np.int8)
    for k in np.flatnonzero(~sure & ~zero):
        (ax, ay), (bx, by), (cx, cy) = (exact(points[k]) for points in (a, b, c))
        signs[k] = _sign((ax - cx) * (by - cy) - (ay - cy) * (bx - cx))
    return signs


def orientation_3d(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Signs:
    """Sign of ``det(a - d, b - d, c - d)``; 0 where the four points lie in a plane.

    Parameters
    ----------
    a, b, c, d
        Finite points ``(n, 3)``.

    Returns
    -------
    ``(n,)`` of -1, 0 and 1.
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        p, q, r = (a - d).T, (b - d).T, (c - d).T
        value, size = np.zeros(len(a)), np.zeros(len(a))
        flat = np.ones(len(a), dtype=bool)
        for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
            left, right = q[i] * r[j], q[j] * r[i]
            value += p[k] * (left - right)
            size += np.abs(p[k]) * (np.abs(left) + np.abs(right))
            minor = ((q[i] == 0) | (r[j] == 0)) & ((q[j] == 0) | (r[i] == 0))
            flat &= (p[k] == 0) | minor
        sure = (np.abs(value) > _FILTER_3 * size) & (size > _SMALLEST) & np.isfinite(size)
    signs = np.where(sure & ~flat, np.sign(value), 0).astype(np.int8)
    for n in np.flatnonzero(~sure & ~flat):
        x, y, z, o = (exact(points[n]) for points in (a, b, c, d))
        u, v, w = ([s - t for s, t in zip(point, o, strict=True)] for point in (x, y, z))
        signs[n] = _sign(dot(u, cross(v, w)))
    return signs


Vector = list[Fraction]


def exact(point: FloatArray) -> Vector:
    """The coordinates as rational numbers."""
    return [Fraction(float(x)) for x in point]


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def dot(u: Vector, v: Vector) -> Fraction:
    """The scalar product."""
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def cross(u: Vector, v: Vector) -> Vector:
    """The vector product in space."""
    return [u[i] * v[j] - u[j] * v[i] for i, j in ((1, 2), (2, 0), (0, 1))]


def segments_meet(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> bool:
    """Whether the segments from a to b and from c to d, ends included, share a point of space, exactly.

    Parameters
    ----------
    a, b, c, d
        Finite points ``(3,)``; a segment may be a single point.
    """
    p, q = exact(a), exact(c)
    u = [y - x for x, y in zip(p, exact(b), strict=True)]
    v = [y - x for x, y in zip(q, exact(d), strict=True)]
    w = [y - x for x, y in zip(p, q, strict=True)]
    normal = cross(u, v)
    size = dot(normal, normal)
    if size:
        s, t = dot(cross(w, v), normal), dot(cross(w, u), normal)
        return dot(w, normal) == 0 and 0 <= s <= size and 0 <= t <= size
    along = u if any(u) else v
    if not any(along):
        return not any(w)
    if any(cross(w, along)):
        return False
    first = sorted((Fraction(0), dot(u, along)))
    second = sorted((dot(w, along), dot(w, along) + dot(v, along)))
    return first[0] <= second[1] and second[0] <= first[1]
