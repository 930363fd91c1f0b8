"""A path of matrices from the identity to a given one, invertible all the way.

The straight line ``(1 - t) I + t M`` is no such path: for many M of positive determinant it passes
through a singular matrix. The polar decomposition ``M = Q S`` gives one, with Q a rotation and S
symmetric positive definite::

    p(t) = exp(t log Q) ((1 - t) I + t S),    det p(t) = prod(1 - t + t s_i) > 0

Its singular values ``1 - t + t s_i`` stay between 1 and their targets. The logarithm is read off
the real Schur form, which also serves rotations by pi, where the principal logarithm of a matrix
does not exist (Higham, "Functions of Matrices", 2008, chapters 1 and 8).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

_EPS = float(np.finfo(np.float64).eps)
_TINY = float(np.finfo(np.float64).tiny)

#: Above this size a certified estimate is tried before the exact elimination.
_EXACT_SIZE = 8
#: Elimination of a larger matrix would take minutes.
_LARGEST_ELIMINATED = 100


def determinant_sign(matrix: FloatArray) -> int:
    """Sign of the determinant of the stored doubles, exactly: -1, 0 or 1.

    Parameters
    ----------
    matrix
        ``(n, n)``, finite. Above 8 x 8 an estimate with a rigorous error bound is tried first; only
        where that cannot decide is the matrix eliminated exactly, at a cost that grows faster than
        n cubed. Above 100 x 100 what the estimate cannot decide counts as 0.

    Raises
    ------
    TopoError
        When the matrix is not square and finite.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise TopoError(f"a matrix of shape {matrix.shape} has a determinant only if it is square and finite")
    if not (matrix.any(axis=0).all() and matrix.any(axis=1).all()):
        return 0
    clear = _clear_sign(matrix) if len(matrix) > _EXACT_SIZE else 0
    if clear or len(matrix) > _LARGEST_ELIMINATED:
        return clear
    return _eliminated_sign(matrix)


