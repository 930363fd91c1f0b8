"""Whether a linear system has a solution without negative numbers, exactly, with a proof either way.

The simplex method of Dantzig in rational arithmetic, with the rule of Bland, "New finite pivoting rules for
the simplex method", 1977, under which it always ends. Meant for a few rows and some dozens of columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Vector = Sequence[Fraction]


@dataclass(frozen=True)
class Solution:
    """Numbers ``x >= 0`` with ``A x = b``, at most as many of them positive as there are rows.

    Attributes
    ----------
    positive
        Those above 0 by their column.
    """

    positive: dict[int, Fraction]


@dataclass(frozen=True)
class Refusal:
    """Why there is no solution (Farkas): ``y A <= 0`` in every column, but ``y b > 0``.

    Attributes
    ----------
    multipliers
        y, one number a row.
    """

    multipliers: tuple[Fraction, ...]


def solve(columns: Sequence[Vector], right: Vector) -> Solution | Refusal:
    """Decide ``A x = b, x >= 0`` for a matrix of columns, each ``(m,)``, and ``b >= 0``, ``(m,)``."""
    m, n = len(right), len(columns)
    zero, one = Fraction(0), Fraction(1)
    rows = [
        [*(column[i] for column in columns), *(one if k == i else zero for k in range(m)), right[i]]
        for i in range(m)
    ]
    # Minimise the sum of one artificial number a row: its reduced costs, and minus its value.
    costs = [-sum((row[j] for row in rows), zero) for j in range(n + m + 1)]
    for k in range(m):
        costs[n + k] = zero
    basis = [n + i for i in range(m)]
    while (entering := next((j for j in range(n) if costs[j] < 0), None)) is not None:
        ratios = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(rows) if row[entering] > 0]
        _, _, leaving = min(ratios)  # the sum of numbers that are not negative is bounded: there is one
        basis[leaving] = entering
        pivot = rows[leaving][entering]
        rows[leaving] = [value / pivot for value in rows[leaving]]
        for row in (*(row for i, row in enumerate(rows) if i != leaving), costs):
            factor = row[entering]
            if factor:
                row[:] = [a - factor * b for a, b in zip(row, rows[leaving], strict=True)]
    if costs[-1] == 0:
        values = zip(basis, (row[-1] for row in rows), strict=True)
        return Solution({j: value for j, value in values if j < n and value > 0})
    return Refusal(tuple(one - costs[n + k] for k in range(m)))
