"""Signs of determinants and ranks of matrices of doubles, exactly.

A double is a fraction whose denominator is a power of two, so a matrix of doubles is one of integers, up to a
factor above 0. Nothing here is rounded: floating point only proposes factors, whose fitness integers decide.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Rows = list[list[int]]

#: Up to this size a matrix is eliminated at once; above, factors are proposed first.
_SMALL = 8
#: Elimination of a larger matrix would take a minute and more.
LARGEST_ELIMINATED = 100
#: What may be eliminated: multiplications times about what each takes, of 80 bits in a 100 x 100 matrix.
_MOST_WORK = 100**3 * 8000**1.585
#: Bits of a matrix's integers beyond which no product of large matrices is formed.
_MOST_BITS = 1000


def integers(matrix: FloatArray) -> tuple[Rows, int]:
    """Rows of integers, and the scale above 0 by which they are the matrix's numbers times.

    Parameters
    ----------
    matrix
        ``(m, n)``, finite.
    """
    ratios = [[value.as_integer_ratio() for value in row] for row in matrix.tolist()]
    scale = max((below for row in ratios for _, below in row), default=1)  # all are powers of two
    return [[above * (scale // below) for above, below in row] for row in ratios], scale


def determinant_sign(matrix: FloatArray) -> int | None:
    """The sign of a determinant: -1, 0 or 1; None for a large matrix that is too close to singular to tell.

    Parameters
    ----------
    matrix
        ``(n, n)``, finite. Up to 100 x 100 the answer is never None, unless it is close to singular and its
        numbers are of very different sizes; a singular one of that size takes about 5 s.
    """
    n = len(matrix)
    proposed = _proposed_sign(matrix) if n > _SMALL else 0
    if proposed:
        return proposed
    if n > LARGEST_ELIMINATED:
        return None if matrix.any(axis=0).all() and matrix.any(axis=1).all() else 0
    found = _eliminated(matrix)
    return None if found is None else found[1]


def full_rank(matrix: FloatArray) -> bool | None:
    """Whether the rank is as large as the shape ``(m, n)`` allows; None if that is too large to tell."""
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else np.ascontiguousarray(matrix.T)
    m, n = tall.shape
    if m == n:
        sign = determinant_sign(tall)
        return None if sign is None else bool(sign)
    if n > _SMALL:
        rows = _independent_rows(tall)
        if rows is not None and _proposed_sign(tall[rows]):
            return True
    if n > LARGEST_ELIMINATED:
        return None
    found = _eliminated(tall)
    return None if found is None else found[0] == int(n)


def _eliminated(matrix: FloatArray) -> tuple[int, int] | None:
    """Rank and sign by elimination, or None if that takes too long: integers get n times as long."""
    rows = integers(matrix)[0]
    m, n = matrix.shape
    bits = n * max(abs(value).bit_length() for row in rows for value in row)
    return _eliminate(rows) if m * n * n * bits**1.585 <= _MOST_WORK else None  # Karatsuba


def _eliminate(rows: Rows) -> tuple[int, int]:
    """Rank, and the determinant's sign if it is a square's: fraction-free elimination (Bareiss, 1968)."""
    m, n = len(rows), len(rows[0])
    rank, sign, previous = 0, 1, 1
    for column in range(n):
        pivot = next((i for i in range(rank, m) if rows[i][column]), None)
        if pivot is None:
            continue
        if pivot != rank:
            rows[rank], rows[pivot], sign = rows[pivot], rows[rank], -sign
        top, head = rows[rank], rows[rank][column]
        for i in range(rank + 1, m):
            row, first = rows[i], rows[i][column]
            rows[i] = [(head * a - first * b) // previous for a, b in zip(row, top, strict=True)]
        previous, rank = head, rank + 1
        if rank == m:
            break
    regular = m == n == rank
    return rank, (sign if previous > 0 else -sign) if regular else 0


def _proposed_sign(matrix: FloatArray) -> int:
    """The sign of a determinant that is clearly not 0, else 0.

    Triangular X and Y are found in floating point such that ``X P M Y`` is nearly the identity, P a
    permutation. If, exactly, every row sum of ``|X P M Y - I|`` is below 1, then the determinant of that
    product is above 0, for no matrix on the straight way to I is singular. The signs of det X, det Y and
    det P are read off.
    """
    with np.errstate(all="ignore"):
        order, lower, upper = _factors(matrix)
        x, y = _triangular_inverse(lower), _triangular_inverse(upper.T).T
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return 0
    parts = [integers(part) for part in (x, matrix[order], y)]
    if sum(scale.bit_length() for _, scale in parts) > _MOST_BITS:
        return 0
    first, middle, last = (np.array(rows, dtype=object) for rows, _ in parts)
    product = first.dot(middle).dot(last)
    one = math.prod(scale for _, scale in parts)
    off: Any = abs(product - one * np.array(np.eye(len(matrix)).astype(int), dtype=object))
    if not all(total < one for total in off.sum(axis=1)):
        return 0
    negative = int(np.count_nonzero(np.diag(x) < 0) + np.count_nonzero(np.diag(y) < 0))
    return -1 if (negative + _transpositions(order)) % 2 else 1


def _factors(matrix: FloatArray) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """An order of rows, and triangular L and U with ``M[order]`` about ``L U``: Gaussian elimination."""
    n = len(matrix)
    order, work = np.arange(n), matrix.copy()
    for k in range(n):
        pivot = k + int(np.abs(work[k:, k]).argmax())
        if pivot != k:
            order[[k, pivot]], work[[k, pivot]] = order[[pivot, k]], work[[pivot, k]]
        work[k + 1 :, k] /= work[k, k]
        work[k + 1 :, k + 1 :] -= np.outer(work[k + 1 :, k], work[k, k + 1 :])
    return order, np.tril(work, -1) + np.eye(n), np.triu(work)


def _triangular_inverse(lower: FloatArray) -> FloatArray:
    """About the inverse of a lower triangular matrix; exactly lower triangular."""
    n = len(lower)
    result = np.zeros((n, n))
    for k in range(n):
        row = -lower[k, :k] @ result[:k]
        row[k] += 1
        result[k] = row / lower[k, k]
    return np.tril(result)


def _independent_rows(tall: FloatArray) -> NDArray[np.intp] | None:
    """As many rows as there are columns that look independent: those that elimination picks."""
    work, left = tall.copy(), np.arange(len(tall))
    chosen: list[int] = []
    with np.errstate(all="ignore"):
        for column in range(tall.shape[1]):
            pivot = int(left[np.abs(work[left, column]).argmax()])
            if work[pivot, column] == 0:
                return None
            chosen.append(pivot)
            left = left[left != pivot]
            work[left] -= np.outer(work[left, column] / work[pivot, column], work[pivot])
    return np.array(chosen, dtype=np.intp)


def _transpositions(order: NDArray[np.intp]) -> int:
    """How many transpositions make a permutation: its length less the number of its cycles."""
    cycles, seen = 0, set[int]()
    for start in range(len(order)):
        cycles += start not in seen
        i = start
        while i not in seen:
            seen.add(i)
            i = int(order[i])
    return len(order) - cycles