def _eliminated_sign(matrix: FloatArray) -> int:
    """Fraction-free elimination over the integers (Bareiss, 1968), rows scaled by powers of two."""
    rows = [_as_integers(row) for row in matrix.tolist()]
    n, sign, previous = len(rows), 1, 1
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            rows[k], rows[pivot], sign = rows[pivot], rows[k], -sign
        top, head = rows[k], rows[k][k]
        for i in range(k + 1, n):
            row, first = rows[i], rows[i][k]
            rows[i] = [(head * a - first * b) // previous for a, b in zip(row, top, strict=True)]
        previous = head
    return sign if previous > 0 else -sign


def _as_integers(row: list[float]) -> list[int]:
    ratios = [value.as_integer_ratio() for value in row]
    scale = max(denominator for _, denominator in ratios)  # all are powers of two
    return [numerator * (scale // denominator) for numerator, denominator in ratios]


def _clear_sign(matrix: FloatArray) -> int:
    """Sign of the determinant if rounding provably cannot change it, else 0.

    The computed triangular factors are those of a matrix ``M + F`` exactly, whose determinant has
    the sign of the diagonal and the permutation. With an approximate inverse R,
    ``|R M - I| + |R| |F| < 1`` in the norm of the largest row sum means that no ``M + s F`` with
    0 <= s <= 1 is singular, so that M has the same sign. The rounding of products is bounded by
    ``gamma |A| |B|`` (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.5);
    asking for 0.5 instead of 1 covers the rounding of the bound itself.
    """
    n, size = len(matrix), float(np.abs(matrix).max())
    if not 1e-100 < size < 1e100:  # keep clear of overflow and underflow
        return 0

    def norm(a: NDArray[np.floating[Any]]) -> float:
        return float(np.abs(a).sum(axis=1).max())

    with np.errstate(all="ignore"):
        try:
            inverse = np.linalg.inv(matrix)
        except np.linalg.LinAlgError:
            return 0
        order, lower, upper = scipy.linalg.lu(matrix, p_indices=True)
        gamma = 2 * n * _EPS
        residual = norm(lower[order] @ upper - matrix)
        residual += gamma * norm(np.abs(lower[order]) @ np.abs(upper))
        distance = norm(inverse @ matrix - np.eye(n))
        distance += gamma * norm(np.abs(inverse) @ np.abs(matrix))
        if not distance + norm(inverse) * residual < 0.5:
            return 0
    negative = np.count_nonzero(np.diag(upper) < 0) + _transpositions(order)
    return -1 if negative % 2 else 1


def _transpositions(order: NDArray[np.integer]) -> int:
    """How many transpositions make a permutation: its length minus its number of cycles."""
    seen, cycles = np.zeros(len(order), dtype=bool), 0
    for start in range(len(order)):
        cycles += not seen[start]
        i = start
        while not seen[i]:
            seen[i] = True
            i = int(order[i])
    return len(order) - cycles


def _turned(basis: FloatArray, target: FloatArray, mirrored: bool = False) -> FloatArray:
    """Rotate an orthonormal basis ``(d, k)`` inside its span, as close to ``target`` as can be.

    ``mirrored`` asks for the closest basis of the other orientation (Schönemann, 1966).
    """
    left, _, right = np.linalg.svd(basis.T @ target)
    if mirrored:
        left[:, -1] *= -1
    result: FloatArray = basis @ (left @ right)
    return result


def completed(weight: FloatArray) -> FloatArray:
    """The square matrix with which a layer acts on the larger of its two spaces.

    Parameters
    ----------
    weight
        ``(m, n)``. A square one is returned as it is.

    Returns
    -------
    ``(d, d)`` with ``d = max(m, n)``. Points are embedded as ``(x, 0)``. For ``m > n`` the added
    columns are an orthonormal basis of the complement of the column space: of those that make the
    determinant positive, the one that turns the added axes least. For ``m < n`` the added rows are
    0, and the matrix is singular.
    """
    m, n = weight.shape
    if m < n:
        return np.concatenate([weight, np.zeros((n - m, n))])
    if m == n:
        return weight.copy()
    complement = np.linalg.svd(weight)[0][:, n:]
    added = np.eye(m)[:, n:]
    matrix = np.concatenate([weight, _turned(complement, added)], axis=1)
    if determinant_sign(matrix) < 0:
        matrix[:, n:] = _turned(complement, added, mirrored=True)
    return matrix


@dataclass(frozen=True, eq=False)
class LinearPath:
    """The path ``p(t) = exp(t log Q) ((1 - t) I + t S)`` from the identity to ``target = Q S``.

    If the determinant is positive, every ``p(t)`` is invertible. If it is negative, Q is still a
    rotation and the smallest singular value counts as negative: the path collapses one direction
    once, on its way to mirroring it. If it is 0, the path is invertible until it ends.

    Parameters
    ----------
    target
        ``(d, d)``, finite.

    Raises
    ------
    TopoError
        When the matrix is not square and finite.
    """

    target: FloatArray
    #: Exact sign of the determinant of ``target``.
    sign: int = field(init=False)

    def __post_init__(self) -> None:
        target = np.array(self.target, dtype=np.float64)
        target.flags.writeable = False
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "sign", determinant_sign(target))

    @cached_property
    def _polar(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Rotation Q, signed singular values s and their directions V, where ``S = V s V'``."""
        left, s, right = np.linalg.svd(self.target)
        if self.sign != 0:
            s = np.maximum(s, _TINY)
            s[-1] *= self.sign
            if _is_mirror(left @ right):
                left[:, -1] *= -1
            return left @ right, s, right.T
        null = max(1, int(np.count_nonzero(s <= len(s) * _EPS * s[0])))
        s[-null:] = 0.0
        free, target = left[:, -null:].copy(), right[-null:].T  # here Q is free: turn the least
        left[:, -null:] = _turned(free, target)
        if _is_mirror(left @ right):
            left[:, -null:] = _turned(free, target, mirrored=True)
        return left @ right, s, right.T

    @cached_property
    def _planes(self) -> tuple[FloatArray, NDArray[np.intp], NDArray[np.intp], FloatArray]:
        """Axes Z of the rotation Q, and the pairs of them that it turns, with their angles."""
        form, axes = scipy.linalg.schur(self._polar[0], output="real")
        first, second, angles, reversed_axes = [], [], [], []
        i, d = 0, len(form)
        while i < d:
            if i + 1 < d and form[i + 1, i] != 0:
                first.append(i)
                second.append(i + 1)
                sine, cosine = form[i + 1, i] - form[i, i + 1], form[i, i] + form[i + 1, i + 1]
                angles.append(float(np.arctan2(sine, cosine)))
                i += 2
                continue
            if form[i, i] < 0:
                reversed_axes.append(i)
            i += 1
        first += reversed_axes[::2]  # an even number, for Q is a rotation: pairs turn by pi
        second += reversed_axes[1::2]
        angles += [np.pi] * (len(reversed_axes) // 2)
        return axes, np.array(first, np.intp), np.array(second, np.intp), np.array(angles)

    @property
    def singular_values(self) -> FloatArray:
        """Singular values of ``target``, largest first; the last has the determinant's sign."""
        return self._polar[1].copy()

    @property
    def angles(self) -> FloatArray:
        """Angles in radians, in (-pi, pi], by which Q turns its planes."""
        return self._planes[3].copy()

    def rotation(self, t: float) -> FloatArray:
        """``exp(t log Q)``, ``(d, d)``."""
        axes, i, j, angles = self._planes
        turn = np.eye(len(axes))
        turn[i, i] = turn[j, j] = np.cos(t * angles)
        turn[j, i] = np.sin(t * angles)
        turn[i, j] = -turn[j, i]
        result: FloatArray = axes @ turn @ axes.T
        return result

    def matrix(self, t: float) -> FloatArray:
        """``p(t)``, ``(d, d)``: the identity at t = 0 and ``target`` at t = 1, both exactly."""
        if t == 0:
            return np.eye(len(self.target))
        if t == 1:
            return self.target
        _, s, directions = self._polar
        result: FloatArray = self.rotation(t) @ (directions * (1 - t + t * s)) @ directions.T
        return result

    def determinant(self, t: float) -> float:
        """``det p(t) = prod(1 - t + t s_i)``."""
        return float(np.prod(1 - t + t * self._polar[1]))

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)`` by ``p(t)``."""
        return x @ np.ascontiguousarray(self.matrix(t).T)


def _is_mirror(orthogonal: FloatArray) -> bool:
    return bool(np.linalg.slogdet(orthogonal)[0] < 0)
